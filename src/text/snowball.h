// Snowball's stemmers behind three functions. Natively they are libstemmer's (snowball.cpp); in the
// wasm core bindings/wasm/snowball.cpp takes that file's place, and they are asked of a module of
// their own, loaded when a collection's language needs it.
#pragma once

#include <cstddef>
#include <string_view>

namespace corsac::text {

/// A stemmer; nothing is known of it here.
struct SnowballStemmer;

/// Longest word in bytes that is stemmed, and room that its stem may take.
inline constexpr std::size_t kMaxSnowballBytes = 512, kMaxSnowballStem = 1024;

/// By the algorithm's name ("french"); null when there is none, or none was loaded.
SnowballStemmer* open_snowball(const char* algorithm) noexcept;
void close_snowball(SnowballStemmer* stemmer) noexcept;
/// Writes the stem into `stem` [kMaxSnowballStem] and returns its length. Requires: at most
/// kMaxSnowballBytes.
std::size_t stem_snowball(SnowballStemmer* stemmer, std::string_view word, char* stem) noexcept;

}  // namespace corsac::text
