// Where is the repository that these tests belong to? Asked at run time of one object file, so that
// clones share every other one.
#pragma once

#include <filesystem>

namespace corsac::test {

std::filesystem::path repository_root();

}  // namespace corsac::test
