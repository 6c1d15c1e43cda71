#include "text/word_break.h"

#include <array>
#include <initializer_list>

#include "base/utf8.h"
#include "text/unicode_table.h"

namespace corsac::text {
namespace {

// What stands to the left. The last three wait: whether the punctuation they end with belongs to
// the word depends on what follows it.
enum State : std::uint8_t {
  kAny,
  kReturn,
  kLine,
  kSpace,
  kLetter,
  kHebrew,
  kHebrewQuote,
  kNumber,
  kKatakana,
  kExtender,
  kFlagHalf,
  kFlag,
  kLetterMid,
  kHebrewMid,
  kNumberMid,
  kStateCount,
};
enum Action : std::uint8_t {
  kBreak = 0,        // A boundary lies before this code point.
  kJoin = 0x10,      // It belongs to the segment.
  kWait = 0x20,      // It does if the next one agrees.
  kReturnTo = 0x30,  // The one before did not belong: the boundary lies before that.
};
constexpr std::uint8_t kStateMask = 0x0F;
static_assert(kStateCount <= kStateMask + 1);

using Row = std::array<std::uint8_t, kBreakClassCount>;
using Machine = std::array<Row, kStateCount>;

constexpr std::size_t index_of(BreakClass c) { return static_cast<std::size_t>(c); }

constexpr std::uint8_t first_state(BreakClass c) {
  switch (c) {
    case BreakClass::CR: return kReturn;
    case BreakClass::LF:
    case BreakClass::Newline: return kLine;
    case BreakClass::WSegSpace: return kSpace;
    case BreakClass::ALetter: return kLetter;
    case BreakClass::HebrewLetter: return kHebrew;
    case BreakClass::Numeric: return kNumber;
    case BreakClass::Katakana: return kKatakana;
    case BreakClass::ExtendNumLet: return kExtender;
    case BreakClass::RegionalIndicator: return kFlagHalf;
    default: return kAny;
  }
}

constexpr void set(Row& row, Action action, std::initializer_list<BreakClass> classes) {
  for (const BreakClass c : classes) {
    row[index_of(c)] = static_cast<std::uint8_t>(action | first_state(c));
  }
}
constexpr void set(Row& row, Action action, State next, std::initializer_list<BreakClass> classes) {
  for (const BreakClass c : classes)
    row[index_of(c)] = static_cast<std::uint8_t>(static_cast<int>(action) | static_cast<int>(next));
}

// WB3 to WB16 as a table. WB3c (emoji joined by a zero width joiner) needs the code point's own
// property and is handled beside it.
constexpr Machine make_machine() {
  using enum BreakClass;
  Machine machine{};
  for (std::uint8_t state = 0; state < kStateCount; ++state) {
    Row& row = machine[state];
    const bool waits = state >= kLetterMid;
    for (std::size_t c = 0; c < kBreakClassCount; ++c) {
      row[c] = static_cast<std::uint8_t>((waits ? kReturnTo : kBreak) |
                                         first_state(static_cast<BreakClass>(c)));
    }
    if (state != kReturn &&
        state != kLine) {  // WB4; a space followed by a mark is no run of spaces.
      set(row, kJoin, state == kSpace ? kAny : static_cast<State>(state), {Extend, Format, Zwj});
    }
  }
  set(machine[kReturn], kJoin, {LF});
  set(machine[kSpace], kJoin, {WSegSpace});
  for (const State state : {kLetter, kHebrew}) {
    set(machine[state], kJoin, {ALetter, HebrewLetter, Numeric, ExtendNumLet});
    set(machine[state], kWait, kLetterMid, {MidLetter, MidNumLet, SingleQuote});
  }
  set(machine[kHebrew], kJoin, kHebrewQuote, {SingleQuote});  // WB7a holds whatever follows.
  set(machine[kHebrew], kWait, kHebrewMid, {DoubleQuote});
  set(machine[kHebrewQuote], kJoin, {ALetter, HebrewLetter});
  set(machine[kLetterMid], kJoin, {ALetter, HebrewLetter});
  set(machine[kHebrewMid], kJoin, {HebrewLetter});
  set(machine[kNumber], kJoin, {ALetter, HebrewLetter, Numeric, ExtendNumLet});
  set(machine[kNumber], kWait, kNumberMid, {MidNum, MidNumLet, SingleQuote});
  set(machine[kNumberMid], kJoin, {Numeric});
  set(machine[kKatakana], kJoin, {Katakana, ExtendNumLet});
  set(machine[kExtender], kJoin, {ExtendNumLet, ALetter, HebrewLetter, Numeric, Katakana});
  set(machine[kFlagHalf], kJoin, kFlag, {RegionalIndicator});
  return machine;
}

constexpr Machine kMachine = make_machine();

std::uint16_t read_record(std::string_view text, std::size_t& at) noexcept {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) {
    ++at;
    return kAsciiRecords[byte];
  }
  return character_record(next_code_point(text, at));
}

// Most of most texts. They leave the state as it is.
void skip_ascii_letters(std::string_view text, std::size_t& at, std::uint16_t& bits,
                        bool& after_joiner) noexcept {
  const std::size_t start = at;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80 || break_class(kAsciiRecords[byte]) != BreakClass::ALetter) break;
    bits |= kAsciiRecords[byte];
    ++at;
  }
  if (at > start) after_joiner = false;
}

}  // namespace

bool WordBreaker::next(Segment& segment) noexcept {
  if (at_ >= text_.size()) return false;
  std::size_t at = at_;
  segment.start = at_;
  segment.first = read_record(text_, at);
  segment.rest = 0;
  std::uint8_t state = first_state(break_class(segment.first));
  bool after_joiner = break_class(segment.first) == BreakClass::Zwj;
  std::size_t waiting_at = at;
  std::uint16_t waiting_rest = 0;

  while (at < text_.size()) {
    if (state == kLetter) {
      skip_ascii_letters(text_, at, segment.rest, after_joiner);
      if (at == text_.size()) break;
    }
    const std::size_t here = at;
    const std::uint16_t record = read_record(text_, at);
    std::uint8_t step = kMachine[state][index_of(break_class(record))];
    if (after_joiner && (record & kPictograph) != 0 && (step & ~kStateMask) == kBreak) {
      step = static_cast<std::uint8_t>(kJoin | (step & kStateMask));  // WB3c
    }
    const int action = step & ~kStateMask;
    if (action == kBreak) {
      at = here;
      break;
    }
    if (action == kReturnTo) {
      at = waiting_at;
      segment.rest = waiting_rest;
      state = kAny;
      break;
    }
    if (action == kWait) {
      waiting_at = here;
      waiting_rest = segment.rest;
    }
    segment.rest |= record;
    after_joiner = break_class(record) == BreakClass::Zwj;
    state = step & kStateMask;
  }
  if (state >= kLetterMid) {  // The text ended while waiting.
    at = waiting_at;
    segment.rest = waiting_rest;
  }
  segment.end = at_ = at;
  return true;
}

}  // namespace corsac::text
