// What vector has this text, without a model run? The normalised sum of one learned row per
// WordPiece token: the built-in embedder, distilled from a sentence model by scripts/distill.
//
//   offset  size  field (little-endian)
//        0     8  "CorsacSM"
//        8     4  version, 1
//       12     4  dimension d, even, 2 to 8192
//       16     4  token count n
//       20     4  vocabulary bytes v
//       24     4  hybrid weight, f32 in 0 to 1
//       28     4  zero
//       32     v  vocabulary: see vocabulary.h
//     32+v   4·n  scales: see token_table.h
//      ...  n·d/2 rows
//      ...    16  XXH3-128 of everything before, low half first
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "embed/token_table.h"
#include "embed/vocabulary.h"

namespace corsac::embed {

class StaticModel {
 public:
  /// Copies what it needs: `bytes` may go afterwards.
  /// Fails with: UnsupportedFormat for a newer version; Corrupt when the bytes are no static model
  /// or are damaged.
  static Result<StaticModel> load(ByteView bytes);

  std::uint32_t dimension() const noexcept { return table_.dimension(); }
  /// Names the model, e.g. "static-1-256-0123456789abcdef0123456789abcdef": the same text gives the
  /// same vector for as long as this is the same.
  const std::string& fingerprint() const noexcept { return fingerprint_; }
  /// The share of the vector side in a weighted hybrid, as tuned for this model.
  float hybrid_weight() const noexcept { return hybrid_weight_; }

  /// The token numbers of `text`, kUnknownToken where a word cannot be covered.
  std::vector<Token> tokenize(std::string_view text) const;
  const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

  /// Writes the vector of one text: unit length, or all zeros when no token of it is known.
  /// The same bits natively and in wasm. Requires: out.size() == dimension().
  void embed(std::string_view utf8, std::span<float> out) const;

 private:
  Vocabulary vocabulary_;
  TokenTable table_;
  std::string fingerprint_;
  float hybrid_weight_ = 0;
};

}  // namespace corsac::embed
