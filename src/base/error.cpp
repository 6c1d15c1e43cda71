#include "base/error.h"

namespace corsac {

std::string_view name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::InvalidArgument: return "invalid_argument";
    case ErrorCode::DimensionMismatch: return "dimension_mismatch";
    case ErrorCode::AlreadyExists: return "already_exists";
    case ErrorCode::NotFound: return "not_found";
    case ErrorCode::InvalidFilter: return "invalid_filter";
    case ErrorCode::InvalidQuery: return "invalid_query";
    case ErrorCode::Corrupt: return "corrupt";
    case ErrorCode::DataLoss: return "data_loss";
    case ErrorCode::UnsupportedFormat: return "unsupported_format";
    case ErrorCode::OutOfMemory: return "out_of_memory";
  }
  return "corrupt";
}

}  // namespace corsac
