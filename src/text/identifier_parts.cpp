#include "text/identifier_parts.h"

#include "base/utf8.h"
#include "text/unicode_table.h"

namespace corsac::text {
namespace {

class Splitter {
 public:
  Splitter(std::string_view text, std::size_t start, std::size_t end, std::vector<Token>& tokens)
      : text_(text), start_(start), end_(end), tokens_(tokens), part_(start), digits_(start) {}

  void run() {
    for (std::size_t at = start_; at < end_;) {
      const std::size_t here = at;
      const char32_t code_point = next_code_point(text_, at);  // moves `at` before it is passed on
      read(here, at, code_point);
    }
    finish(end_);
  }

 private:
  void read(std::size_t here, std::size_t after, char32_t code_point) {
    const std::uint16_t record = character_record(code_point);
    const BreakClass c = break_class(record);
    if (c == BreakClass::Extend || c == BreakClass::Format || c == BreakClass::Zwj) return;
    if ((record & kJoiner) != 0) {
      if (continues_number(c)) return;
      if (c != BreakClass::SingleQuote && code_point != 0x2019) cut(here, after);
    } else {
      if ((record & kUpper) != 0 && (last_ & kLower) != 0) cut(here, here);
      // The capital before two small letters begins a word; before one it does not (RNAs, TNF
      // alpha).
      const bool second_small = (record & kLower) != 0 && (last_ & kLower) != 0;
      if (second_small && (before_last_ & kUpper) != 0 && (third_last_ & kUpper) != 0)
        cut(capital_, capital_);
      if ((record & kDigit) != 0 && (last_ & kDigit) == 0) digits_ = here;
    }
    if ((record & kUpper) != 0) capital_ = here;
    third_last_ = before_last_;
    before_last_ = last_;
    last_ = record;
  }

  // A point or comma between digits: the number is a part of its own if letters stand before it.
  bool continues_number(BreakClass c) {
    if ((last_ & kDigit) == 0 || c == BreakClass::ExtendNumLet) return false;
    cut(digits_, digits_);
    return true;
  }

  void cut(std::size_t end, std::size_t next) {
    if (end > part_) add(part_, end);
    part_ = next;
  }

  void finish(std::size_t end) {
    if (part_ > start_ && end > part_) add(part_, end);
  }

  void add(std::size_t start, std::size_t end) {
    std::size_t at = start;
    next_code_point(text_, at);
    if (at >= end) return;
    tokens_.push_back(
        {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), TokenKind::Part});
  }

  std::string_view text_;
  std::size_t start_, end_;
  std::vector<Token>& tokens_;
  std::size_t part_;         // Where the current part began.
  std::size_t digits_;       // Where the last run of digits began.
  std::size_t capital_ = 0;  // The last capital.
  std::uint16_t last_ = 0, before_last_ = 0, third_last_ = 0;  // Records of the letters just read.
};

}  // namespace

void append_identifier_parts(std::string_view text, std::size_t start, std::size_t end,
                             std::vector<Token>& tokens) {
  Splitter(text, start, end, tokens).run();
}

}  // namespace corsac::text
