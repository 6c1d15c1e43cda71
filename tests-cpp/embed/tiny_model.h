// A static model small enough to check by hand, written by the layout that src/embed/static_model.h
// draws.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/checksum.h"

namespace corsac::test {

struct TinyModel {
  std::uint32_t version = 1;
  std::uint32_t dimension = 4;
  float hybrid_weight = 0.25f;
  /// Ascending. Continuations carry "##".
  std::vector<std::string> tokens = {"!", "##ing", "##s", "den", "fox", "run", "é", "狐"};
  /// One scale per token; the rows are numbered from them: number j of token t is (5 t + 3 j) mod
  /// 15 - 7.
  std::vector<float> scales = {0.5f, 0.25f, 1, 1, 2, 1, 1, 1};

  int level(std::size_t token, std::size_t j) const {
    return static_cast<int>((5 * token + 3 * j) % 15) - 7;
  }
};

inline Bytes front_coded(const std::vector<std::string>& tokens) {
  ByteWriter out;
  std::string previous;
  for (const std::string& token : tokens) {
    const auto shared = static_cast<std::size_t>(
        std::mismatch(token.begin(), token.end(), previous.begin(), previous.end()).first -
        token.begin());
    out.put(static_cast<std::uint8_t>(shared));
    out.put(static_cast<std::uint8_t>(token.size() - shared));
    out.append(as_byte_view(std::string_view(token).substr(shared)));
    previous = token;
  }
  return std::move(out).take();
}

/// Appends the checksum that a file ends with.
inline Bytes sealed(Bytes body) {
  const Checksum128 sum = checksum128(body);
  ByteWriter out;
  out.append(body);
  out.put(sum.low);
  out.put(sum.high);
  return std::move(out).take();
}

/// The file without its checksum.
inline Bytes body_of(const TinyModel& model) {
  const Bytes vocabulary = front_coded(model.tokens);
  ByteWriter out;
  out.append(as_byte_view("CorsacSM"));
  out.put(model.version);
  out.put(model.dimension);
  out.put(static_cast<std::uint32_t>(model.tokens.size()));
  out.put(static_cast<std::uint32_t>(vocabulary.size()));
  out.put(model.hybrid_weight);
  out.put(std::uint32_t{0});
  out.append(vocabulary);
  out.put_all(std::span<const float>(model.scales));
  const std::size_t half = model.dimension / 2;
  for (std::size_t token = 0; token < model.tokens.size(); ++token) {
    for (std::size_t j = 0; j < half; ++j) {
      out.put(static_cast<std::uint8_t>((model.level(token, j) + 8) |
                                        (model.level(token, half + j) + 8) << 4));
    }
  }
  return std::move(out).take();
}

inline Bytes file_of(const TinyModel& model) { return sealed(body_of(model)); }

}  // namespace corsac::test
