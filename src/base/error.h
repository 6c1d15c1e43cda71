// What can go wrong, as values. Programmer mistakes are asserts and never appear here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace corsac {

/// Why an operation failed; each code is a different reaction. Names cross the wasm boundary;
/// numbers never do. js/errors.ts holds the same names; a test compares them.
enum class ErrorCode : std::uint8_t {
  InvalidArgument,    ///< The caller can fix the call.
  DimensionMismatch,  ///< A vector's length differs from the collection's.
  AlreadyExists,      ///< A document or collection has this name.
  NotFound,           ///< Nothing has this name.
  InvalidFilter,      ///< The filter cannot be understood.
  InvalidQuery,       ///< The text query cannot be understood, or the collection cannot answer it.
  Corrupt,            ///< Stored bytes fail a checksum or a bound; the data is suspect.
  DataLoss,           ///< Data that was acknowledged is missing.
  UnsupportedFormat,  ///< Valid bytes from a newer version of this library.
  OutOfMemory,        ///< The operation would pass the memory allowed.
};

inline constexpr ErrorCode kAllErrorCodes[] = {
    ErrorCode::InvalidArgument, ErrorCode::DimensionMismatch, ErrorCode::AlreadyExists,
    ErrorCode::NotFound,        ErrorCode::InvalidFilter,     ErrorCode::InvalidQuery,
    ErrorCode::Corrupt,         ErrorCode::DataLoss,          ErrorCode::UnsupportedFormat,
    ErrorCode::OutOfMemory};

/// The stable spelling used in JavaScript, e.g. `"dimension_mismatch"`.
[[nodiscard]] std::string_view name(ErrorCode code) noexcept;

struct Error {
  ErrorCode code;
  std::string message;  ///< One sentence with the offending values; no trailing period.
};

}  // namespace corsac
