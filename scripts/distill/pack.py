"""How does the table become `static-model.bin`? The layout is drawn in src/embed/static_model.h."""

import struct

import numpy as np
import xxhash

MAGIC = b"CorsacSM"
VERSION = 1
HYBRID_WEIGHT = 0.3
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def kept_tokens(tokenizer):
    """(token text as bytes, number) in ascending order; what no text can contain is left out."""
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    return sorted(
        (text.encode(), number)
        for text, number in vocabulary.items()
        if text not in SPECIAL and not text.startswith("[unused")
    )


def front_coded(texts):
    """Per text: bytes shared with the one before, bytes of the rest, the rest."""
    out, previous = bytearray(), b""
    for text in texts:
        shared = 0
        while shared < min(len(text), len(previous)) and text[shared] == previous[shared]:
            shared += 1
        out += bytes((shared, len(text) - shared)) + text[shared:]
        previous = text
    return bytes(out)


def quantise(rows):
    """4 bits a number: (scales [n], levels [n x d] in -7..7), each row with the scale of the least squared error."""
    largest = np.abs(rows).max(axis=1)
    best_scale = np.zeros(len(rows), dtype=np.float32)
    best_error = np.full(len(rows), np.inf)
    levels = np.zeros(rows.shape, dtype=np.int8)
    for share in np.linspace(0.6, 1.0, 17):
        scale = np.where(largest > 0, largest * share / 7, 1).astype(np.float32)
        tried = np.clip(np.rint(rows / scale[:, None]), -7, 7)
        error = ((tried * scale[:, None] - rows) ** 2).sum(axis=1)
        better = error < best_error
        best_error[better], best_scale[better] = error[better], scale[better]
        levels[better] = tried[better].astype(np.int8)
    return best_scale, levels


def pack(tokenizer, rows):
    """(the file's bytes, the rows as they will be read back, in the tokenizer's numbering)."""
    tokens = kept_tokens(tokenizer)
    vocabulary = front_coded([text for text, _ in tokens])
    numbers = [number for _, number in tokens]
    scales, levels = quantise(rows[numbers])
    shifted = (levels + 8).astype(np.uint8)
    half = rows.shape[1] // 2
    nibbles = shifted[:, :half] | (shifted[:, half:] << 4)
    header = MAGIC + struct.pack("<IIIIfI", VERSION, rows.shape[1], len(tokens), len(vocabulary), HYBRID_WEIGHT, 0)
    body = header + vocabulary + scales.astype("<f4").tobytes() + nibbles.tobytes()
    checksum = xxhash.xxh3_128_intdigest(body)
    read_back = np.zeros_like(rows)
    read_back[numbers] = levels * scales[:, None]
    return body + checksum.to_bytes(16, "little"), read_back
