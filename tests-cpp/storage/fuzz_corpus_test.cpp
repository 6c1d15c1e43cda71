// The inputs of the fuzzer, and small damage to each of them, as a plain test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "../../fuzz/targets.h"
#include "base/random.h"

namespace corsac::fuzz {
namespace {

std::vector<Bytes> corpus(const std::string& target) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(CORSAC_ROOT) + "/fuzz/corpus/" + target)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Bytes> out;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const ByteView bytes = as_byte_view(text);
    out.emplace_back(bytes.begin(), bytes.end());
  }
  return out;
}

TEST(FuzzCorpus, IsTakenByEveryTarget) {
  for (const Target& target : kTargets) {
    SCOPED_TRACE(target.name);
    const std::vector<Bytes> inputs = corpus(target.name);
    EXPECT_FALSE(inputs.empty());
    for (const Bytes& input : inputs) target.run(input);
    target.run({});
  }
}

TEST(FuzzCorpus, IsTakenWithDamage) {
  Random random(11);
  for (const Target& target : kTargets) {
    for (const Bytes& input : corpus(target.name)) {
      for (int round = 0; round < 60 && !input.empty(); ++round) {
        Bytes damaged = input;
        for (std::uint64_t i = random.below(4); i-- > 0;) {
          damaged[random.below(damaged.size())] = static_cast<std::byte>(random.next());
        }
        if (random.below(3) == 0) damaged.resize(random.below(damaged.size() + 1));
        if (!damaged.empty()) damaged[0] = static_cast<std::byte>(round & 3);
        target.run(damaged);
      }
    }
  }
}

}  // namespace
}  // namespace corsac::fuzz
