#include "text/stemmer.h"

#include <libstemmer.h>

#include <algorithm>

#include "text/english_stemmer.h"

namespace corsac::text {
namespace {

struct Language {
  std::string_view code;
  const char* algorithm;
};

// Every other stemmer of Snowball 2.2. Which of them a build has, cmake/Dependencies.cmake decides.
constexpr Language kLanguages[] = {
    {"ar", "arabic"},   {"ca", "catalan"},    {"da", "danish"},    {"de", "german"},
    {"el", "greek"},    {"es", "spanish"},    {"eu", "basque"},    {"fi", "finnish"},
    {"fr", "french"},   {"ga", "irish"},      {"hi", "hindi"},     {"hu", "hungarian"},
    {"hy", "armenian"}, {"id", "indonesian"}, {"it", "italian"},   {"lt", "lithuanian"},
    {"ne", "nepali"},   {"nl", "dutch"},      {"no", "norwegian"}, {"pt", "portuguese"},
    {"ro", "romanian"}, {"ru", "russian"},    {"sr", "serbian"},   {"sv", "swedish"},
    {"ta", "tamil"},    {"tr", "turkish"},    {"yi", "yiddish"},
};

constexpr std::string_view kEnglish = "en";
constexpr char kEncoding[] = "UTF_8";

}  // namespace

void Stemmer::Free::operator()(sb_stemmer* stemmer) const noexcept { sb_stemmer_delete(stemmer); }

std::unique_ptr<Stemmer> Stemmer::create(std::string_view language) {
  if (language == kEnglish) return std::unique_ptr<Stemmer>(new Stemmer(nullptr));
  for (const Language& known : kLanguages) {
    if (known.code != language) continue;
    std::unique_ptr<sb_stemmer, Free> stemmer(sb_stemmer_new(known.algorithm, kEncoding));
    if (stemmer) return std::unique_ptr<Stemmer>(new Stemmer(std::move(stemmer)));
  }
  return nullptr;
}

std::vector<std::string_view> Stemmer::languages() {
  std::vector<std::string_view> codes = {kEnglish};
  for (const Language& known : kLanguages) {
    const std::unique_ptr<sb_stemmer, Free> stemmer(sb_stemmer_new(known.algorithm, kEncoding));
    if (stemmer) codes.push_back(known.code);
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::string_view Stemmer::stem(std::string_view word) noexcept {
  if (stemmer_ == nullptr) {
    stem_ = word;
    stem_english(stem_);
    return stem_;
  }
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(word.data()),
                      static_cast<int>(word.size()));
  if (stem == nullptr) return word;  // Out of memory inside: the word itself is a usable stem.
  return {reinterpret_cast<const char*>(stem),
          static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()))};
}

}  // namespace corsac::text
