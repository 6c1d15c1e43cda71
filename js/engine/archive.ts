// What is an exported store as a stream? The stored form itself: roots and blobs, each as the home holds it.
// docs/format.md draws it. Reading never trusts a length before it has checked it against a limit.
import { CorsacError } from '../errors.js';

export const ARCHIVE_MAGIC = Uint8Array.of(0x89, 0x58, 0x41, 0x52, 0x0d, 0x0a, 0x1a, 0x0a);
export const ARCHIVE_HEADER = 32;
const ENTRY_HEADER = 16;
const MAJOR = 1;
const KIND_BLOB = 1;
const KIND_ROOT = 2;
const KIND_END = 3;

/** What one entry of an archive is. */
export interface ArchiveEntry {
  readonly kind: 'blob' | 'root';
  readonly name: string;
  /** Of a root. */
  readonly slot: 0 | 1;
  readonly length: number;
}

/** How much an archive may hold. */
export interface ArchiveLimits {
  readonly totalBytes: number;
  readonly blobs: number;
}

const BLOB_NAME = /^[1-9]\d{0,9}\/(wal|blob)-\d{1,20}$/;
const ROOT_NAME = /^(catalog|[1-9]\d{0,9})$/;
const ROOT_BYTES = 1 << 20;
const utf8 = new TextEncoder();
const corrupt = (why: string) => new CorsacError('corrupt', `the archive ${why}`);

export function archiveHeader(store: Uint8Array): Uint8Array {
  const out = new Uint8Array(ARCHIVE_HEADER);
  out.set(ARCHIVE_MAGIC);
  new DataView(out.buffer).setUint16(8, MAJOR, true);
  out.set(store, 16);
  return out;
}

export function entryHeader({ kind, name, slot, length }: ArchiveEntry): Uint8Array {
  return header(kind === 'blob' ? KIND_BLOB : KIND_ROOT, slot, utf8.encode(name), length);
}

/** The last entry: how many there were before it. */
export const archiveEnd = (entries: number): Uint8Array => header(KIND_END, 0, new Uint8Array(), entries);

function header(kind: number, slot: number, name: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(ENTRY_HEADER + name.length);
  const view = new DataView(out.buffer);
  out[0] = kind;
  out[1] = slot;
  view.setUint16(2, name.length, true);
  view.setBigUint64(8, BigInt(length), true);
  out.set(name, ENTRY_HEADER);
  return out;
}

/** What a reader found: the start of an entry, or bytes of the one that was started last. */
export type ArchivePart = { readonly entry: ArchiveEntry } | { readonly bytes: Uint8Array };

/** Takes an archive in pieces of any size. */
export class ArchiveReader {
  readonly #limits: ArchiveLimits;
  readonly #seen = new Set<string>();
  #pending: Uint8Array = new Uint8Array();
  #left = 0;
  #total = 0;
  #blobs = 0;
  #ended = false;
  /** The id of the store that was exported; known after the first 32 bytes. */
  store: Uint8Array | undefined;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  /** @throws {CorsacError} `corrupt`, `unsupported_format`, `invalid_argument` past a limit */
  *take(piece: Uint8Array): Generator<ArchivePart> {
    let at = 0;
    while (at < piece.length || this.#pending.length > 0) {
      if (this.#left > 0) {
        const bytes = piece.subarray(at, at + this.#left);
        if (bytes.length === 0) return;
        at += bytes.length;
        this.#left -= bytes.length;
        yield { bytes };
        continue;
      }
      if (this.#ended) throw corrupt('goes on after its end');
      const need = this.#needed();
      const more = piece.subarray(at, at + Math.max(0, need - this.#pending.length));
      at += more.length;
      this.#pending = joined(this.#pending, more);
      if (this.#pending.length < this.#needed()) {
        if (more.length === 0) return;
        continue;
      }
      const entry = this.#start(this.#pending);
      this.#pending = new Uint8Array();
      if (entry) yield { entry };
    }
  }

  /** @throws {CorsacError} `corrupt` unless everything was there */
  finish(): void {
    if (!this.#ended || this.#left > 0 || this.#pending.length > 0) throw corrupt('ends before its end');
  }

  #needed(): number {
    if (!this.store) return ARCHIVE_HEADER;
    if (this.#pending.length < ENTRY_HEADER) return ENTRY_HEADER;
    return ENTRY_HEADER + new DataView(this.#pending.buffer, this.#pending.byteOffset).getUint16(2, true);
  }

  #start(bytes: Uint8Array): ArchiveEntry | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (!this.store) {
      if (ARCHIVE_MAGIC.some((byte, i) => bytes[i] !== byte)) throw corrupt('does not begin as one');
      if (view.getUint16(8, true) > MAJOR || view.getUint32(12, true) !== 0) {
        throw new CorsacError('unsupported_format', `the archive is of version ${view.getUint16(8, true)}`);
      }
      this.store = bytes.slice(16, ARCHIVE_HEADER);
      return undefined;
    }
    const length = Number(view.getBigUint64(8, true));
    if (view.getUint32(4, true) !== 0) throw corrupt('has a reserved field that is not 0');
    if (bytes[0] === KIND_END && bytes.length === ENTRY_HEADER) {
      if (length !== this.#seen.size) throw corrupt(`has ${this.#seen.size} entries, its end says ${length}`);
      this.#ended = true;
      return undefined;
    }
    return this.#entry(bytes, length);
  }

  #entry(bytes: Uint8Array, length: number): ArchiveEntry {
    const kind = bytes[0] === KIND_BLOB ? 'blob' : bytes[0] === KIND_ROOT ? 'root' : undefined;
    const name = String.fromCharCode(...bytes.subarray(ENTRY_HEADER));
    const slot = bytes[1] as 0 | 1;
    const named = kind === 'blob' ? slot === 0 && BLOB_NAME.test(name) : slot <= 1 && ROOT_NAME.test(name);
    const key = kind === 'root' ? `${name}.${slot}` : name;
    if (!kind || !named || this.#seen.has(key)) throw corrupt(`has an impossible entry "${name.slice(0, 40)}"`);
    if (kind === 'root' && length > ROOT_BYTES) throw corrupt(`has a root of ${length} bytes`);
    this.#seen.add(key);
    this.#total += length;
    if (kind === 'blob') this.#blobs += 1;
    const { totalBytes, blobs } = this.#limits;
    if (this.#total > totalBytes)
      throw new CorsacError('invalid_argument', `the archive holds more than limits.totalBytes (${totalBytes})`);
    if (this.#blobs > blobs)
      throw new CorsacError('invalid_argument', `the archive holds more blobs than limits.blobs (${blobs})`);
    this.#left = length;
    return { kind, name, slot, length };
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b.slice();
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
