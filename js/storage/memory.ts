import { CorsacError } from '../errors.js';
import type { BlobInfo, ByteStore, ByteStoreCaps, Durability, Op, RootSlot } from './byte-store.js';
import { checkBlobName, closedError, lockedError, missingError } from './storage-error.js';

/** What a {@link MemoryStore} remembers; keep it to open the same bytes again. */
export class MemoryMedium {
  readonly blobs = new Map<string, Uint8Array>();
  readonly roots = new Map<string, RootSlot>();
  owner: MemoryStore | undefined;
}

/**
 * A home that lasts as long as its medium: for tests, and for data that need not be kept.
 *
 * @example
 * const medium = new MemoryMedium();
 * const store = await VectorStore.open('scratch', { storage: MemoryStore.open(medium) });
 * await store.close();
 */
export class MemoryStore implements ByteStore {
  readonly caps: ByteStoreCaps = {
    kind: 'memory',
    persistent: false,
    atomicBatch: true,
    orderedWrites: true,
    fence: true,
    maxBlob: 2 ** 31,
  };
  readonly #medium: MemoryMedium;
  #closed = false;

  private constructor(medium: MemoryMedium) {
    this.#medium = medium;
  }

  /** @throws {CorsacError} `locked` while another store holds the medium. */
  static open(medium = new MemoryMedium()): MemoryStore {
    if (medium.owner) throw lockedError('in memory', 'it was not closed');
    return (medium.owner = new MemoryStore(medium));
  }

  async apply(ops: readonly Op[], _level: Durability): Promise<void> {
    this.#check();
    const staged = new Map<string, Uint8Array | undefined>();
    const roots: RootSlot[] = [];
    const dropped: string[] = [];
    const look = (name: string) => (staged.has(name) ? staged.get(name) : this.#medium.blobs.get(name));
    for (const op of ops) {
      checkBlobName(op.name);
      switch (op.op) {
        case 'put':
          if (look(op.name)) throw new CorsacError('storage', `blob "${op.name}" exists and is never replaced`);
          staged.set(op.name, op.bytes.slice());
          break;
        case 'append':
          staged.set(op.name, extended(look(op.name), op));
          break;
        case 'root':
          roots.push({ name: op.name, slot: op.slot, bytes: op.bytes.slice() });
          break;
        case 'delete':
          staged.set(op.name, undefined);
          dropped.push(op.name);
      }
    }
    for (const name of dropped) for (const slot of [0, 1]) this.#medium.roots.delete(`${name}/${slot}`);
    for (const root of roots) this.#medium.roots.set(`${root.name}/${root.slot}`, root);
    for (const [name, bytes] of staged) {
      if (bytes) this.#medium.blobs.set(name, bytes);
      else this.#medium.blobs.delete(name);
    }
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    this.#check();
    const blob = this.#medium.blobs.get(name);
    if (!blob) throw missingError(name);
    return blob.slice(offset, offset + length);
  }

  async size(name: string): Promise<number | undefined> {
    this.#check();
    return this.#medium.blobs.get(name)?.length;
  }

  async list(): Promise<BlobInfo[]> {
    this.#check();
    return [...this.#medium.blobs].map(([name, bytes]) => ({ name, length: bytes.length }));
  }

  async readRoots(): Promise<RootSlot[]> {
    this.#check();
    return [...this.#medium.roots.values()].map((root) => ({ ...root, bytes: root.bytes.slice() }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#medium.owner === this) this.#medium.owner = undefined;
  }

  #check(): void {
    if (this.#closed) throw closedError('memory');
    if (this.#medium.owner !== this) throw lockedError('in memory', 'another writer took over');
  }
}

function extended(blob: Uint8Array | undefined, op: Extract<Op, { op: 'append' }>): Uint8Array {
  if (!blob) throw missingError(op.name);
  if (blob.length !== op.offset) {
    throw new CorsacError('storage', `blob "${op.name}" is ${blob.length} bytes long, cannot append at ${op.offset}`);
  }
  const out = new Uint8Array(blob.length + op.bytes.length);
  out.set(blob);
  out.set(op.bytes, blob.length);
  return out;
}
