// Which words share a stem? Snowball's stemmers (Martin Porter, snowballstem.org) behind one face:
// English is ours (english_stemmer.h), the others are libstemmer's (snowball.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/snowball.h"

namespace corsac::text {

class Stemmer {
 public:
  /// `language` is an ISO 639-1 code, or "auto": the stemmer of a word is chosen by the script of
  /// its first letter. Empty when there is no such stemmer, or it was not loaded.
  static std::unique_ptr<Stemmer> create(std::string_view language);
  /// The codes that are there, ascending.
  static std::vector<std::string_view> languages();

  /// The stem of a folded word, valid until the next call.
  std::string_view stem(std::string_view word) noexcept;

 private:
  struct Close {
    void operator()(SnowballStemmer* stemmer) const noexcept { close_snowball(stemmer); }
  };
  using Snowball = std::unique_ptr<SnowballStemmer, Close>;
  struct OfScript {
    char32_t first, last;  ///< code points
    Snowball stemmer;
  };

  Stemmer() = default;
  static Snowball open(std::string_view language);
  SnowballStemmer* choose(std::string_view word) const noexcept;

  Snowball stemmer_;               // Null: English, or by script.
  std::vector<OfScript> scripts_;  // Of "auto"; outside of them English.
  std::string stem_;
};

}  // namespace corsac::text
