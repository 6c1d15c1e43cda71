#include "text/tokenizer.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/utf8.h"
#include "text/identifier_parts.h"
#include "text/unicode_table.h"
#include "text/word_break.h"

namespace corsac::text {
namespace {

constexpr std::size_t kMaxLocalPart = 64, kMaxDomain = 255;  // RFC 5321, 4.5.3.1

bool is_mark(std::uint16_t record) noexcept {
  const BreakClass c = break_class(record);
  return c == BreakClass::Extend || c == BreakClass::Format || c == BreakClass::Zwj;
}

// Vowels and finals of decomposed Hangul, which belong to the syllable before them.
bool is_syllable_tail(char32_t code_point) noexcept {
  return (code_point >= 0x1160 && code_point <= 0x11FF) ||
         (code_point >= 0xD7B0 && code_point <= 0xD7FF);
}

bool is_address_byte(char c, std::string_view punctuation) noexcept {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         punctuation.find(c) != std::string_view::npos;
}

class Tokenizer {
 public:
  Tokenizer(std::string_view text, const TokenizerOptions& options, std::vector<Token>& tokens)
      : text_(text), options_(options), tokens_(tokens) {}

  void run() {
    WordBreaker breaker(text_);
    for (Segment segment; breaker.next(segment);) {
      const std::uint16_t bits = segment.bits();
      if ((bits & kIdeogram) != 0) {
        add_mixed(segment);
      } else if ((bits & (kWord | kEmoji)) != 0) {
        flush_ideograms();
        add_word(segment.start, segment.end, segment.first, segment.rest);
      } else if (text_[segment.start] == '@') {
        add_address(segment.start);
      }
    }
    flush_ideograms();
  }

 private:
  void add(std::size_t start, std::size_t end, TokenKind kind) {
    tokens_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), kind});
  }

  void add_word(std::size_t start, std::size_t end, std::uint16_t first, std::uint16_t rest) {
    const bool joined = ((first | rest) & kJoiner) != 0;
    if (joined && options_.elision) {
      if (const std::size_t after = after_apostrophe(start, end); after != start) {
        add(start, after - apostrophe_length(after), TokenKind::Word);
        start = after;
      }
    }
    add(start, end, TokenKind::Word);
    const bool mixed_case = (rest & kUpper) != 0 && ((first | rest) & kLower) != 0;
    if (joined || mixed_case) append_identifier_parts(text_, start, end, tokens_);
  }

  // Where the word goes on after its first apostrophe; `start` when it has none inside.
  std::size_t after_apostrophe(std::size_t start, std::size_t end) const noexcept {
    for (std::size_t at = start; at < end;) {
      const char32_t code_point = next_code_point(text_, at);
      if ((code_point == '\'' || code_point == 0x2019) && at < end) return at;
    }
    return start;
  }
  std::size_t apostrophe_length(std::size_t after) const noexcept {
    return text_[after - 1] == '\'' ? 1 : 3;
  }

  // A segment with ideograms may hold letters as well: each stretch of those is a word.
  void add_mixed(const Segment& segment) {
    std::size_t word_start = segment.start;
    std::uint16_t word_first = 0, word_rest = 0;
    const auto end_word = [&](std::size_t end) {
      if (((word_first | word_rest) & kWord) != 0) {
        flush_ideograms();
        add_word(word_start, end, word_first, word_rest);
      }
      word_first = word_rest = 0;
    };
    for (std::size_t at = segment.start; at < segment.end;) {
      const std::size_t here = at;
      const char32_t code_point = next_code_point(text_, at);
      const std::uint16_t record = character_record(code_point);
      const bool follows_ideogram =
          word_first == 0 && !ideograms_.empty() && ideograms_.back().end == here;
      if (follows_ideogram && (is_mark(record) || is_syllable_tail(code_point))) {
        ideograms_.back().end = static_cast<std::uint32_t>(at);
      } else if ((record & kIdeogram) != 0) {
        end_word(here);
        add_ideogram(here, at);
      } else if (word_first == 0) {
        word_start = here;
        word_first = record;
      } else {
        word_rest |= record;
      }
    }
    end_word(segment.end);
  }

  void add_ideogram(std::size_t start, std::size_t end) {
    if (!ideograms_.empty() && ideograms_.back().end != start) flush_ideograms();
    ideograms_.push_back(
        {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), TokenKind::Member});
  }

  void flush_ideograms() {
    if (ideograms_.size() == 1) ideograms_.front().kind = TokenKind::Character;
    for (std::size_t i = 0; i < ideograms_.size(); ++i) {
      tokens_.push_back(ideograms_[i]);
      if (i + 1 < ideograms_.size())
        add(ideograms_[i].start, ideograms_[i + 1].end, TokenKind::Pair);
    }
    ideograms_.clear();
  }

  void add_address(std::size_t sign) {
    std::size_t start = sign, end = sign + 1;
    while (start > 0 && sign - start < kMaxLocalPart && is_address_byte(text_[start - 1], "._%+-"))
      --start;
    while (end < text_.size() && end - sign <= kMaxDomain && is_address_byte(text_[end], ".-"))
      ++end;
    while (end > sign + 1 && (text_[end - 1] == '.' || text_[end - 1] == '-')) --end;
    if (start < sign && end > sign + 1) add(start, end, TokenKind::Address);
  }

  std::string_view text_;
  const TokenizerOptions& options_;
  std::vector<Token>& tokens_;
  std::vector<Token> ideograms_;  // The run being read; neighbours touch.
};

}  // namespace

void tokenize(std::string_view text, const TokenizerOptions& options, std::vector<Token>& tokens) {
  assert(text.size() <= std::numeric_limits<std::uint32_t>::max());
  tokens.clear();
  Tokenizer(text, options, tokens).run();
}

void tokenize_simple(std::string_view text, std::vector<Token>& tokens) {
  assert(text.size() <= std::numeric_limits<std::uint32_t>::max());
  tokens.clear();
  std::size_t start = 0;
  const auto end_word = [&](std::size_t end) {
    if (end > start)
      tokens.push_back(
          {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), TokenKind::Word});
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if ((character_record(next_code_point(text, at)) & kAlphanumeric) != 0) continue;
    end_word(here);
    start = at;
  }
  end_word(text.size());
}

}  // namespace corsac::text
