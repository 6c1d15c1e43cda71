// Where is the real data that the repository does not hold? Tests that need it skip where it is
// absent.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/repository.h"

namespace corsac::test {

/// $CORSAC_SHARED/data, or ../shared/data beside the repository.
inline std::filesystem::path shared_data() {
  const char* named = std::getenv("CORSAC_SHARED");
  const std::filesystem::path shared =
      named != nullptr ? std::filesystem::path(named) : repository_root() / ".." / "shared";
  return shared / "data";
}

/// The lines of a text file without their ends; empty when there is no such file.
inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

}  // namespace corsac::test
