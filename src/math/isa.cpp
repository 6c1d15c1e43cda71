#include "math/isa.h"

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace corsac::math {

std::string_view name(Isa isa) noexcept {
  switch (isa) {
    case Isa::Portable: return "portable";
    case Isa::Sse2: return "sse2";
    case Isa::Avx2: return "avx2";
    case Isa::Avx512: return "avx512";
    case Isa::Neon: return "neon";
    case Isa::NeonDot: return "neon_dot";
    case Isa::Simd128: return "simd128";
    case Isa::RelaxedSimd: return "relaxed_simd";
  }
  return "portable";
}

#if defined(__x86_64__)

bool is_available(Isa isa) noexcept {
  switch (isa) {
    case Isa::Portable:
    case Isa::Sse2: return true;
    case Isa::Avx2: return __builtin_cpu_supports("avx2") != 0;
    case Isa::Avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
             __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vnni") != 0;
    default: return false;
  }
}

#elif defined(__aarch64__)

namespace {

bool has_dot_product() noexcept {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#elif defined(__APPLE__)
  return true;  // Since the first Mac with this processor.
#else
  return false;
#endif
}

}  // namespace

bool is_available(Isa isa) noexcept {
  if (isa == Isa::NeonDot) return has_dot_product();
  return isa == Isa::Portable || isa == Isa::Neon;
}

#elif defined(__wasm_simd128__)

bool is_available(Isa isa) noexcept {
#if defined(__wasm_relaxed_simd__)
  if (isa == Isa::RelaxedSimd) return true;
#endif
  return isa == Isa::Portable || isa == Isa::Simd128;
}

#else

bool is_available(Isa isa) noexcept { return isa == Isa::Portable; }

#endif

Isa best_isa() noexcept {
  Isa best = Isa::Portable;
  for (const Isa isa : kAllIsas) {
    if (is_available(isa)) best = isa;
  }
  return best;
}

}  // namespace corsac::math
