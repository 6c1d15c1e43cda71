// The English stemmer Porter2 (Martin Porter, snowballstem.org/algorithms/english) as Snowball 3
// revised it: 57 words of its vocabulary of 42,649 have other stems than in Snowball 2.2, which is
// what libstemmer can be had as. tests-cpp/text/stemmer_test.cpp holds it to that vocabulary.
#pragma once

#include <string>

namespace corsac::text {

/// Replaces a folded word by its stem. Bytes beyond ASCII count as consonants.
void stem_english(std::string& word);

}  // namespace corsac::text
