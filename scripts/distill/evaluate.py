"""How well does the table rank? nDCG@10 with exact cosine on title + text: NFCorpus and SciFact, from a folder of BEIR data."""

import ast
import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np


def read_qrels(path: Path):
    """query -> {document: grade}, from TREC qrels."""
    judged = {}
    for line in path.read_text().splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0:
            judged.setdefault(query, {})[document] = int(grade)
    return judged


def read_topics(path: Path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split("\t", 1) for line in file)


def read_nfcorpus(data: Path):
    with zipfile.ZipFile(data / "beir-nfcorpus/nfcorpus.zip") as archive:
        lines = archive.read("nfcorpus/corpus.jsonl").decode().splitlines()
    documents = [json.loads(line) for line in lines]
    return {document["_id"]: f"{document['title']} {document['text']}" for document in documents}


def read_scifact(data: Path):
    """The abstract column is a printed list of strings without commas: adjacent literals after joining the lines."""
    csv.field_size_limit(1 << 24)
    with zipfile.ZipFile(data / "scifact-text/scifact.zip") as archive:
        rows = csv.DictReader(io.TextIOWrapper(archive.open("corpus_train.csv"), encoding="utf-8", newline=""))
        return {row["doc_id"]: f"{row['title']} {printed_sentences(row['abstract'])}" for row in rows}


def printed_sentences(column: str):
    sentences = [ast.literal_eval(line.strip()) for line in column.strip()[1:-1].split("\n") if line.strip()]
    return " ".join(sentences)


SETS = {"nfcorpus": read_nfcorpus, "scifact": read_scifact}


def read_set(data: Path, name: str):
    """(document ids, document texts, query ids, query texts, qrels)."""
    documents = SETS[name](data)
    qrels = read_qrels(data / f"beir-topics-qrels/qrels.beir-v1.0.0-{name}.test.txt")
    topics = read_topics(data / f"beir-topics-qrels/topics.beir-v1.0.0-{name}.test.tsv.gz")
    queries = {query: topics[query] for query in topics if query in qrels}
    return list(documents), list(documents.values()), list(queries), list(queries.values()), qrels


def ndcg(ranked, grades, depth=10):
    """Linear gain, as trec_eval's ndcg_cut."""
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    gains = np.array([grades.get(document, 0) for document in ranked[:depth]], dtype=float)
    best = np.array(sorted(grades.values(), reverse=True)[:depth], dtype=float)
    return float(gains @ discounts[: len(gains)]) / float(best @ discounts[: len(best)])


def mean_ndcg(scores, documents, queries, qrels):
    """scores: [queries x documents]."""
    total = 0.0
    for row, query in zip(scores, queries):
        top = np.argsort(-row, kind="stable")[:10]
        total += ndcg([documents[i] for i in top], qrels[query])
    return total / len(queries)
