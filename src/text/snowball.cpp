#include "text/snowball.h"

#include <libstemmer.h>

#include <algorithm>
#include <cstring>

namespace corsac::text {
namespace {

constexpr char kEncoding[] = "UTF_8";

sb_stemmer* native(SnowballStemmer* stemmer) noexcept {
  return reinterpret_cast<sb_stemmer*>(stemmer);
}

}  // namespace

SnowballStemmer* open_snowball(const char* algorithm) noexcept {
  return reinterpret_cast<SnowballStemmer*>(sb_stemmer_new(algorithm, kEncoding));
}

void close_snowball(SnowballStemmer* stemmer) noexcept { sb_stemmer_delete(native(stemmer)); }

std::size_t stem_snowball(SnowballStemmer* stemmer, std::string_view word, char* stem) noexcept {
  const sb_symbol* found =
      sb_stemmer_stem(native(stemmer), reinterpret_cast<const sb_symbol*>(word.data()),
                      static_cast<int>(word.size()));
  // Out of memory inside: the word itself is a usable stem.
  const auto length =
      found == nullptr ? word.size() : static_cast<std::size_t>(sb_stemmer_length(native(stemmer)));
  const std::size_t kept = std::min(length, kMaxSnowballStem);
  std::memcpy(stem, found == nullptr ? word.data() : reinterpret_cast<const char*>(found), kept);
  return kept;
}

}  // namespace corsac::text
