// Lets another program use a FileStore: a line of JSON asks, a line of JSON answers. Tests and
// benchmarks of other languages speak so.
//
//   {"do":"create","collection":name,"options":text}
//   {"do":"upsert","collection":name,"documents":[{"id","content","metadata","embedding"}]}
//   {"do":"delete","collection":name,"ids":[id]}
//   {"do":"search","collection":name,"text":text,"embedding":[number],"k":number}
//   {"do":"checkpoint","collection":name}
//   {"do":"report","collection":name}
//   {"do":"close"}
//   answer := {"ms":number, ...} | {"code":text,"message":text}
#pragma once

#include <string>
#include <string_view>

#include "native/file_store.h"

namespace corsac::native {

/// The answer to one line, without its end.
std::string answer_question(FileStore& store, std::string_view line);

}  // namespace corsac::native
