// One libFuzzer program per target of targets.h; CORSAC_FUZZ_TARGET is the function's name.
#include <cstddef>
#include <cstdint>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  corsac::fuzz::CORSAC_FUZZ_TARGET(std::as_bytes(std::span(data, size)));
  return 0;
}
