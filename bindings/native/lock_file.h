// Who writes in a folder? The process named in a file that only one can create: the same file that
// js/storage/lock-file.ts writes, so that Node and native programs exclude each other. The lock of
// a process that died, or of another boot of the machine, is taken over.
#pragma once

#include <string>

#include "native/host_result.h"

namespace corsac::native {

class LockFile {
 public:
  /// Fails with: locked naming the process that holds it, storage, quota.
  static HostResult<LockFile> take(std::string path);

  /// Whether the file is still the one that was made: the fence of every commit.
  /// Fails with: locked.
  HostStatus check() const;
  void release();

 private:
  LockFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

  std::string path_;
  std::string text_;
};

}  // namespace corsac::native
