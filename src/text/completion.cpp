#include "text/completion.h"

#include <memory>

#include "text/term_stream.h"

namespace corsac::text {

std::vector<TermCount> terms_with(std::string_view prefix,
                                  std::span<const Segment* const> segments) {
  std::vector<TermCount> out;
  for (const Segment* segment : segments) {
    const std::unique_ptr<TermStream> stream = segment->terms();
    for (bool more = stream->seek(prefix); more && stream->term().starts_with(prefix);
         more = stream->next())
      out.push_back({std::string(stream->term()), stream->postings().documents});
  }
  return out;
}

std::vector<Ordinal> documents_with(std::string_view term, std::span<const Segment* const> segments,
                                    const Bitset& deleted, std::size_t limit) {
  std::vector<Ordinal> out(1);
  PostingBlock block;
  for (const Segment* segment : segments) {
    TermPostings postings = segment->find(term);
    while (postings.documents > 0 && postings.reader.next(block)) {
      for (std::uint32_t i = 0; i < block.count; ++i) {
        const Ordinal ordinal = segment->first() + block.documents[i];
        if (deleted.test(ordinal)) continue;
        ++out.front();
        if (out.size() <= limit) out.push_back(ordinal);
      }
    }
  }
  return out;
}

}  // namespace corsac::text
