#include "collection/compaction.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <string>
#include <utility>

#include "base/sort.h"
#include "collection/meta.h"
#include "collection/validate.h"

namespace corsac::collection {
namespace {

// A batch is a function of the documents alone, so that the new form is one too. Its last slice
// indexes its texts at once, so it is small enough not to be felt.
constexpr std::uint32_t kBatchDocuments = 128;
constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

/// How far ahead one request for blocks and originals looks.
constexpr std::size_t kLookAhead = 256;
constexpr std::size_t kLookAheadBytes = std::size_t{8} << 20;

bool same_codes(const index::IndexOptions& a, const index::IndexOptions& b) noexcept {
  return a.codec == b.codec && a.bits == b.bits && a.subvectors == b.subvectors;
}

Form empty_like(const Form& old, const CollectionOptions& options) {
  Result<Form> fresh = Form::create(options);
  assert(fresh.has_value());  // The options were accepted before.
  const bool is_same =
      old.options.auto_index == options.auto_index && same_index(old.options.index, options.index);
  if (is_same) fresh->calibration = old.calibration;
  fresh->has_own_options = old.has_own_options || !is_same;
  if (old.index != nullptr && same_codes(old.options.index, options.index))
    fresh->index->codes().adopt(old.index->codes().learnt());
  return *std::move(fresh);
}

Bitset live_of(const Form& form) {
  Bitset out(form.size(), true);
  out.subtract(form.deleted);
  return out;
}

}  // namespace

Compaction::Compaction(const Form& old) : Compaction(old, old.options, {}) {}

Compaction::Compaction(const Form& old, const CollectionOptions& options, std::vector<float> sample)
    : form_(empty_like(old, options)),
      sample_(std::move(sample)),
      live_(live_of(old)),
      batch_(WriteMode::Insert),
      documents_(old.live()) {}

double Compaction::total() const noexcept {
  return static_cast<double>(documents_ + writes_.size());
}

Result<Compaction::Needs> Compaction::step(Form& old, Budget& budget) {
  while (!budget.spent() && !caught_up()) {
    if (!sample_.empty()) {
      if (form_.index->codes().learn(sample_, budget)) sample_.clear();
    } else if (applying_) {
      if (!applying_->step(form_, budget)) break;
      applying_.reset();
    } else if (next_ < live_.size()) {
      Result<Needs> needs = gather(old, budget);
      if (!needs || !needs->empty()) return needs;
      if (batch_is_full() || next_ >= live_.size()) begin_batch();
    } else {
      applying_.emplace(form_, std::move(writes_.front()));
      writes_.pop_front();
    }
  }
  return Needs{};
}

Result<Compaction::Needs> Compaction::gather(Form& old, Budget& budget) {
  std::vector<float> row(old.options.dimension);
  for (; next_ < live_.size() && !batch_is_full() && !budget.spent(); ++next_) {
    if (!live_.test(next_)) continue;
    NewDocument document;
    document.id = old.ids.id(next_);
    const SlotRange range = old.slots.of(next_);
    if (range.count > 0) {
      if (!vector_of(old, range.first, row)) {
        Result<Needs> needs = ask(old);
        return needs && needs->empty() ? Result<Needs>(lost("the vector")) : needs;
      }
      document.vectors = std::as_bytes(std::span(row));
      document.vector_count = range.count;
    }
    Result<document::DocumentView> stored = old.documents.read(next_);
    if (!stored && stored.error().code == ErrorCode::NotFound) {
      Result<Needs> needs = ask(old);
      if (!needs || !needs->empty()) return needs;
      // Blocks that no checkpoint has written need nobody: asking has brought them.
      stored = old.documents.read(next_);
      if (!stored) return lost("the document");
    }
    if (!stored) return stored.error();
    if (stored->has_content) document.content = stored->content;
    if (stored->has_metadata) document.metadata = stored->metadata;
    batch_.add(document);
    if (Fetched* used = fetched(range.first)) used->vector.clear();
    budget.spend(1);
    ++done_;
  }
  return Needs{};
}

Compaction::Fetched* Compaction::fetched(Slot slot) {
  const auto found =
      std::lower_bound(fetched_.begin(), fetched_.end(), slot,
                       [](const Fetched& each, Slot wanted) { return each.slot < wanted; });
  return found != fetched_.end() && found->slot == slot && !found->vector.empty() ? &*found
                                                                                  : nullptr;
}

bool Compaction::vector_of(const Form& old, Slot slot, std::vector<float>& row) {
  if (old.options.originals == Originals::None) {
    old.index->decode(slot, row);
    return true;
  }
  if (old.originals.copy(slot, row)) return true;
  const Fetched* here = fetched(slot);
  if (here != nullptr) row = here->vector;
  return here != nullptr;
}

Result<Compaction::Needs> Compaction::ask(Form& old) {
  // Asked for the same document again, the host could not keep all that was asked for: ask for
  // less.
  const std::size_t limit = asked_ == next_ ? 1 : kLookAhead;
  asked_ = next_;
  Needs out;
  std::vector<Ordinal> ordinals;
  std::vector<float> row(old.options.dimension);
  for (Ordinal ordinal = next_; ordinal < live_.size() && ordinals.size() < limit; ++ordinal) {
    if (!live_.test(ordinal)) continue;
    ordinals.push_back(ordinal);
    const SlotRange range = old.slots.of(ordinal);
    const bool room =
        ordinals.size() == 1 || out.originals.size() * row.size() * sizeof(float) < kLookAheadBytes;
    if (range.count > 0 && room && !vector_of(old, range.first, row))
      out.originals.push_back(range.first);
  }
  sort_numbers(out.originals, std::less<>{});
  out.blocks = old.documents.missing(ordinals);
  std::uint64_t bytes = 0;
  std::size_t kept = 0;
  while (kept < out.blocks.size() && (kept == 0 || bytes < kLookAheadBytes))
    bytes += out.blocks[kept++].length;
  out.blocks.resize(kept);
  return out;
}

Error Compaction::lost(std::string_view what) const {
  return {ErrorCode::Corrupt,
          std::string(what) + " of ordinal " + std::to_string(next_) + " is in no block"};
}

Status Compaction::supply(std::span<const Slot> slots, ByteView rows) {
  const Originals kept = form_.options.originals;
  const std::size_t row_bytes = original_bytes(form_.options.dimension, kept);
  if (rows.size() != slots.size() * row_bytes) {
    return Error{ErrorCode::Corrupt, std::to_string(slots.size()) + " original vectors have " +
                                         std::to_string(slots.size() * row_bytes) + " bytes, got " +
                                         std::to_string(rows.size())};
  }
  std::erase_if(fetched_, [](const Fetched& each) { return each.vector.empty(); });
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Fetched row{slots[i], std::vector<float>(form_.options.dimension)};
    read_original(rows.subspan(i * row_bytes, row_bytes), kept, row.vector);
    const Status finite = validate_vector(row.vector);
    if (!finite)
      return Error{ErrorCode::Corrupt,
                   "original of slot " + std::to_string(slots[i]) + ": " + finite.error().message};
    if (fetched(slots[i]) == nullptr) fetched_.push_back(std::move(row));
  }
  sort_items(fetched_, [](const Fetched& a, const Fetched& b) { return a.slot < b.slot; });
  return Done{};
}

bool Compaction::batch_is_full() const noexcept {
  return batch_.count() >= kBatchDocuments || batch_.size_bytes() >= kBatchBytes;
}

void Compaction::begin_batch() {
  WriteEncoder full = std::exchange(batch_, WriteEncoder(WriteMode::Insert));
  applying_.emplace(form_, std::move(full).take());
}

Form Compaction::finish() && {
  assert(next_ >= live_.size());
  while (applying_ || !writes_.empty()) {
    Budget unlimited;
    if (!applying_) {
      applying_.emplace(form_, std::move(writes_.front()));
      writes_.pop_front();
    }
    if (applying_->step(form_, unlimited)) applying_.reset();
  }
  form_.restart_all = true;
  return std::move(form_);
}

}  // namespace corsac::collection
