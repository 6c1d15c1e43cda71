// The stemmers of the wasm core are another module's, which js/core/stemmers.ts sets on this one.
// These definitions come before the archive that holds src/text/snowball.cpp, so that file and
// libstemmer are not linked.
#include "text/snowball.h"

#include <emscripten.h>

EM_JS(int, corsac_open_stemmer, (const char* name),
      { return Module["stemmers"] ? Module["stemmers"].open(HEAPU8, name) : 0; });
EM_JS(void, corsac_close_stemmer, (int stemmer), { Module["stemmers"].close(stemmer); });
EM_JS(int, corsac_stem, (int stemmer, const char* word, int bytes, char* stem),
      { return Module["stemmers"].stem(stemmer, HEAPU8, word, bytes, stem); });

namespace corsac::text {
namespace {

int number_of(SnowballStemmer* stemmer) noexcept {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(stemmer));
}

}  // namespace

SnowballStemmer* open_snowball(const char* algorithm) noexcept {
  return reinterpret_cast<SnowballStemmer*>(
      static_cast<std::intptr_t>(corsac_open_stemmer(algorithm)));
}

void close_snowball(SnowballStemmer* stemmer) noexcept { corsac_close_stemmer(number_of(stemmer)); }

std::size_t stem_snowball(SnowballStemmer* stemmer, std::string_view word, char* stem) noexcept {
  return static_cast<std::size_t>(
      corsac_stem(number_of(stemmer), word.data(), static_cast<int>(word.size()), stem));
}

}  // namespace corsac::text
