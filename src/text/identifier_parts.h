// What words does an identifier consist of? HNSWIndex: HNSW, Index; foo_bar: foo, bar;
// example.com: example, com; v1.2.3: 1.2.3. Numbers stay whole, and so do contractions.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace corsac::text {

/// Appends the parts of the word text[start, end) as tokens of kind Part; nothing when it has no
/// inner boundary. Parts of a single character are left out.
void append_identifier_parts(std::string_view text, std::size_t start, std::size_t end,
                             std::vector<Token>& tokens);

}  // namespace corsac::text
