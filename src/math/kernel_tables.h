// The tables that the kernel files define, each compiled for its own instruction set. Only
// kernels.cpp reads them, after asking whether the machine can run them.
#pragma once

#include "math/kernels.h"

namespace corsac::math {

extern const Kernels kPortableKernels;
#if defined(__x86_64__)
extern const Kernels kSse2Kernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#elif defined(__aarch64__)
extern const Kernels kNeonKernels;
extern const Kernels kNeonDotKernels;
#elif defined(__wasm_simd128__)
extern const Kernels kSimd128Kernels;
#if defined(__wasm_relaxed_simd__)
extern const Kernels kRelaxedSimdKernels;
#endif
#endif

}  // namespace corsac::math
