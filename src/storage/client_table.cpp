#include "storage/client_table.h"

#include <string>

namespace corsac::storage {
namespace {

constexpr std::uint64_t kWindow = 64;
constexpr std::size_t kRowBytes = 24;

}  // namespace

Result<ClientTable> ClientTable::decode(ByteView section) {
  ClientTable table;
  if (section.empty()) return table;
  ByteReader reader(section);
  const auto count = reader.get<std::uint32_t>();
  if (!reader.ok() || count > kMaxClients || reader.remaining() != count * kRowBytes) {
    return Error{ErrorCode::Corrupt, "the table of clients claims " + std::to_string(count) +
                                         " rows in " + std::to_string(section.size()) + " bytes"};
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto client = reader.get<std::uint64_t>();
    const Row row{.newest = reader.get<std::uint64_t>(),
                  .before = reader.get<std::uint64_t>(),
                  .heard = ++table.clock_};
    if (client == 0 || !table.rows_.emplace(client, row).second) {
      return Error{ErrorCode::Corrupt,
                   "client " + std::to_string(client) + " is listed twice or is 0"};
    }
    table.by_heard_.emplace(row.heard, client);
  }
  return table;
}

Bytes ClientTable::encode() const {
  ByteWriter out;
  out.put(static_cast<std::uint32_t>(rows_.size()));
  for (const auto& [heard, client] : by_heard_) {
    const Row& row = rows_.at(client);
    out.put(client);
    out.put(row.newest);
    out.put(row.before);
  }
  return std::move(out).take();
}

bool ClientTable::applied(std::uint64_t client, std::uint64_t number) const {
  const auto found = rows_.find(client);
  if (client == 0 || found == rows_.end()) return false;
  const Row& row = found->second;
  if (number >= row.newest) return number == row.newest;
  const std::uint64_t back = row.newest - number - 1;
  return back >= kWindow || (row.before >> back & 1) != 0;
}

void ClientTable::record(std::uint64_t client, std::uint64_t number) {
  if (client == 0) return;
  const auto [found, fresh] = rows_.try_emplace(client);
  Row& row = found->second;
  if (fresh) {
    row.newest = number;
    row.before = 0;
  } else {
    by_heard_.erase(row.heard);
    if (number > row.newest) {
      const std::uint64_t step = number - row.newest;
      row.before = step > kWindow ? 0
                                  : (step == kWindow ? 0 : row.before << step) | std::uint64_t{1}
                                                                                     << (step - 1);
      row.newest = number;
    } else if (number < row.newest && row.newest - number <= kWindow) {
      row.before |= std::uint64_t{1} << (row.newest - number - 1);
    }
  }
  row.heard = ++clock_;
  by_heard_.emplace(row.heard, client);
  if (rows_.size() <= kMaxClients) return;
  rows_.erase(by_heard_.begin()->second);
  by_heard_.erase(by_heard_.begin());
}

}  // namespace corsac::storage
