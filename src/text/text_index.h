// What a collection needs from a text index: add and remove documents by ordinal, rank them by
// BM25.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"

namespace corsac::text {

enum class Analyzer : std::uint8_t {
  Standard = 0,  ///< UAX #29 words, NFKC case folding, stemming, accents folded
  Simple = 1,    ///< the original's: lower case, split on non-alphanumerics, 51 English stop words
};

/// Strings of the metadata that are indexed beside the content.
struct TextField {
  std::string path;  ///< by dots; of an array every string
  float boost = 1;   ///< above 0, of the field's share of a score
  friend bool operator==(const TextField&, const TextField&) = default;
};
inline constexpr std::size_t kMaxTextFields = 23;  // With the content, 24 bits of a query.

/// A text of a document: of its content (0) or of TextOptions::fields[field - 1].
struct FieldText {
  std::uint32_t field;
  std::string_view text;
};

/// Stored with the collection; the same options must be given when the index is loaded.
struct TextOptions {
  std::string language = "en";  ///< a Snowball language by ISO 639-1 code, or "none"
  Analyzer analyzer = Analyzer::Standard;
  bool stop_words = false;                       ///< drop the language's own list
  std::vector<std::string> own_stop_words = {};  ///< dropped as well, compared after folding
  bool fold_accents = true;
  bool positions = true;               ///< keep where words stand: without, there are no phrases
  float k1 = 1.2f;                     ///< 0..10
  float b = 0.75f;                     ///< 0..1
  std::vector<TextField> fields = {};  ///< at most kMaxTextFields
};

enum class Operator : std::uint8_t { Or = 0, And = 1 };

struct TextQuery {
  std::string_view text = {};  ///< UTF-8
  std::size_t k = 10;
  Operator op = Operator::Or;
  bool prefix = false;              ///< the last term also matches every term that starts with it
  std::uint8_t fuzzy = 0;           ///< words also match terms up to this many edits away, 0..2
  bool lenient = true;              ///< false: query_parser.h's language
  std::uint32_t fields = 0;         ///< bit f: field f is searched, the content being 0; 0: all
  float k1 = -1, b = -1;            ///< negative: the collection's
  const Bitset* allowed = nullptr;  ///< over ordinals [size()]; null: every live document
};

struct TextResult {
  std::vector<Hit> hits;       ///< best first, score > 0, ties by ordinal
  std::uint64_t examined = 0;  ///< postings read
};

/// UTF-16 code units into the original string, [start, end).
struct Highlight {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t term = 0;  ///< number of the query term found here, of the first where they overlap
  friend bool operator==(const Highlight&, const Highlight&) = default;
};

/// An index term and how many documents of a segment have it, removed ones included.
struct TermCount {
  std::string term;
  std::uint32_t documents = 0;
};

struct TextBytes {
  std::uint64_t dictionary = 0, postings = 0, positions = 0, lengths = 0;
};

class TextIndex {
 public:
  virtual ~TextIndex() = default;

  virtual const TextOptions& options() const noexcept = 0;
  /// One more than the highest ordinal ever added; ordinals between may be absent.
  virtual std::size_t size() const noexcept = 0;
  /// Requires: ordinal >= size(); texts of one field stand together. Content without a word counts
  /// as a document of length 0.
  virtual void add(Ordinal ordinal, std::span<const FieldText> texts) = 0;
  void add(Ordinal ordinal, std::string_view content) {
    const FieldText text{0, content};
    add(ordinal, std::span(&text, 1));
  }
  /// Takes a document out of every later search at once; its terms stop counting in N, df and avgdl
  /// when its segment is merged.
  virtual void remove(Ordinal ordinal) = 0;

  /// Fails with: InvalidQuery, InvalidArgument. A query without a word finds nothing.
  virtual Result<TextResult> search(const TextQuery& query) const = 0;
  /// BM25 of each ordinal for the query, 0 where nothing matches; bit-identical to search().
  virtual void score(const TextQuery& query, std::span<const Ordinal> ordinals,
                     std::span<float> scores) const = 0;
  /// Where the query's terms occur in `content`: ascending, not overlapping.
  virtual std::vector<Highlight> highlight(const TextQuery& query,
                                           std::string_view content) const = 0;
  /// What an occurrence of each query term says, in query order: its idf, 1 for what is no term by
  /// itself.
  virtual std::vector<float> rarities(const TextQuery& query) const = 0;
  /// Terms that the last word of `text` may grow into; one may come more than once.
  virtual std::vector<TermCount> completions(std::string_view text) const = 0;
  /// The live documents with a term: how many, then the first `limit` of them.
  virtual std::vector<Ordinal> documents_with(std::string_view term, std::size_t limit) const = 0;
  /// The term of a word; empty for none.
  virtual std::string term_of(std::string_view word) const = 0;

  /// Seals the mutable segment and writes what is new.
  virtual void save(SectionSink& sink) = 0;
  virtual TextBytes bytes() const noexcept = 0;
};

/// Fails with: InvalidArgument naming the option, its value and what is accepted.
Result<std::unique_ptr<TextIndex>> create_text_index(const TextOptions& options);
/// Fails with: Corrupt, UnsupportedFormat.
Result<std::unique_ptr<TextIndex>> load_text_index(const TextOptions& options,
                                                   const SectionSource& source);

}  // namespace corsac::text
