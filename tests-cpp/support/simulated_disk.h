// A home that remembers what is live and what is durable, and can lose power: every effect since
// the last strict batch is then kept, dropped, torn or turned into garbage, each by itself and in
// any combination, also within one batch. Bytes that an effect did not write are never harmed.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "storage/effect.h"

namespace corsac::testing {

class SimulatedDisk {
 public:
  using Effect = storage::Effect;
  using EffectKind = storage::EffectKind;

  /// Executes a batch. False, and `why` is set, when the home would refuse it: the protocol is
  /// broken.
  bool execute(const storage::EffectBatch& batch) {
    for (const Effect& effect : batch.effects) {
      if (!perform(effect)) return false;
    }
    if (batch.strict) sync();
    return true;
  }

  /// A batch that fails: some of its effects, perhaps all, are there all the same, the last perhaps
  /// in part.
  void execute_failing(const storage::EffectBatch& batch, Random& random) {
    std::size_t count = random.below(batch.effects.size() + 1);
    for (const Effect& effect : batch.effects) {
      if (count-- == 0) {
        Effect part = effect;
        part.bytes.resize(random.below(part.bytes.size() + 1));
        if (effect.kind != EffectKind::Root && !part.bytes.empty()) perform(part);
        return;
      }
      perform(effect);
    }
  }

  void sync() {
    durable_ = live_;
    unsynced_.clear();
  }

  /// The process dies: what was handed over stays in the system's cache, as unsafe as before.
  void kill() {}

  /// The power fails.
  void lose_power(Random& random) {
    Contents after = std::move(durable_);
    for (const Effect& effect : unsynced_) survive(after, effect, random);
    live_ = after;
    durable_ = std::move(after);
    unsynced_.clear();
  }

  storage::RootPair roots(const std::string& name) const {
    storage::RootPair pair;
    for (std::uint64_t slot = 0; slot < 2; ++slot) {
      if (const auto found = live_.roots.find({name, slot}); found != live_.roots.end())
        pair.slots[slot] = found->second;
    }
    return pair;
  }
  std::vector<storage::BlobInfo> blobs(std::string_view prefix) const {
    std::vector<storage::BlobInfo> out;
    for (const auto& [name, bytes] : live_.blobs) {
      if (name.starts_with(prefix)) out.push_back({name, bytes.size()});
    }
    return out;
  }
  /// Fewer bytes than asked for at the end of a blob, none when it does not exist.
  Bytes read(const storage::ReadRequest& request) const {
    const auto found = live_.blobs.find(request.name);
    if (found == live_.blobs.end() || request.offset > found->second.size()) return {};
    const std::size_t length =
        std::min<std::uint64_t>(request.length, found->second.size() - request.offset);
    const auto begin = found->second.begin() + static_cast<std::ptrdiff_t>(request.offset);
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(length));
  }

  /// For tests that damage what is stored.
  std::map<std::string, Bytes>& live_blobs() { return live_.blobs; }
  std::map<std::pair<std::string, std::uint64_t>, Bytes>& live_roots() { return live_.roots; }
  std::size_t unsynced() const { return unsynced_.size(); }
  const std::string& why() const { return why_; }

 private:
  struct Contents {
    std::map<std::string, Bytes> blobs;
    std::map<std::pair<std::string, std::uint64_t>, Bytes> roots;
  };

  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }

  bool perform(const Effect& effect) {
    const auto found = live_.blobs.find(effect.name);
    switch (effect.kind) {
      case EffectKind::Put:
        if (found != live_.blobs.end()) return refuse("put over " + effect.name);
        live_.blobs[effect.name] = effect.bytes;
        break;
      case EffectKind::Append:
        if (found == live_.blobs.end() || found->second.size() != effect.offset)
          return refuse("append to " + effect.name);
        found->second.insert(found->second.end(), effect.bytes.begin(), effect.bytes.end());
        break;
      case EffectKind::Root: live_.roots[{effect.name, effect.offset}] = effect.bytes; break;
      case EffectKind::Delete:
        live_.blobs.erase(effect.name);
        live_.roots.erase({effect.name, 0});
        live_.roots.erase({effect.name, 1});
        break;
    }
    if (effect.bytes.size() > (std::size_t{1} << 20))
      return refuse("an effect above 1 MiB on " + effect.name);
    unsynced_.push_back(effect);
    return true;
  }

  static void survive(Contents& after, const Effect& effect, Random& random) {
    const std::uint64_t fate = random.below(4);
    if (fate == 0) return;  // dropped
    if (effect.kind == EffectKind::Delete) {
      after.blobs.erase(effect.name);
      after.roots.erase({effect.name, 0});
      after.roots.erase({effect.name, 1});
      return;
    }
    const bool root = effect.kind == EffectKind::Root;
    Bytes& into = root ? after.roots[{effect.name, effect.offset}] : after.blobs[effect.name];
    const std::uint64_t at = effect.kind == EffectKind::Append ? effect.offset : 0;
    if (fate != 1) return tear(into, at, effect.bytes, random);
    if (root) into.clear();
    into.resize(std::max<std::uint64_t>(into.size(), at + effect.bytes.size()));
    std::ranges::copy(effect.bytes, into.begin() + static_cast<std::ptrdiff_t>(at));
  }

  // Each block of the write arrives, stays as it was, or becomes garbage; the length may fall
  // short.
  static void tear(Bytes& into, std::uint64_t at, const Bytes& bytes, Random& random) {
    static constexpr std::uint64_t kBlocks[] = {8, 512, 4096};
    const std::uint64_t block = kBlocks[random.below(3)];
    std::uint64_t length = bytes.size();
    if (random.below(2) == 0) length = random.below(length + 1);
    if (into.size() < at + length) into.resize(at + length);
    for (std::uint64_t begin = 0; begin < length; begin += block) {
      const std::uint64_t fate = random.below(8);
      for (std::uint64_t i = begin; i < std::min(begin + block, length); ++i) {
        if (fate == 0) continue;
        into[at + i] = fate == 1 ? static_cast<std::byte>(random.next()) : bytes[i];
      }
    }
  }

  Contents live_, durable_;
  std::vector<Effect> unsynced_;
  std::string why_;
};

}  // namespace corsac::testing
