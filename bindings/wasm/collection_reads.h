// The asking half of a collection at the seam: questions, documents, vectors, figures.
#pragma once

#include "collection_handle.h"

namespace corsac::bindings {

std::string options(const CollectionHandle& self);

bool has(const CollectionHandle& self, const std::string& id);
Ordinal find(const CollectionHandle& self, const std::string& id);
val count(const CollectionHandle& self, const std::string& filter);
val list(const CollectionHandle& self, const std::string& filter, Ordinal after, unsigned limit);
val last_error(const CollectionHandle& self);
std::uintptr_t ids(CollectionHandle& self, const val& ordinals);
val select(CollectionHandle& self, const val& filter);
val highlight(const CollectionHandle& self, const val& ordinals, const std::string& query,
              std::uint32_t flags);
val rarities(const CollectionHandle& self, const std::string& query, std::uint32_t flags);
val completions(const CollectionHandle& self, const std::string& text);
val documents_with(const CollectionHandle& self, const std::string& term, unsigned limit);
std::string term_of(const CollectionHandle& self, const std::string& word);

val missing_blocks(CollectionHandle& self, const val& ordinals);
val supply_block(CollectionHandle& self, unsigned block, const val& stored);
std::uintptr_t documents(CollectionHandle& self, const val& ordinals);
val vector(const CollectionHandle& self, Ordinal ordinal, bool coded);
val unsaved(const CollectionHandle& self, unsigned section, double offset, double length);
val locate(const CollectionHandle& self, unsigned section, double offset, double length);
val check(const CollectionHandle& self, unsigned section, double offset, double length,
          const val& read);
val stats(const CollectionHandle& self);
val report(const CollectionHandle& self);

}  // namespace corsac::bindings
