// A store in a folder, natively: executes what the storage protocol asks over a FileHome. One
// thread, one writer; no maintenance runs by itself.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "native/file_home.h"
#include "native/host_result.h"
#include "storage/catalog.h"
#include "storage/durable_collection.h"

namespace corsac::native {

class FileCollection {
 public:
  /// Reads back what `home` has of the collection. Fails with: corrupt, data_loss,
  /// unsupported_format, storage.
  static HostResult<std::unique_ptr<FileCollection>> open(FileHome& home,
                                                          const storage::CatalogEntry& entry,
                                                          const storage::Catalog& catalog,
                                                          const storage::DurableOptions& options);

  /// For questions; changes go through write().
  collection::Collection& core() noexcept { return durable_->collection(); }
  const storage::OpenReport& report() const noexcept { return durable_->report(); }

  /// Logs and applies an operation (collection/operation.h); a checkpoint follows when one is due.
  /// The count of documents written or removed. A failure left memory and disk as they were, but
  /// for a checkpoint's, whose log still has everything.
  HostResult<std::uint64_t> write(Bytes operation, bool strict);
  /// Fails with: quota, storage, locked.
  HostStatus checkpoint();
  const storage::CheckpointReport& checkpoint_report() const noexcept {
    return durable_->checkpoint_report();
  }
  /// Reads the blocks that core().read() lacks for these. Fails with: corrupt, storage.
  HostStatus fetch(std::span<const Ordinal> ordinals);
  /// Ends the session well.
  HostStatus close();

 private:
  FileCollection(FileHome& home, std::unique_ptr<storage::DurableCollection> durable);
  HostResult<Bytes> stored(SectionId id, std::uint64_t offset, std::uint64_t length);

  FileHome& home_;
  std::unique_ptr<storage::DurableCollection> durable_;
  std::uint64_t client_;
  std::uint64_t number_ = 0;
};

class FileStore {
 public:
  /// Makes the store when there is none.
  /// Fails with: locked, corrupt, data_loss, unsupported_format, storage, quota.
  static HostResult<std::unique_ptr<FileStore>> open(const std::string& folder,
                                                     storage::DurableOptions options = {});

  const std::vector<storage::CatalogEntry>& entries() const noexcept { return catalog_.entries(); }
  /// `options_json`: see collection/options.h. Fails with: already_exists, invalid_argument.
  HostStatus create(std::string_view name, std::string_view options_json);
  /// Opened at the first call. Fails with: not_found, and as FileCollection::open does.
  HostResult<FileCollection*> collection(const std::string& name);
  HostStatus close();

 private:
  FileStore(std::unique_ptr<FileHome> home, storage::Catalog catalog,
            storage::DurableOptions options);

  std::unique_ptr<FileHome> home_;
  storage::Catalog catalog_;
  storage::DurableOptions options_;
  std::map<std::string, std::unique_ptr<FileCollection>> open_;
};

}  // namespace corsac::native
