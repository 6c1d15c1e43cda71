#include "embed/static_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "embed/tiny_model.h"
#include "support/texts.h"

namespace corsac::embed {
namespace {

using test::body_of;
using test::file_of;
using test::sealed;
using test::TinyModel;

std::vector<float> embed(const StaticModel& model, std::string_view text) {
  std::vector<float> out(model.dimension(), 99.0f);
  model.embed(text, out);
  return out;
}

ErrorCode code_of(const Bytes& bytes) {
  const auto model = StaticModel::load(bytes);
  EXPECT_FALSE(model);
  return model ? ErrorCode::NotFound : model.error().code;
}

TEST(StaticModel, SaysWhatItIs) {
  const auto model = StaticModel::load(file_of({}));
  ASSERT_TRUE(model);
  EXPECT_EQ((*model).dimension(), 4u);
  EXPECT_EQ((*model).hybrid_weight(), 0.25f);
  EXPECT_EQ((*model).fingerprint().substr(0, 11), "static-1-4-");
  EXPECT_EQ((*model).fingerprint().size(), 11u + 32u);
}

TEST(StaticModel, AnotherTableHasAnotherFingerprint) {
  TinyModel other;
  other.scales[0] = 0.75f;
  EXPECT_NE((*StaticModel::load(file_of(other))).fingerprint(),
            (*StaticModel::load(file_of({}))).fingerprint());
}

TEST(StaticModel, AVectorIsTheNormalisedSumOfItsTokensRows) {
  const TinyModel tiny;
  const auto model = StaticModel::load(file_of(tiny));
  ASSERT_TRUE(model);
  ASSERT_EQ((*model).tokenize("Foxes! running"),
            (std::vector<Token>{kUnknownToken, 0, kUnknownToken}));
  ASSERT_EQ((*model).tokenize("FOXS runing"), (std::vector<Token>{4, 2, 5, 1}));

  std::vector<double> sum(4);
  double squares = 0;
  for (std::size_t j = 0; j < 4; ++j) {
    for (const std::size_t token : {4, 2, 5, 1})
      sum[j] += tiny.level(token, j) * static_cast<double>(tiny.scales[token]);
    squares += sum[j] * sum[j];
  }
  const std::vector<float> vector = embed(*model, "FOXS runing");
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(vector[j], sum[j] / std::sqrt(squares), 1e-6);
}

TEST(StaticModel, ATextWithoutKnownTokensIsTheZeroVector) {
  const auto model = StaticModel::load(file_of({}));
  ASSERT_TRUE(model);
  for (const std::string_view text : {"", "   ", "unknown", "\xFF"}) {
    EXPECT_EQ(embed(*model, text), std::vector<float>(4, 0.0f)) << text;
  }
}

TEST(StaticModel, ALongTextHasAFiniteVector) {
  TinyModel tiny;
  tiny.scales.assign(tiny.scales.size(), 1e6f);
  const auto model = StaticModel::load(file_of(tiny));
  ASSERT_TRUE(model);
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "fox ";
  for (const float x : embed(*model, text)) EXPECT_TRUE(std::isfinite(x));
}

TEST(StaticModel, AnyBytesAreAText) {
  const auto model = StaticModel::load(file_of({}));
  ASSERT_TRUE(model);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Bytes noise = test::random_bytes(seed, seed);
    for (const float x : embed(*model, as_text(noise))) EXPECT_TRUE(std::isfinite(x));
  }
}

TEST(StaticModel, RefusesAFileThatIsCutAnywhere) {
  const Bytes file = file_of({});
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_EQ(code_of(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length))),
              ErrorCode::Corrupt);
  }
}

TEST(StaticModel, RefusesEveryFlippedBit) {
  const Bytes file = file_of({});
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    Bytes flipped = file;
    flipped[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    const auto model = StaticModel::load(flipped);
    ASSERT_FALSE(model) << "bit " << bit;
  }
}

// The checksum does not protect from a file that was made wrong: what stands behind it is checked
// too.
TEST(StaticModel, DamageBehindAValidChecksumIsAnErrorOrAModel) {
  const Bytes body = body_of({});
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (int value = 0; value < 256; value += 5) {
      Bytes changed = body;
      changed[at] = static_cast<std::byte>(value);
      const auto model = StaticModel::load(sealed(changed));
      if (!model) continue;
      for (const float x : embed(*model, "foxs runing dens é狐!")) ASSERT_TRUE(std::isfinite(x));
    }
  }
  for (std::size_t length = 0; length < body.size(); ++length) {
    EXPECT_FALSE(StaticModel::load(
        sealed(Bytes(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(length)))));
  }
}

TEST(StaticModel, RefusesHeadersThatMakeNoSense) {
  TinyModel odd;
  odd.dimension = 5;
  EXPECT_EQ(code_of(file_of(odd)), ErrorCode::Corrupt);
  TinyModel heavy;
  heavy.hybrid_weight = 1.5f;
  EXPECT_EQ(code_of(file_of(heavy)), ErrorCode::Corrupt);
}

TEST(StaticModel, NamesANewerVersion) {
  TinyModel newer;
  newer.version = 2;
  const auto model = StaticModel::load(file_of(newer));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::UnsupportedFormat);
  EXPECT_EQ(model.error().message, "static model: version 2 is newer than 1");
}

}  // namespace
}  // namespace corsac::embed
