// How far are the kernels from what the machine can do? For each instruction set the time per row
// in cache and from memory, and the speed-up over plain C++; beside them the machine's bandwidth,
// streaming and at random. Natively or as wasm.
//
//   corsac_kernels_benchmark [dim=384] [megabytes=256]
//
// Every figure is the best of several rounds: a shared machine only ever adds.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "math/aligned.h"
#include "math/kernels.h"
#include "real_vectors.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;

constexpr std::size_t kHop = 24;        // rows of one call: the unseen neighbours of a node
constexpr std::size_t kCacheRows = 24;  // rows that stay in the first level of cache
constexpr int kRounds = 7;

volatile float g_sink;

/// Nanoseconds that one of `count` pieces of work takes, the best of several rounds.
double best_ns(std::size_t count, const std::function<void()>& work) {
  double best = 1e300;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = now_us();
    work();
    best = std::min(best, (now_us() - begin) * 1000 / static_cast<double>(count));
  }
  return best;
}

struct Data {
  std::size_t dimension, rows, padded;
  math::AlignedVector<std::uint8_t> bytes;  // rows of the widest form fit
  std::vector<float> query;
  std::vector<std::int8_t> narrow;
  std::vector<std::int16_t> wide;
  std::vector<std::uint8_t> planes;
  std::vector<std::uint32_t> near, far;  // [hops x kHop] picks
};

Data make_data(std::size_t dimension, std::size_t megabytes) {
  Data out;
  out.dimension = dimension;
  out.padded = (dimension + 63) / 64 * 64;
  out.bytes.resize(megabytes << 20);
  Random random(1);
  // Bytes of at most 127 are codes of seven bits, and floats that are small and finite.
  for (std::size_t i = 0; i + 8 <= out.bytes.size(); i += 8) {
    const std::uint64_t word = random.next() & 0x3F7F7F7F3F7F7F7F;
    std::memcpy(out.bytes.data() + i, &word, sizeof word);
  }
  for (std::size_t i = 0; i < out.padded; ++i) {
    out.query.push_back(random.uniform() - 0.5f);
    out.narrow.push_back(static_cast<std::int8_t>(random.below(63)) - 31);
    out.wide.push_back(static_cast<std::int16_t>(random.below(2001)) - 1000);
  }
  out.planes.resize(math::kQueryPlanes * out.padded / 8, 0x5A);
  out.rows = out.bytes.size() / (4 * out.padded) - 1;
  for (std::size_t i = 0; i < 2000 * kHop; ++i) {
    out.near.push_back(static_cast<std::uint32_t>(i % kCacheRows));
    out.far.push_back(static_cast<std::uint32_t>(random.below(out.rows)));
  }
  return out;
}

using Score = std::function<void(const math::Kernels&, const Data&, const std::uint32_t* picks)>;
struct Kernel {
  const char* name;
  std::size_t row_bytes;
  std::size_t spread;  // picks are multiplied by it, so that far rows span all of the memory
  Score score;
};

std::vector<Kernel> kernels(const Data& data) {
  static std::int32_t integers[kHop];
  static float floats[kHop];
  const std::size_t dim = data.dimension, padded = data.padded;
  const auto f32 = [](const Data& d) { return reinterpret_cast<const float*>(d.bytes.data()); };
  return {
      {"dot f32", dim * 4, 1,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.dot_f32(d.query.data(), f32(d), dim, picks, kHop, floats);
       }},
      {"l2 f32", dim * 4, 1,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.l2_f32(d.query.data(), f32(d), dim, picks, kHop, floats);
       }},
      {"dot u7", dim, 4,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.dot_u7(d.narrow.data(), d.bytes.data(), dim, picks, kHop, integers);
       }},
      {"dot u8", dim + dim / 8, 1,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.dot_u8(d.wide.data(), d.bytes.data(), d.bytes.data() + d.bytes.size() / 2, dim, picks,
                  kHop, integers);
       }},
      {"dot u4", padded / 2 + 12, 7,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.dot_u4(d.narrow.data(), d.bytes.data(), padded / 2 + 12, padded, picks, kHop, integers);
       }},
      {"dot 2 bits", padded / 4 + 12, 12,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.dot_bits(d.planes.data(), d.bytes.data(), padded / 4 + 12, padded / 8, 2, picks, kHop,
                    integers);
       }},
      {"dot 1 bit", padded / 8 + 12, 20,
       [=](const math::Kernels& k, const Data& d, const std::uint32_t* picks) {
         k.dot_bits(d.planes.data(), d.bytes.data(), padded / 8 + 12, padded / 8, 1, picks, kHop,
                    integers);
       }},
  };
}

void print_bandwidth(const Data& data) {
  const std::size_t words = data.bytes.size() / 8;
  std::uint64_t sum = 0;
  const double streaming = best_ns(data.bytes.size(), [&] {
    for (std::size_t i = 0; i < words; ++i) {
      std::uint64_t word;
      std::memcpy(&word, data.bytes.data() + 8 * i, sizeof word);
      sum += word;
    }
    g_sink = static_cast<float>(sum);
  });
  constexpr std::size_t kReads = 400'000;
  std::vector<std::uint32_t> lines(kReads);
  Random random(9);
  for (std::uint32_t& line : lines)
    line = static_cast<std::uint32_t>(random.below(data.bytes.size() / 64));
  const double scattered = best_ns(kReads * 64, [&] {
    for (const std::uint32_t line : lines) sum += data.bytes[std::size_t{line} * 64];
    g_sink = static_cast<float>(sum);
  });
  std::printf("memory: %.1f GB/s streaming, %.1f GB/s by independent lines of 64 bytes at random\n",
              1 / streaming, 1 / scattered);
}

double measure(const Kernel& kernel, const math::Kernels& table, const Data& data,
               const std::vector<std::uint32_t>& picks) {
  return best_ns(picks.size(), [&] {
    for (std::size_t at = 0; at < picks.size(); at += kHop) kernel.score(table, data, &picks[at]);
  });
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t dimension = 384, megabytes = 256;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument.starts_with("dim=")) dimension = std::strtoul(arguments[i] + 4, nullptr, 10);
    if (argument.starts_with("megabytes="))
      megabytes = std::strtoul(arguments[i] + 10, nullptr, 10);
  }
  const Data data = make_data(dimension, megabytes);
  print_bandwidth(data);
  std::printf(
      "%zu dimensions, %zu rows a call; nanoseconds per row in cache and from %zu MB, and GB/s "
      "there\n",
      dimension, kHop, megabytes);
  for (const Kernel& kernel : kernels(data)) {
    std::vector<std::uint32_t> far = data.far;
    for (std::uint32_t& pick : far) pick = static_cast<std::uint32_t>(pick * kernel.spread);
    double plain = 0;
    for (const math::Isa isa : math::kAllIsas) {
      const math::Kernels* const table = math::kernels_for(isa);
      if (table == nullptr) continue;
      const double cached = measure(kernel, *table, data, data.near);
      const double distant = measure(kernel, *table, data, far);
      if (isa == math::Isa::Portable) plain = cached;
      std::printf("%-11s %-13s %8.1f ns %8.1f ns %6.1f GB/s %6.1fx\n", kernel.name,
                  std::string(math::name(isa)).c_str(), cached, distant,
                  static_cast<double>(kernel.row_bytes) / distant, plain / cached);
    }
  }
  std::vector<float> values(512, 0.5f);
  double plain = 0;
  for (const math::Isa isa : math::kAllIsas) {
    const math::Kernels* const table = math::kernels_for(isa);
    if (table == nullptr) continue;
    const double ns = best_ns(2000, [&] {
      for (int i = 0; i < 2000; ++i) {
        table->fwht(values.data(), 256);
        for (float& x : values) x *= 0.0625f;
      }
      g_sink = values[3];
    });
    if (isa == math::Isa::Portable) plain = ns;
    std::printf("%-11s %-13s %8.1f ns %32.1fx\n", "fwht 256", std::string(math::name(isa)).c_str(),
                ns, plain / ns);
  }
}
