#include "math/kernels.h"

#include "math/kernel_tables.h"

namespace corsac::math {

const Kernels* kernels_for(Isa isa) noexcept {
  if (!is_available(isa)) return nullptr;
  switch (isa) {
#if defined(__x86_64__)
    case Isa::Sse2: return &kSse2Kernels;
    case Isa::Avx2: return &kAvx2Kernels;
    case Isa::Avx512: return &kAvx512Kernels;
#elif defined(__aarch64__)
    case Isa::Neon: return &kNeonKernels;
    case Isa::NeonDot: return &kNeonDotKernels;
#elif defined(__wasm_simd128__)
    case Isa::Simd128: return &kSimd128Kernels;
#if defined(__wasm_relaxed_simd__)
    case Isa::RelaxedSimd: return &kRelaxedSimdKernels;
#endif
#endif
    default: return &kPortableKernels;
  }
}

const Kernels& best_kernels() noexcept {
  static const Kernels& best = *kernels_for(best_isa());
  return best;
}

}  // namespace corsac::math
