"""Which row should each token have, so that the sum of a text's rows points where the sentence model's vector points?

The start: each token alone through the model, centred, projected to the table's dimension, weighted down by its rank (tokens are
numbered roughly by frequency). Then Adam (Kingma and Ba, ICLR 2015) on 1 - cosine against the projected vectors of the texts.
Single-threaded numpy with a fixed seed: the same machine gives the same table.
"""

import numpy as np
import scipy.sparse

DIMENSION = 256
EPOCHS = 3
BATCH = 2048
RATE = 0.08
SEED = 1


def unit_rows(matrix):
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)


def bags(tokenizer, texts):
    """[texts x tokens], sparse counts; no special tokens."""
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    columns = np.concatenate([np.asarray(encoding.ids, dtype=np.int32) for encoding in encodings])
    starts = np.concatenate([[0], np.cumsum([len(encoding.ids) for encoding in encodings])])
    shape = (len(texts), tokenizer.get_vocab_size())
    counts = scipy.sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=shape)
    counts.sum_duplicates()
    return counts


def projection(vectors):
    """(mean, [d x DIMENSION] principal directions) of the teacher's vectors."""
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    _, directions = np.linalg.eigh(centred.T @ centred)
    return mean, directions[:, ::-1][:, :DIMENSION]


def initial_rows(token_vectors, directions):
    """token_vectors: [tokens x d], each token alone through the teacher."""
    ranks = np.arange(1, len(token_vectors) + 1)
    frequency = (1 / ranks) / np.sum(1 / ranks)
    weight = (1e-4 / (1e-4 + frequency)).astype(np.float32)[:, None]
    return (((token_vectors - token_vectors.mean(axis=0)) @ directions) * weight).astype(np.float32)


def loss_gradient(bag, rows, target):
    """(1 - mean cosine, its gradient with respect to the rows)."""
    sums = bag @ rows
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    unit = sums / lengths
    cosine = (unit * target).sum(axis=1, keepdims=True)
    return 1 - float(cosine.mean()), bag.T @ ((cosine * unit - target) / (lengths * len(target)))


def train(counts, targets, rows, report):
    """Adam with a rate that falls to 0; the moments decay by .9 and .999."""
    random = np.random.default_rng(SEED)
    first, second = np.zeros_like(rows), np.zeros_like(rows)
    batches = counts.shape[0] // BATCH
    step = 0
    for epoch in range(EPOCHS):
        order = random.permutation(counts.shape[0])
        total = 0.0
        for batch in range(batches):
            picks = order[batch * BATCH : (batch + 1) * BATCH]
            loss, gradient = loss_gradient(counts[picks], rows, targets[picks])
            rate = RATE * (1 - step / (EPOCHS * batches))
            step += 1
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            rows -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
            total += loss
        report(f"  epoch {epoch + 1} of {EPOCHS}: 1 - cosine = {total / batches:.4f}")
    return rows
