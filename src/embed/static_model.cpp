#include "embed/static_model.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/checksum.h"
#include "base/types.h"
#include "embed/bert_text.h"
#include "math/normalise.h"

namespace corsac::embed {
namespace {

constexpr std::string_view kMagic = "CorsacSM";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 16;

struct Header {
  std::uint32_t dimension;
  std::uint32_t token_count;
  std::uint32_t vocabulary_bytes;
  float hybrid_weight;
};

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "static model: " + std::move(what)}; }

void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 0xF];
}

Result<Header> read_header(ByteReader& reader) {
  if (as_text(reader.take(kMagic.size())) != kMagic)
    return corrupt("the first bytes are not " + std::string(kMagic));
  const auto version = reader.get<std::uint32_t>();
  if (reader.ok() && version > kVersion) {
    return Error{ErrorCode::UnsupportedFormat, "static model: version " + std::to_string(version) +
                                                   " is newer than " + std::to_string(kVersion)};
  }
  Header header{};
  header.dimension = reader.get<std::uint32_t>();
  header.token_count = reader.get<std::uint32_t>();
  header.vocabulary_bytes = reader.get<std::uint32_t>();
  header.hybrid_weight = reader.get<float>();
  const auto zero = reader.get<std::uint32_t>();
  if (!reader.ok() || version == 0 || zero != 0) return corrupt("the header is damaged");
  if (header.dimension < 2 || header.dimension > kMaxDimension || header.dimension % 2 != 0) {
    return corrupt("dimension " + std::to_string(header.dimension) +
                   " is not an even number from 2 to 8192");
  }
  if (!(header.hybrid_weight >= 0 && header.hybrid_weight <= 1))
    return corrupt("the hybrid weight is not in 0 to 1");
  return header;
}

}  // namespace

Result<StaticModel> StaticModel::load(ByteView bytes) {
  ByteReader reader(bytes);
  auto header = read_header(reader);
  if (!header) return header.error();
  if (bytes.size() < kChecksumBytes) return corrupt("it is cut short");

  const Checksum128 actual = checksum128(bytes.first(bytes.size() - kChecksumBytes));
  ByteReader trailer(bytes.last(kChecksumBytes));
  const Checksum128 stored{.low = trailer.get<std::uint64_t>(),
                           .high = trailer.get<std::uint64_t>()};
  if (actual != stored) return corrupt("the checksum differs");

  const ByteView words = reader.take(header->vocabulary_bytes);
  if (reader.remaining() < kChecksumBytes) return corrupt("the vocabulary is cut short");
  auto vocabulary = Vocabulary::load(words, header->token_count);
  if (!vocabulary) return vocabulary.error();
  auto table = TokenTable::load(reader.take(reader.remaining() - kChecksumBytes),
                                header->token_count, header->dimension);
  if (!table) return table.error();

  StaticModel out;
  out.vocabulary_ = *std::move(vocabulary);
  out.table_ = *std::move(table);
  out.hybrid_weight_ = header->hybrid_weight;
  out.fingerprint_ =
      "static-" + std::to_string(kVersion) + "-" + std::to_string(header->dimension) + "-";
  append_hex(out.fingerprint_, stored.high);
  append_hex(out.fingerprint_, stored.low);
  return out;
}

std::vector<Token> StaticModel::tokenize(std::string_view text) const {
  std::string words;
  split_bert_words(text, words);
  std::vector<Token> tokens;
  for (std::size_t start = 0; start < words.size();) {
    const std::size_t end = words.find(' ', start);
    vocabulary_.append_pieces(std::string_view(words).substr(start, end - start), tokens);
    start = end + 1;
  }
  return tokens;
}

void StaticModel::embed(std::string_view utf8, std::span<float> out) const {
  assert(out.size() == dimension());
  std::fill(out.begin(), out.end(), 0.0f);
  for (const Token token : tokenize(utf8)) {
    if (token != kUnknownToken) table_.add_row(token, out);
  }
  math::normalise(out, out);
}

}  // namespace corsac::embed
