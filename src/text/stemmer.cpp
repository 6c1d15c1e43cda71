#include "text/stemmer.h"

#include <algorithm>
#include <functional>

#include "base/sort.h"
#include "base/utf8.h"
#include "text/english_stemmer.h"

namespace corsac::text {
namespace {

struct Language {
  std::string_view code;
  const char* algorithm;
};

// Every other stemmer of Snowball 2.2.
constexpr Language kLanguages[] = {
    {"ar", "arabic"},   {"ca", "catalan"},    {"da", "danish"},    {"de", "german"},
    {"el", "greek"},    {"es", "spanish"},    {"eu", "basque"},    {"fi", "finnish"},
    {"fr", "french"},   {"ga", "irish"},      {"hi", "hindi"},     {"hu", "hungarian"},
    {"hy", "armenian"}, {"id", "indonesian"}, {"it", "italian"},   {"lt", "lithuanian"},
    {"ne", "nepali"},   {"nl", "dutch"},      {"no", "norwegian"}, {"pt", "portuguese"},
    {"ro", "romanian"}, {"ru", "russian"},    {"sr", "serbian"},   {"sv", "swedish"},
    {"ta", "tamil"},    {"tr", "turkish"},    {"yi", "yiddish"},
};

// Scripts that tell a language well enough. Latin letters count as English.
struct Script {
  char32_t first, last;
  std::string_view language;
};
constexpr Script kScripts[] = {
    {0x370, 0x3FF, "el"}, {0x400, 0x4FF, "ru"}, {0x530, 0x58F, "hy"}, {0x5D0, 0x5FF, "yi"},
    {0x600, 0x6FF, "ar"}, {0x900, 0x97F, "hi"}, {0xB80, 0xBFF, "ta"}, {0x1F00, 0x1FFF, "el"},
};

constexpr std::string_view kEnglish = "en", kAuto = "auto";

}  // namespace

Stemmer::Snowball Stemmer::open(std::string_view language) {
  for (const Language& known : kLanguages) {
    if (known.code == language) return Snowball(open_snowball(known.algorithm));
  }
  return nullptr;
}

std::unique_ptr<Stemmer> Stemmer::create(std::string_view language) {
  std::unique_ptr<Stemmer> out(new Stemmer);
  if (language == kEnglish) return out;
  if (language != kAuto) {
    out->stemmer_ = open(language);
    return out->stemmer_ != nullptr ? std::move(out) : nullptr;
  }
  for (const Script& script : kScripts) {
    Snowball stemmer = open(script.language);
    if (stemmer == nullptr) return nullptr;
    out->scripts_.push_back({script.first, script.last, std::move(stemmer)});
  }
  return out;
}

std::vector<std::string_view> Stemmer::languages() {
  std::vector<std::string_view> codes = {kEnglish};
  for (const Language& known : kLanguages) {
    if (open(known.code) != nullptr) codes.push_back(known.code);
  }
  sort_items(codes, std::less<>{});
  return codes;
}

SnowballStemmer* Stemmer::choose(std::string_view word) const noexcept {
  if (scripts_.empty() || word.empty()) return stemmer_.get();
  std::size_t at = 0;
  const char32_t first = next_code_point(word, at);
  for (const OfScript& script : scripts_) {
    if (first >= script.first && first <= script.last) return script.stemmer.get();
  }
  return nullptr;
}

std::string_view Stemmer::stem(std::string_view word) noexcept {
  SnowballStemmer* stemmer = choose(word);
  if (stemmer == nullptr) {
    stem_ = word;
    stem_english(stem_);
    return stem_;
  }
  if (word.size() > kMaxSnowballBytes) return word;
  stem_.resize(kMaxSnowballStem);
  stem_.resize(stem_snowball(stemmer, word, stem_.data()));
  if (stem_.empty()) return word;  // Some short words are all ending.
  return stem_;
}

}  // namespace corsac::text
