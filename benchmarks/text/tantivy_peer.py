# tantivy at the same work, through its Python bindings: python tantivy_peer.py <folder of the input> [rounds]
import sys
import time

import tantivy
from tantivy import Query

folder, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5


def rows(name):
    with open(f"{folder}/{name}", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t", 1) for line in file]


builder = tantivy.SchemaBuilder()
builder.add_text_field("text", tokenizer_name="en_stem", index_option="position")
builder.add_unsigned_field("id", fast=True)
index = tantivy.Index(builder.build())
writer = index.writer(300_000_000, 1)
films = rows("documents.tsv")
started = time.perf_counter()
for number, text in films:
    document = tantivy.Document()
    document.add_text("text", text)
    document.add_unsigned("id", int(number))
    writer.add_document(document)
writer.commit()
writer.wait_merging_threads()
print(f"index documents_per_s {len(films) / (time.perf_counter() - started):.0f} bytes 0")
index.reload()
searcher = index.searcher()


def parsed(kind, text):
    if kind == "and2":
        return index.parse_query(" AND ".join(text.split()), ["text"])
    if kind == "ph2":
        return index.parse_query(f'"{text}"', ["text"])
    if kind == "pre":
        return Query.regex_query(index.schema, "text", text + ".*")
    if kind == "fz1":
        return Query.fuzzy_term_query(index.schema, "text", text, distance=1)
    return index.parse_query(text, ["text"])


times = {}
for kind, text in rows("queries.tsv"):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        searcher.search(parsed(kind, text), 10, count=False).hits
        best = min(best, time.perf_counter() - start)
    times.setdefault(kind, []).append(best * 1e6)
for kind, each in times.items():
    each.sort()
    print(f"query {kind} p50_us {each[len(each) // 2]:.1f} p95_us {each[len(each) * 95 // 100]:.1f}")
