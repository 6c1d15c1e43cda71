#include "support/repository.h"

namespace corsac::test {

std::filesystem::path repository_root() { return CORSAC_ROOT; }

}  // namespace corsac::test
