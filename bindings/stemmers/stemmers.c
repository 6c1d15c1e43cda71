// Snowball's stemmers as a wasm module of its own: it has its own memory and imports nothing.
// js/core/stemmers.ts copies words in and stems out.
#include <libstemmer.h>
#include <string.h>

// As kMaxSnowballStem in src/text/snowball.h.
enum { kBufferBytes = 1024 };
static unsigned char buffer[kBufferBytes];

// Where names and words are put, and stems are found.
__attribute__((export_name("buffer"))) unsigned char* stemmer_buffer(void) { return buffer; }

// The stemmer of the algorithm named in the buffer, ended by a zero byte; 0 without one.
__attribute__((export_name("open"))) struct sb_stemmer* stemmer_open(void) {
  return sb_stemmer_new((const char*)buffer, "UTF_8");
}

__attribute__((export_name("close"))) void stemmer_close(struct sb_stemmer* stemmer) {
  sb_stemmer_delete(stemmer);
}

// The length of the stem of the word in the buffer.
__attribute__((export_name("stem"))) int stemmer_stem(struct sb_stemmer* stemmer, int bytes) {
  const sb_symbol* stem = sb_stemmer_stem(stemmer, buffer, bytes);
  if (stem == 0) return bytes;  // Out of memory: the word itself is a usable stem.
  const int length = sb_stemmer_length(stemmer);
  const int kept = length < kBufferBytes ? length : kBufferBytes;
  memcpy(buffer, stem, (size_t)kept);
  return kept;
}
