// Which instruction sets can this machine run? Every kernel gives the same bits on all of them;
// they differ in speed only.
#pragma once

#include <cstdint>
#include <string_view>

namespace corsac::math {

/// Portable is plain C++ and always there; the others name the widest unit that their kernels use.
enum class Isa : std::uint8_t { Portable, Sse2, Avx2, Avx512, Neon, NeonDot, Simd128, RelaxedSimd };

inline constexpr Isa kAllIsas[] = {Isa::Portable, Isa::Sse2,    Isa::Avx2,    Isa::Avx512,
                                   Isa::Neon,     Isa::NeonDot, Isa::Simd128, Isa::RelaxedSimd};

[[nodiscard]] std::string_view name(Isa isa) noexcept;

/// Whether this build holds kernels for `isa` and this machine can run them. Avx512 asks for the
/// subsets F, BW, VL and VNNI; NeonDot for the dot product extension.
[[nodiscard]] bool is_available(Isa isa) noexcept;

/// The fastest one that is available.
[[nodiscard]] Isa best_isa() noexcept;

}  // namespace corsac::math
