#include "base/unicode_forms.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "base/sort.h"
#include "base/unicode_forms_data.h"

namespace corsac {
namespace {

// Hangul syllables are made of their letters by arithmetic (Unicode, section 3.12).
constexpr char32_t kSyllables = 0xAC00, kLeading = 0x1100, kVowels = 0x1161, kTrailing = 0x11A7;
constexpr char32_t kLeadingCount = 19, kVowelCount = 21, kTrailingCount = 28;
constexpr char32_t kSyllableCount = kLeadingCount * kVowelCount * kTrailingCount;

class Reader {
 public:
  explicit Reader(const std::uint8_t* at) noexcept : at_(at) {}
  std::uint32_t number() noexcept {
    std::uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      value |= (*at_ & 127u) << shift;
      if (*at_++ < 128) return value;
    }
  }
  std::uint32_t signed_number() noexcept {
    const std::uint32_t value = number();
    return value >> 1 ^ (0u - (value & 1));
  }

 private:
  const std::uint8_t* at_;
};

/// A code point's mapping to none, one or several.
class Mapping {
 public:
  explicit Mapping(Reader& in) : sources_(in.number()), ends_(sources_.size()) {
    char32_t source = 0;
    for (char32_t& each : sources_) each = source += in.number();
    std::uint32_t end = 0;
    for (std::uint32_t& each : ends_) each = end += in.number();
    targets_.reserve(end);
    std::vector<char32_t> last(32, 0);
    for (std::size_t i = 0, place = 0; targets_.size() < end; ++place) {
      while (targets_.size() == ends_[i]) {
        ++i;
        place = 0;
      }
      targets_.push_back(last[place] += in.signed_number());
    }
  }

  bool has(char32_t source) const noexcept {
    return std::binary_search(sources_.begin(), sources_.end(), source);
  }
  /// Null where there is no mapping; `length` then stays what it is.
  const char32_t* find(char32_t source, std::size_t& length) const noexcept {
    const auto found = std::lower_bound(sources_.begin(), sources_.end(), source);
    if (found == sources_.end() || *found != source) return nullptr;
    const auto at = static_cast<std::size_t>(found - sources_.begin());
    const std::size_t first = at == 0 ? 0 : ends_[at - 1];
    length = ends_[at] - first;
    return targets_.data() + first;
  }

  /// Calls visit(source, targets) for each in ascending order.
  template <class Visit>
  void for_each(Visit visit) const {
    std::size_t first = 0;
    for (std::size_t i = 0; i < sources_.size(); first = ends_[i++])
      visit(sources_[i], std::span(targets_).subspan(first, ends_[i] - first));
  }

 private:
  std::vector<char32_t> sources_;    // ascending
  std::vector<std::uint32_t> ends_;  // of each one's targets
  std::vector<char32_t> targets_;
};

/// One value for each code point, in runs.
class Runs {
 public:
  explicit Runs(Reader& in) : ends_(in.number()), values_(ends_.size()) {
    char32_t end = 0;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      ends_[i] = end += in.number();
      values_[i] = static_cast<std::uint8_t>(in.number());
    }
  }
  std::uint8_t operator[](char32_t code_point) const noexcept {
    const auto run = std::upper_bound(ends_.begin(), ends_.end(), code_point);
    return run == ends_.end() ? std::uint8_t{0}
                              : values_[static_cast<std::size_t>(run - ends_.begin())];
  }

 private:
  std::vector<char32_t> ends_;
  std::vector<std::uint8_t> values_;
};

struct Pair {
  char32_t first, second, composed;
  friend bool operator<(const Pair& a, const Pair& b) noexcept {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
  }
};

// Members are read from the stream in the order in which they are declared.
struct Forms {
  Reader in{kUnicodeForms};
  Mapping canonical{in};  // one step
  Mapping foldings{in};   // those that do not follow from the parts
  Mapping lower{in};
  Mapping excluded{in};  // never composed
  Runs classes{in};
  Runs kinds{in};
  std::vector<Pair> pairs;  // sorted

  Forms() {
    canonical.for_each([&](char32_t source, std::span<const char32_t> parts) {
      if (parts.size() == 2 && !excluded.has(source)) pairs.push_back({parts[0], parts[1], source});
    });
    sort_items(pairs, std::less<>{});
  }
};

const Forms& forms() {
  static const Forms tables;
  return tables;
}

bool is_syllable(char32_t code_point) noexcept {
  return code_point - kSyllables < kSyllableCount;  // Below, this wraps around and is large.
}

void append_letters(std::u32string& out, char32_t syllable) {
  const char32_t index = syllable - kSyllables;
  out += kLeading + index / (kVowelCount * kTrailingCount);
  out += kVowels + index / kTrailingCount % kVowelCount;
  if (index % kTrailingCount != 0) out += kTrailing + index % kTrailingCount;
}

/// What two code points become, or 0.
char32_t composed(char32_t first, char32_t second) {
  if (first - kLeading < kLeadingCount && second - kVowels < kVowelCount)
    return kSyllables + ((first - kLeading) * kVowelCount + (second - kVowels)) * kTrailingCount;
  if (is_syllable(first) && (first - kSyllables) % kTrailingCount == 0 && second > kTrailing &&
      second < kTrailing + kTrailingCount)
    return first + (second - kTrailing);
  const std::vector<Pair>& pairs = forms().pairs;
  const auto found = std::lower_bound(pairs.begin(), pairs.end(), Pair{first, second, 0});
  const bool is_pair = found != pairs.end() && found->first == first && found->second == second;
  return is_pair ? found->composed : 0;
}

/// Canonical ordering (D109): by combining class between starters, stably.
void order_marks(std::u32string& points) {
  const Runs& classes = forms().classes;
  for (auto run = points.begin(); run != points.end();) {
    run = std::find_if(run, points.end(), [&](char32_t point) { return classes[point] != 0; });
    const auto end =
        std::find_if(run, points.end(), [&](char32_t point) { return classes[point] == 0; });
    // Runs are short: an insertion sort needs no memory.
    for (auto at = run; at != end; ++at) {
      const auto place = std::upper_bound(
          run, at, *at, [&](char32_t a, char32_t b) { return classes[a] < classes[b]; });
      std::rotate(place, at, at + 1);
    }
    run = end;
  }
}

}  // namespace

CharacterKind character_kind(char32_t code_point) {
  return static_cast<CharacterKind>(forms().kinds[code_point]);
}

void append_decomposed(std::u32string& out, char32_t code_point) {
  if (is_syllable(code_point)) return append_letters(out, code_point);
  std::size_t length = 0;
  const char32_t* const parts = forms().canonical.find(code_point, length);
  if (parts == nullptr) {
    out += code_point;
    return;
  }
  for (std::size_t i = 0; i < length; ++i) append_decomposed(out, parts[i]);
}

void append_case_folded(std::u32string& out, char32_t code_point) {
  std::size_t length = 0;
  const char32_t* const folding = forms().foldings.find(code_point, length);
  if (folding != nullptr) {
    out.append(folding, length);
    return;
  }
  std::u32string parts;
  append_decomposed(parts, code_point);
  if (parts.front() == code_point) {
    out += code_point;
    return;
  }
  for (const char32_t part : parts) append_case_folded(out, part);
}

void compose(std::u32string& points) {
  order_marks(points);
  const Runs& classes = forms().classes;
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t size = 0, starter = kNone;
  unsigned last_class = 0;  // of what stands between the starter and the next code point
  for (const char32_t point : points) {
    const unsigned own_class = classes[point];
    // A mark is blocked by one of its class or higher before it (D115).
    const bool is_next = starter != kNone && starter + 1 == size;
    if (starter != kNone && (is_next || (last_class < own_class && last_class != 0))) {
      if (const char32_t whole = composed(points[starter], point); whole != 0) {
        points[starter] = whole;
        continue;
      }
    }
    if (own_class == 0) starter = size;
    last_class = own_class;
    points[size++] = point;
  }
  points.resize(size);
}

char32_t lower_case(char32_t code_point) {
  std::size_t length = 0;
  const char32_t* const lower = forms().lower.find(code_point, length);
  return lower == nullptr ? code_point : *lower;
}

}  // namespace corsac
