// Which words share a stem? Snowball's stemmers (Martin Porter, snowballstem.org) behind one face:
// English is ours (english_stemmer.h), the others are libstemmer's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sb_stemmer;

namespace corsac::text {

class Stemmer {
 public:
  /// `language` is an ISO 639-1 code; without a stemmer in this build the result is empty.
  static std::unique_ptr<Stemmer> create(std::string_view language);
  /// The codes this build has, ascending.
  static std::vector<std::string_view> languages();

  /// The stem of a folded word, valid until the next call.
  std::string_view stem(std::string_view word) noexcept;

 private:
  struct Free {
    void operator()(sb_stemmer* stemmer) const noexcept;
  };
  explicit Stemmer(std::unique_ptr<sb_stemmer, Free> stemmer) noexcept
      : stemmer_(std::move(stemmer)) {}

  std::unique_ptr<sb_stemmer, Free> stemmer_;  // Null: English.
  std::string stem_;
};

}  // namespace corsac::text
