// A collection that is nothing but the list of operations applied to it, saved in sections of all
// three kinds, over the real journal and recovery and a simulated disk: what storage promises can
// be tested by comparing lists.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/patched.h"
#include "storage/journal.h"
#include "support/simulated_disk.h"

namespace corsac::storage {

inline constexpr std::uint32_t kTestCollection = 7;

inline Uuid test_uuid(std::uint64_t seed) {
  Random random(seed);
  Uuid out{};
  for (std::byte& byte : out) byte = static_cast<std::byte>(random.next());
  return out;
}

inline Bytes text_bytes(std::string_view text) {
  const ByteView view = as_byte_view(text);
  return Bytes(view.begin(), view.end());
}

/// An operation of the given size that no other seed gives.
inline Bytes test_operation(std::uint64_t seed, std::size_t size) {
  Bytes out(std::max<std::size_t>(size, 8), std::byte{'a'});
  Random random(seed * 7919 + 1);
  for (std::size_t at = 8; at < out.size(); at += 24)
    out[at] = static_cast<std::byte>(random.next());
  std::memcpy(out.data(), &seed, sizeof seed);
  return out;
}

class StandIn {
 public:
  explicit StandIn(testing::SimulatedDisk& disk, DurableOptions options = {})
      : disk_(&disk), options_(options) {}

  const Uuid& store() const { return store_; }
  std::vector<Bytes> operations;  ///< applied, in order
  OpenReport report;

  /// Recovers from the disk and checks that what the sections say agrees.
  Status open(std::uint64_t epoch) {
    journal_.reset();
    operations.clear();
    Recovery recovery(kTestCollection, store_, disk_->roots(std::to_string(kTestCollection)),
                      disk_->blobs(std::to_string(kTestCollection) + "/"));
    while (const auto request = recovery.next()) recovery.supply(disk_->read(*request));
    Result<Recovered> recovered = std::move(recovery).finish();
    if (!recovered) return recovered.error();
    report = recovered->report;
    load(*recovered);
    Result<ClientTable> clients =
        ClientTable::decode(recovered->source.section(SectionId::Clients));
    if (!clients) return clients.error();
    for (LoggedOperation& logged : recovered->log.operations) {
      clients->record(logged.client, logged.number);
      operations.push_back(std::move(logged.bytes));
    }
    const LogIdentity identity{store_, kTestCollection, epoch, test_uuid(epoch * 31 + 5)};
    journal_.emplace(identity, options_, *std::move(recovered), *std::move(clients));
    return Done{};
  }

  Journal& journal() { return *journal_; }
  bool is_open() const { return journal_.has_value(); }
  void abandon() { journal_.reset(); }

  /// One group of operations, each a call of its own.
  EffectBatch take(const std::vector<Bytes>& group, bool strict) {
    for (const Bytes& operation : group)
      journal_->prepare({.client = 1, .number = ++number_, .operation = operation});
    return journal_->take_group(strict);
  }
  void stored(bool strict) {
    for (LogRecord& record : journal_->group_stored(strict))
      operations.push_back(std::move(record.operation));
  }
  bool write(const std::vector<Bytes>& group, bool strict) {
    if (!disk_->execute(take(group, strict))) return false;
    stored(strict);
    return true;
  }

  /// Hands over what changed, as a component would.
  void save() {
    SectionSink& sink = journal_->changes();
    ByteWriter summary;
    for (; saved_ < operations.size(); ++saved_) {
      ByteWriter row;
      row.put(static_cast<std::uint32_t>(operations[saved_].size()));
      row.append(operations[saved_]);
      sink.append(SectionId::Ids, row.view());
      sink.append(SectionId::Documents, operations[saved_]);
      summary.append(operations[saved_]);
    }
    ByteWriter state;
    state.put(static_cast<std::uint64_t>(saved_));
    sink.replace(SectionId::Meta, state.view());
    save_patched(sink, summary.view());
    sink.add_segment(SectionId::TextSegments, next_key_, summary.view());
    segments_.push_back({next_key_++, std::move(summary).take()});
    if (segments_.size() > 3) merge_segments(sink);
  }
  bool checkpoint() {
    save();
    journal_->begin_checkpoint();
    while (const auto batch = journal_->next_checkpoint_batch()) {
      if (!disk_->execute(*batch)) return false;
      journal_->batch_stored();
    }
    return true;
  }

  /// The content of Documents, read from the disk by range.
  Result<Bytes> documents() const {
    Bytes out;
    while (true) {
      const auto request = journal_->locate_checked(SectionId::Documents, out.size(), 100'000);
      if (!request) return out;
      Result<Bytes> part =
          journal_->check(SectionId::Documents, out.size(), 100'000, disk_->read(*request));
      if (!part) return part.error();
      out.insert(out.end(), part->begin(), part->end());
    }
  }

 private:
  // Every operation once more, as a base and patches.
  void save_patched(SectionSink& sink, ByteView fresh) {
    if (fresh.empty()) return;
    if (patched_.takes(fresh.size())) return patched_.patch(sink, fresh);
    ByteWriter all;
    for (const Bytes& operation : operations) all.append(operation);
    patched_.replace(sink, all.view());
  }

  void merge_segments(SectionSink& sink) {
    Bytes all;
    for (const auto& [key, bytes] : segments_) {
      sink.drop_segment(SectionId::TextSegments, key);
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
    sink.add_segment(SectionId::TextSegments, next_key_, all);
    segments_.assign(1, {next_key_++, std::move(all)});
  }

  void load(const Recovered& recovered) {
    ByteReader rows(recovered.source.section(SectionId::Ids));
    Bytes joined;
    while (rows.remaining() > 0) {
      const ByteView row = rows.take(rows.get<std::uint32_t>());
      operations.emplace_back(row.begin(), row.end());
      joined.insert(joined.end(), row.begin(), row.end());
    }
    EXPECT_TRUE(rows.ok());
    saved_ = operations.size();
    ByteReader state(recovered.source.section(SectionId::Meta));
    EXPECT_TRUE(state.remaining() == 0 || state.get<std::uint64_t>() == saved_);
    EXPECT_EQ(recovered.source.length(SectionId::Documents), joined.size());
    segments_.clear();
    next_key_ = 1;
    Bytes from_segments;
    for (const SegmentView& segment : recovered.source.segments(SectionId::TextSegments)) {
      segments_.push_back({segment.key, Bytes(segment.bytes.begin(), segment.bytes.end())});
      from_segments.insert(from_segments.end(), segment.bytes.begin(), segment.bytes.end());
      next_key_ = segment.key + 1;
    }
    EXPECT_EQ(from_segments, joined);
    const ByteView stored = recovered.source.section(SectionId::Graph);
    const auto content = split_patched(stored);
    ASSERT_TRUE(content.has_value());
    patched_ = PatchedSection(SectionId::Graph);
    patched_.loaded(*content);
    Bytes from_patches(content->base.begin(), content->base.end());
    for (const ByteView patch : content->patches)
      from_patches.insert(from_patches.end(), patch.begin(), patch.end());
    // Format 1.0 had none.
    EXPECT_TRUE(stored.empty() || from_patches == joined);
  }

  testing::SimulatedDisk* disk_;
  DurableOptions options_;
  Uuid store_ = test_uuid(99);
  std::optional<Journal> journal_;
  std::uint64_t number_ = 0;
  std::size_t saved_ = 0;
  std::uint64_t next_key_ = 1;
  PatchedSection patched_{SectionId::Graph};
  std::vector<std::pair<std::uint64_t, Bytes>> segments_;
};

}  // namespace corsac::storage
