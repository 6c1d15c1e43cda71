#include "filter/entries.h"

#include <gtest/gtest.h>

namespace corsac::filter {
namespace {

std::vector<std::size_t> marked(const Entries& entries, std::size_t documents,
                                std::size_t first_entry) {
  Words words = words_for(documents);
  entries.mark(0, documents, words, [=](std::size_t entry) { return entry >= first_entry; });
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < words.size() * 64; ++i) {
    if ((words[i / 64] >> i % 64 & 1) != 0) out.push_back(i);
  }
  return out;
}

TEST(Entries, OneValueForEveryDocumentTakesNoMemory) {
  Entries entries;
  for (Ordinal i = 0; i < 1'000; ++i) entries.add(i);
  EXPECT_EQ(entries.bytes(), 0u);
  EXPECT_EQ(marked(entries, 130, 127), (std::vector<std::size_t>{127, 128, 129}));
  EXPECT_EQ(marked(entries, 1'100, 999), (std::vector<std::size_t>{999}));
}

TEST(Entries, AGapOrASecondValueKeepsWhatWasBefore) {
  for (const Ordinal next : {2u, 9u}) {
    Entries entries;
    for (Ordinal i = 0; i < 3; ++i) entries.add(i);
    entries.add(next);
    EXPECT_EQ(marked(entries, 10, 0).size(), next == 2 ? 3u : 4u);
    EXPECT_EQ(marked(entries, 10, 3), std::vector<std::size_t>{next});
    EXPECT_EQ(marked(entries, next, 3), std::vector<std::size_t>{});
  }
}

TEST(Entries, LoadingGivesBackWhatWasSavedAndNothingElse) {
  for (const bool dense : {true, false}) {
    Entries entries;
    for (Ordinal i = 0; i < 70; ++i) entries.add(dense ? i : i * 2);
    ByteWriter out;
    entries.save(out);
    const std::size_t end = dense ? 70 : 139;
    ByteReader in(out.view());
    const Entries loaded = Entries::load(in, end);
    ASSERT_TRUE(in.finished());
    EXPECT_EQ(marked(loaded, end, 0), marked(entries, end, 0));
    ByteReader beyond(out.view());
    Entries::load(beyond, end - 1);
    EXPECT_FALSE(beyond.ok());
    for (std::size_t length = 0; length < out.size(); ++length) {
      ByteReader cut(out.view().first(length));
      Entries::load(cut, end);
      EXPECT_FALSE(cut.ok()) << length;
    }
  }
}

}  // namespace
}  // namespace corsac::filter
