// Was this call applied already? Per client the newest call number and which of the 64 before it
// were applied; the clients heard of least recently are forgotten past 1,024. Section Clients:
//   u32 clients, then per client, longest unheard first: u64 client, u64 newest number, u64 bitmap
//   (bit i: newest - 1 - i)
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::storage {

inline constexpr std::size_t kMaxClients = 1024;

class ClientTable {
 public:
  static Result<ClientTable> decode(ByteView section);
  Bytes encode() const;

  /// Client 0 is nobody: its calls are never taken for repeated. A number that is older than the
  /// bitmap reaches counts as applied.
  bool applied(std::uint64_t client, std::uint64_t number) const;
  void record(std::uint64_t client, std::uint64_t number);
  std::size_t size() const noexcept { return rows_.size(); }

 private:
  struct Row {
    std::uint64_t newest = 0;
    std::uint64_t before = 0;
    std::uint64_t heard = 0;  // rises with every record
  };

  std::map<std::uint64_t, Row> rows_;
  std::map<std::uint64_t, std::uint64_t> by_heard_;  // heard -> client
  std::uint64_t clock_ = 0;
};

}  // namespace corsac::storage
