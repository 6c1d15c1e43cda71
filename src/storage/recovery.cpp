#include "storage/recovery.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/sort.h"

namespace corsac::storage {

Recovery::Recovery(std::uint32_t collection, const Uuid& store, RootPair roots,
                   const std::vector<BlobInfo>& blobs)
    : collection_(collection), store_(store) {
  for (const BlobInfo& blob : blobs) {
    if (const auto key = parse_name(collection, blob.name)) out_.blobs[*key] = blob.length;
  }
  Result<RootChoice> choice = read_roots(roots, store, collection);
  if (!choice) {
    error_ = choice.error();
    return;
  }
  out_.roots = std::move(choice->roots);
  for (const Root& root : out_.roots) durable_ = std::max(durable_, root.durable);
  list_candidates(choice->unreadable);
  next_candidate();
}

void Recovery::list_candidates(unsigned unreadable) {
  const auto is_segment = [](const auto& blob) { return blob.first.is_segment; };
  const bool has_log = std::ranges::any_of(out_.blobs, is_segment);
  only_log_ = unreadable == 0 && out_.roots.empty() && std::ranges::all_of(out_.blobs, is_segment);
  for (const Root& root : out_.roots) {
    for (const Snapshot& snapshot : root.snapshots)
      candidates_.push_back({snapshot, candidates_.empty()});
  }
  // The beginning of the log, when no root was ever written or as the last resort.
  const bool is_new = out_.roots.empty() && unreadable == 0;
  if (has_log || (is_new && out_.blobs.empty())) candidates_.push_back({{}, is_new, true});
  if (candidates_.empty()) {
    error_ = no_root();
  } else if (unreadable > 0) {
    note(Outcome::Degraded, out_.roots.empty()
                                ? "no root is readable, the log was read from its beginning"
                                : "one root is unreadable, the other serves");
  }
}

Error Recovery::no_root() const {
  return {only_log_ ? ErrorCode::DataLoss : ErrorCode::Corrupt,
          "collection " + std::to_string(collection_) + " has " +
              std::to_string(out_.blobs.size()) +
              " blobs, no readable root, and no log that reaches back to its beginning"};
}

void Recovery::note(Outcome outcome, const std::string& sentence) {
  OpenReport& report = out_.report;
  report.outcome = std::max(report.outcome, outcome);
  if (report.detail.find(sentence) != std::string::npos) return;
  report.detail += (report.detail.empty() ? "" : "; ") + sentence;
}

void Recovery::next_candidate() {
  for (; candidate_ < candidates_.size(); ++candidate_) {
    const Snapshot& snapshot = candidates_[candidate_].snapshot;
    snapshot_reader_.emplace(collection_, snapshot);
    Status there = snapshot_reader_->check_lengths(out_.blobs);
    if (there && !snapshot_reader_->next()) there = snapshot_reader_->check_pieces();
    if (there) return begin_log();
    reject(there.error());
  }
  snapshot_reader_.reset();
}

// The first failure is what opening fails with when nothing else serves.
void Recovery::reject(const Error& error) {
  if (!error_) error_ = error;
  note(Outcome::Degraded, error.message + ", an older snapshot serves");
}

void Recovery::begin_log() {
  const LogStart& start = candidates_[candidate_].snapshot.log;
  std::optional<LogSeal> seal;
  if (!out_.roots.empty()) seal = out_.roots.front().end;
  history_.emplace(start, store_, seal);
  merge_reader_.emplace(collection_, candidates_[candidate_].snapshot);
  segments_.clear();
  segment_ = 0;
  segment_bytes_.clear();
  for (const auto& [key, length] : out_.blobs) {
    if (key.is_segment && key.number >= start.first_segment) segments_.push_back(key.number);
  }
  sort_keys(segments_);
  next_segment();
}

// Hands over complete segments, among them empty ones, until one has bytes to be read.
void Recovery::next_segment() {
  while (segment_ < segments_.size()) {
    const std::uint64_t number = segments_[segment_];
    if (segment_bytes_.size() < out_.blobs.at({.is_segment = true, .number = number})) return;
    history_->add(number, std::move(segment_bytes_));
    segment_bytes_ = {};
    ++segment_;
  }
}

std::optional<ReadRequest> Recovery::next() {
  if (!snapshot_reader_) return std::nullopt;
  if (auto request = snapshot_reader_->next()) return request;
  if (auto request = merge_reader_->next()) return request;
  if (segment_ == segments_.size()) return std::nullopt;
  const std::uint64_t number = segments_[segment_];
  const std::uint64_t length = out_.blobs.at({.is_segment = true, .number = number});
  const std::uint64_t at = segment_bytes_.size();
  return ReadRequest{segment_name(collection_, number), at, std::min(kReadBytes, length - at)};
}

void Recovery::supply(ByteView bytes) {
  const std::optional<ReadRequest> asked = next();
  assert(asked);
  if (snapshot_reader_->next()) {
    Status fed = snapshot_reader_->supply(bytes);
    if (fed && !snapshot_reader_->next()) fed = snapshot_reader_->check_pieces();
    if (fed) return;
    reject(fed.error());
    ++candidate_;
    return next_candidate();
  }
  if (merge_reader_->next()) return merge_reader_->supply(bytes, snapshot_reader_->checks());
  segment_bytes_.insert(segment_bytes_.end(), bytes.begin(), bytes.end());
  // What the home cannot give is damage to the end of the segment, judged like any other.
  if (bytes.size() < asked->length)
    out_.blobs[{.is_segment = true, .number = segments_[segment_]}] = segment_bytes_.size();
  next_segment();
}

void Recovery::supply_missing() { supply({}); }

double Recovery::progress() const noexcept {
  if (!snapshot_reader_) return 1;
  const double log =
      segments_.empty() ? 1 : static_cast<double>(segment_) / static_cast<double>(segments_.size());
  return (snapshot_reader_->progress() + log) / 2;
}

Result<Recovered> Recovery::finish() && {
  if (!snapshot_reader_) return *std::move(error_);
  assert(!next());
  Result<LogVerdict> log = (*std::move(history_)).judge(durable_);
  if (!log) return log.error();
  Candidate& used = candidates_[candidate_];
  // Only the very first write, cut short, may leave a log in which nothing counts.
  const bool from_nothing = used.is_beginning && log->segments == 0 && !out_.blobs.empty();
  if (from_nothing && (!only_log_ || log->readable_segments > 0))
    return error_ ? *error_ : no_root();
  out_.snapshot = std::move(used.snapshot);
  out_.newest = used.newest;
  out_.source = std::move(*snapshot_reader_).take();
  out_.merges = std::move(*merge_reader_).take();
  out_.log = *std::move(log);
  out_.report.last_sequence = out_.log.end.sequence;
  out_.report.dropped = out_.log.dropped;
  if (out_.log.torn) {
    note(Outcome::Torn, std::to_string(out_.log.dropped) +
                            " unacknowledged frames were cut from the end of the log");
  }
  return std::move(out_);
}

}  // namespace corsac::storage
