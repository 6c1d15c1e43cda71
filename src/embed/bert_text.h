// Which words does BERT see in a text? The "basic tokenisation" of uncased BERT models (Devlin et
// al., NAACL 2019, arXiv:1810.04805): control characters go, white space separates, accents are
// stripped (NFD without nonspacing marks), letters are lower-cased one by one, and every
// punctuation character and CJK ideograph is a word of its own.
#pragma once

#include <string>
#include <string_view>

namespace corsac::embed {

/// Replaces `words` by the words of `text` in UTF-8, each followed by one space.
/// Malformed UTF-8 reads as U+FFFD, which BERT drops.
void split_bert_words(std::string_view text, std::string& words);

}  // namespace corsac::embed
