"""What vector does the sentence model give each text?

Mask-weighted mean of the last hidden states, L2-normalised, at most 256 tokens: what the model's authors do. Vectors are kept as
f16 in a cache file named after the texts, so that an interrupted run loses at most one block.
"""

import hashlib
import time
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MAX_TOKENS = 256
BATCH = 32
BLOCK = 2048


class Teacher:
    def __init__(self, model: Path, tokenizer: Path, threads: int):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.dimension = self.session.get_outputs()[0].shape[-1]

    def embed(self, texts):
        """f32 [n x dimension], unit rows."""
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: (len(tokens[i]), i))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            width = len(tokens[rows[-1]])
            ids = np.zeros((len(rows), width), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(rows):
                ids[row, : len(tokens[i])] = tokens[i]
                mask[row, : len(tokens[i])] = 1
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            states = self.session.run(None, feeds)[0]
            weights = mask[:, :, None].astype(np.float32)
            mean = (states * weights).sum(axis=1) / weights.sum(axis=1)
            vectors[rows] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors


def cached_vectors(teacher: Teacher, name: str, texts, cache: Path):
    """f16 [n x dimension] of `texts`, continued from the cache where an earlier run stopped."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    path = cache / f"{name}-{digest}.f16"
    row_bytes = teacher.dimension * 2
    done = path.stat().st_size // row_bytes // BLOCK * BLOCK if path.exists() else 0
    if path.exists() and path.stat().st_size == len(texts) * row_bytes:
        done = len(texts)
    started = time.monotonic()
    with open(path, "r+b" if path.exists() else "wb") as file:
        file.truncate(done * row_bytes)
        file.seek(done * row_bytes)
        for start in range(done, len(texts), BLOCK):
            file.write(teacher.embed(texts[start : start + BLOCK]).astype("<f2").tobytes())
            file.flush()
            count = min(start + BLOCK, len(texts))
            rate = (count - done) / (time.monotonic() - started)
            print(f"  {name}: {count}/{len(texts)} texts, {rate:.0f}/s", flush=True)
    return np.fromfile(path, dtype="<f2").reshape(-1, teacher.dimension)
