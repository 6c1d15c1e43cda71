// Which words carry no meaning of their own? Short lists of function words, one per language.
#pragma once

#include <string_view>
#include <vector>

namespace corsac::text {

/// The list of a language by ISO 639-1 code, folded, separated by single spaces; empty without a
/// list.
std::string_view stop_words(std::string_view language) noexcept;
/// The codes that have a list, ascending.
std::vector<std::string_view> stop_word_languages();

/// The 51 words of the `simple` analyzer: the 33 that Lucene's classic English analysis drops and
/// 18 more pronouns, auxiliaries and question words.
std::string_view simple_stop_words() noexcept;

}  // namespace corsac::text
