#include "text/english_stemmer.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace corsac::text {
namespace {

struct Rule {
  std::string_view ending;
  std::string_view replacement;
};

constexpr std::string_view kUnchanged[] = {"sky",    "news", "howe", "atlas",
                                           "cosmos", "bias", "andes"};
constexpr Rule kIrregular[] = {{"skis", "ski"},     {"skies", "sky"},   {"idly", "idl"},
                               {"gently", "gentl"}, {"ugly", "ugli"},   {"early", "earli"},
                               {"only", "onli"},    {"singly", "singl"}};
// These are what they are once a plural s is off.
constexpr std::string_view kUnchangedSingulars[] = {
    "inning", "outing", "canning", "herring", "earring", "evening", "proceed", "exceed", "succeed"};
// The first region of these begins right after them.
constexpr std::string_view kWholePrefixes[] = {"gener", "commun", "arsen", "past", "univers",
                                               "later", "emerg",  "organ", "inter"};

// Longer endings stand before the shorter ones that they end in.
constexpr Rule kStep2[] = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"},   {"anci", "ance"},
    {"abli", "able"},   {"entli", "ent"},   {"ization", "ize"}, {"izer", "ize"},
    {"ation", "ate"},   {"ator", "ate"},    {"alism", "al"},    {"aliti", "al"},
    {"alli", "al"},     {"fulness", "ful"}, {"ousness", "ous"}, {"ousli", "ous"},
    {"iveness", "ive"}, {"iviti", "ive"},   {"biliti", "ble"},  {"bli", "ble"},
    {"ogist", "og"},    {"ogi", "og"},      {"fulli", "ful"},   {"lessli", "less"},
    {"li", ""}};
constexpr Rule kStep3[] = {{"ational", "ate"}, {"tional", "tion"}, {"alize", "al"},
                           {"icate", "ic"},    {"iciti", "ic"},    {"ical", "ic"},
                           {"ful", ""},        {"ness", ""},       {"ative", ""}};
constexpr Rule kStep4[] = {{"ement", ""}, {"ment", ""}, {"ance", ""}, {"ence", ""}, {"able", ""},
                           {"ible", ""},  {"ant", ""},  {"ent", ""},  {"ism", ""},  {"ate", ""},
                           {"iti", ""},   {"ous", ""},  {"ive", ""},  {"ize", ""},  {"ion", ""},
                           {"al", ""},    {"er", ""},   {"ic", ""}};

bool is_one_of(char c, std::string_view set) noexcept {
  return set.find(c) != std::string_view::npos;
}
// A y that acts as a consonant is written Y while a word is worked on.
bool is_vowel(char c) noexcept { return is_one_of(c, "aeiouy"); }

class Word {
 public:
  explicit Word(std::string& text) : text_(text) {}

  void stem() {
    if (text_.front() == '\'') text_.erase(0, 1);
    mark_consonant_y();
    mark_regions();
    drop_possessive();
    drop_plural();
    if (std::ranges::find(kUnchangedSingulars, text_) == std::end(kUnchangedSingulars)) {
      drop_past_and_gerund();
      if (size() > 2 && is_one_of(text_.back(), "yY") && !is_vowel(text_[size() - 2]))
        text_.back() = 'i';
      apply_step2();
      apply_step3();
      apply_step4();
      drop_final_letter();
    }
    std::ranges::replace(text_, 'Y', 'y');
  }

 private:
  std::size_t size() const noexcept { return text_.size(); }
  bool ends(std::string_view ending) const noexcept { return text_.ends_with(ending); }
  void drop(std::size_t count) { text_.resize(size() - std::min(count, size())); }
  void replace_end(std::size_t count, std::string_view by) {
    drop(count);
    text_ += by;
  }
  bool in_first_region(std::string_view ending) const noexcept {
    return size() - ending.size() >= first_region_;
  }
  bool in_second_region(std::string_view ending) const noexcept {
    return size() - ending.size() >= second_region_;
  }

  void mark_consonant_y() {
    for (std::size_t i = 0; i < size(); ++i) {
      if (text_[i] == 'y' && (i == 0 || is_vowel(text_[i - 1]))) text_[i] = 'Y';
    }
  }

  // Behind the first consonant that follows a vowel.
  std::size_t region_after(std::size_t start) const noexcept {
    for (std::size_t i = start + 1; i < size(); ++i) {
      if (!is_vowel(text_[i]) && is_vowel(text_[i - 1])) return i + 1;
    }
    return size();
  }
  void mark_regions() {
    const auto* prefix = std::ranges::find_if(
        kWholePrefixes, [&](std::string_view p) { return text_.starts_with(p); });
    first_region_ = prefix != std::end(kWholePrefixes) ? prefix->size() : region_after(0);
    second_region_ = region_after(first_region_);
  }

  // Of the first `length` letters: consonant, vowel, consonant other than w, x, Y; or just vowel,
  // consonant.
  bool ends_short(std::size_t length) const noexcept {
    const std::string_view part = std::string_view(text_).substr(0, length);
    if (part.ends_with("past")) return true;
    if (length < 2 || is_vowel(part[length - 1]) || !is_vowel(part[length - 2])) return false;
    return length == 2 || (!is_vowel(part[length - 3]) && !is_one_of(part[length - 1], "wxY"));
  }
  bool has_vowel(std::size_t length) const noexcept {
    return std::any_of(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(length),
                       is_vowel);
  }

  void drop_possessive() {
    for (const std::string_view ending : {"'s'", "'s", "'"}) {
      if (ends(ending)) return drop(ending.size());
    }
  }

  void drop_plural() {
    if (ends("sses")) return drop(2);
    if (ends("ied") || ends("ies")) return drop(size() > 4 ? 2 : 1);
    if (ends("us") || ends("ss") || !ends("s")) return;
    if (size() > 2 && has_vowel(size() - 2)) drop(1);
  }

  void drop_past_and_gerund() {
    for (const std::string_view ending : {"eedly", "eed"}) {
      if (!ends(ending)) continue;
      if (in_first_region(ending)) replace_end(ending.size(), "ee");
      return;
    }
    for (const std::string_view ending : {"ingly", "edly", "ing", "ed"}) {
      if (!ends(ending)) continue;
      const std::size_t left = size() - ending.size();
      if (ending == "ing" && left == 2 && text_[1] == 'y' && !is_vowel(text_[0]))
        return replace_end(4, "ie");
      if (!has_vowel(left)) return;
      drop(ending.size());
      return mend_end();
    }
  }

  void mend_end() {
    if (ends("at") || ends("bl") || ends("iz")) {
      text_ += 'e';
    } else if (size() >= 2 && text_[size() - 1] == text_[size() - 2] &&
               is_one_of(text_.back(), "bdfgmnprt")) {
      if (size() != 3 || !is_one_of(text_[0], "aeo")) drop(1);  // add, ebb, off stay.
    } else if (size() == first_region_ && ends_short(size())) {
      text_ += 'e';
    }
  }

  static const Rule* longest(std::string_view text, std::span<const Rule> rules) noexcept {
    for (const Rule& rule : rules) {
      if (text.ends_with(rule.ending)) return &rule;
    }
    return nullptr;
  }

  void apply_step2() {
    const Rule* rule = longest(text_, kStep2);
    if (rule == nullptr || !in_first_region(rule->ending)) return;
    const char before =
        size() > rule->ending.size() ? text_[size() - rule->ending.size() - 1] : '\0';
    if (rule->ending == "ogi" && before != 'l') return;
    if (rule->ending == "li" && !is_one_of(before, "cdeghkmnrt")) return;
    replace_end(rule->ending.size(), rule->replacement);
  }

  void apply_step3() {
    const Rule* rule = longest(text_, kStep3);
    if (rule == nullptr || !in_first_region(rule->ending)) return;
    if (rule->ending == "ative" && !in_second_region(rule->ending)) return;
    replace_end(rule->ending.size(), rule->replacement);
  }

  void apply_step4() {
    const Rule* rule = longest(text_, kStep4);
    if (rule == nullptr || !in_second_region(rule->ending)) return;
    if (rule->ending == "ion" && !(ends("sion") || ends("tion"))) return;
    drop(rule->ending.size());
  }

  void drop_final_letter() {
    if (ends("e")) {
      if (in_second_region("e") || (in_first_region("e") && !ends_short(size() - 1))) drop(1);
    } else if (ends("ll") && in_second_region("l")) {
      drop(1);
    }
  }

  std::string& text_;
  std::size_t first_region_ = 0, second_region_ = 0;  // Where they begin.
};

}  // namespace

void stem_english(std::string& word) {
  if (word.size() < 3 || std::ranges::find(kUnchanged, word) != std::end(kUnchanged)) return;
  const auto* irregular = std::ranges::find(kIrregular, word, &Rule::ending);
  if (irregular != std::end(kIrregular)) {
    word = irregular->replacement;
  } else {
    Word(word).stem();
  }
}

}  // namespace corsac::text
