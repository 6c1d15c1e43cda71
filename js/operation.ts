// An operation as bytes: the twin of the encoding drawn in src/collection/operation.h.
/** The first byte of an insert or upsert. */
export const KIND_WRITE = 1;
const KIND_REMOVE = 2;
const KIND_MAINTAIN = 3;
const HAS_CONTENT = 1;
const HAS_METADATA = 2;
const HAS_VECTORS = 4;
const KEEP_VECTORS = 8;

const utf8 = new TextEncoder();

export interface WrittenDocument {
  readonly id: string;
  readonly content: string | undefined;
  /** JSON text. */
  readonly metadata: string | undefined;
  readonly vector: Float32Array | undefined;
  /** Keep the vectors of the document that is replaced. */
  readonly keepVectors?: boolean;
}

export type WriteMode = 'insert' | 'upsert';

/** Inserts or upserts all of `documents`, or none. */
export function encodeWrite(mode: WriteMode, documents: readonly WrittenDocument[]): Uint8Array {
  const out = new Bytes();
  out.u8(KIND_WRITE);
  out.u8(mode === 'insert' ? 0 : 1);
  out.u32(documents.length);
  for (const { id, content, metadata, vector, keepVectors } of documents) {
    out.u8(
      (content === undefined ? 0 : HAS_CONTENT) |
        (metadata === undefined ? 0 : HAS_METADATA) |
        (vector === undefined ? 0 : HAS_VECTORS) |
        (keepVectors ? KEEP_VECTORS : 0),
    );
    out.text(id);
    if (content !== undefined) out.text(content);
    if (metadata !== undefined) out.text(metadata);
    if (vector !== undefined) {
      out.u32(1);
      out.floats(vector);
    }
  }
  return out.take();
}

export function encodeRemove(ids: readonly string[]): Uint8Array {
  const out = new Bytes();
  out.u8(KIND_REMOVE);
  out.u32(ids.length);
  for (const id of ids) out.text(id);
  return out.take();
}

/** `what`: 1 compaction, 2 migration, 3 rebuild; the numbers of the core. */
export function encodeMaintain(what: number, stage: 'begin' | 'finish'): Uint8Array {
  const out = new Bytes();
  out.u8(KIND_MAINTAIN);
  out.u8(what);
  out.u8(stage === 'begin' ? 1 : 2);
  out.text('');
  return out.take();
}

/** Bytes that grow; little-endian. */
class Bytes {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  u8(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** A u32 of bytes, then UTF-8. */
  text(text: string): void {
    this.#room(4 + text.length * 3);
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(this.#length + 4));
    this.u32(written);
    this.#length += written;
  }

  floats(values: Float32Array): void {
    const bytes = values.byteLength;
    this.#room(bytes);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, bytes), this.#length);
    this.#length += bytes;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
