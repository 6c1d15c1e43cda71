#include "text/text_index.h"

#include "text/segmented_index.h"

namespace corsac::text {

Result<std::unique_ptr<TextIndex>> create_text_index(const TextOptions& options) {
  Result<Analysis> analysis = Analysis::create(options);
  if (!analysis) return analysis.error();
  return std::unique_ptr<TextIndex>(
      std::make_unique<SegmentedIndex>(options, *std::move(analysis)));
}

Result<std::unique_ptr<TextIndex>> load_text_index(const TextOptions& options,
                                                   const SectionSource& source) {
  Result<Analysis> analysis = Analysis::create(options);
  if (!analysis) return analysis.error();
  auto index = SegmentedIndex::load(options, *std::move(analysis), source);
  if (!index) return index.error();
  return std::unique_ptr<TextIndex>(*std::move(index));
}

}  // namespace corsac::text
