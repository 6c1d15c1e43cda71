// How sq8 codes are stored, and what is checked before a stored code is scored: the kernels rely on
// seven bits, and a header that is no number would put NaN into a ranking.

#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "codec/sq8_codes.h"

namespace corsac::codec {
namespace {

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "sq8 codes: " + std::move(what)}; }

/// Copies a section of `count` rows of `row_bytes` into `out`.
template <class T>
Status read_rows(ByteView bytes, std::size_t count, std::size_t row_bytes,
                 math::AlignedVector<T>& out) {
  if (bytes.size() / row_bytes != count || bytes.size() % row_bytes != 0) {
    return corrupt(std::to_string(bytes.size()) + " bytes, expected " + std::to_string(count) +
                   " rows of " + std::to_string(row_bytes));
  }
  out.resize(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return Done{};
}

}  // namespace

void Sq8Codes::save(SectionSink& sink) {
  sink.append(section_, std::as_bytes(std::span(sevens_).subspan(saved_ * dimension_)));
  sink.append(SectionId::CodePlanes,
              std::as_bytes(std::span(planes_).subspan(saved_ * plane_bytes())));
  sink.append(SectionId::CodeHeaders, std::as_bytes(std::span(headers_).subspan(saved_)));
  saved_ = size();
}

Status Sq8Codes::load(const SectionSource& source, std::size_t count) {
  Status read = read_rows(source.section(section_), count, dimension_, sevens_);
  if (read) read = read_rows(source.section(SectionId::CodePlanes), count, plane_bytes(), planes_);
  if (read)
    read = read_rows(source.section(SectionId::CodeHeaders), count, sizeof(Sq8Header), headers_);
  if (read) read = check();
  saved_ = count;
  return read;
}

Status Sq8Codes::check() const {
  std::uint8_t all = 0;
  for (const std::uint8_t seven : sevens_) all = static_cast<std::uint8_t>(all | seven);
  if (all > 127) return corrupt("a code of more than seven bits");
  for (std::size_t slot = 0; slot < size(); ++slot) {
    const Sq8Header& header = headers_[slot];
    if (!std::isfinite(header.scale) || !std::isfinite(header.offset) ||
        !std::isfinite(header.norm) || header.scale < 0 || header.norm < 0) {
      return corrupt("the header of vector " + std::to_string(slot) + " is damaged");
    }
    const std::uint8_t* const sevens = sevens_.data() + slot * dimension_;
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < dimension_; ++i) sum += sevens[i];
    if (sum != header.sum_sevens) {
      return corrupt("vector " + std::to_string(slot) + " adds up to " + std::to_string(sum) +
                     ", its header says " + std::to_string(header.sum_sevens));
    }
    const std::uint8_t last = planes_[(slot + 1) * plane_bytes() - 1];
    if (dimension_ % 8 != 0 && last >> (dimension_ % 8) != 0) {
      return corrupt("the plane of vector " + std::to_string(slot) + " is damaged");
    }
  }
  return Done{};
}

}  // namespace corsac::codec
