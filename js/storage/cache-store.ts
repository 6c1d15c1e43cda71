import { CorsacError } from '../errors.js';
import type { BlobInfo, ByteStore, ByteStoreCaps, Durability, Op, RootSlot } from './byte-store.js';
import { checkBlobName, closedError, lockedError, missingError, storageError } from './storage-error.js';
import { type WebLock, takeWebLock } from './web-lock.js';

/** Appends to a blob rewrite its last piece until it is this long, so that pieces are few. */
const PIECE_BYTES = 64 << 10;
const HOST = 'https://corsac.invalid/';

interface Piece {
  readonly offset: number;
  readonly length: number;
}

interface Blob {
  readonly pieces: Piece[];
  length: number;
  /** The bytes of the last piece while it is short. */
  tail: Uint8Array | undefined;
}

/**
 * A home in the Cache API, which every window and worker has: slower than the others, and kept by browsers in
 * another place than IndexedDB. A blob is a list of pieces, each a response under `b/<name>/<offset>/<length>`; a root
 * slot is one under `r/<name>/<slot>`.
 */
export class CacheStore implements ByteStore {
  readonly caps: ByteStoreCaps = {
    kind: 'cache',
    persistent: true,
    atomicBatch: false,
    orderedWrites: false,
    fence: true,
    maxBlob: 2 ** 40,
  };
  readonly #cache: Cache;
  readonly #lock: WebLock;
  readonly #blobs = new Map<string, Blob>();
  readonly #roots = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(cache: Cache, lock: WebLock) {
    this.#cache = cache;
    this.#lock = lock;
  }

  static get available(): boolean {
    return typeof caches === 'object';
  }

  /** @throws {CorsacError} `locked`, `storage`, `unsupported_environment` */
  static async open(name: string, steal = false): Promise<CacheStore> {
    if (!CacheStore.available) throw new CorsacError('unsupported_environment', 'this environment has no Cache API');
    const lock = await takeWebLock(`cache/${name}`, steal);
    if (!lock) throw lockedError(`cache "${name}"`, 'another tab or worker of this origin');
    try {
      const store = new CacheStore(await caches.open(name), lock);
      await store.#scan();
      return store;
    } catch (error) {
      await lock.release();
      throw storageError(error, `opening the cache "${name}"`);
    }
  }

  /** Deletes everything. @throws {CorsacError} `locked` while somebody holds it */
  static async destroy(name: string): Promise<void> {
    const lock = await takeWebLock(`cache/${name}`);
    if (!lock) throw lockedError(`cache "${name}"`, 'another tab or worker of this origin');
    try {
      await caches.delete(name);
    } catch {
      // Where the cache is refused there is nothing in it.
    } finally {
      await lock.release();
    }
  }

  apply(ops: readonly Op[], _level: Durability): Promise<void> {
    for (const op of ops) checkBlobName(op.name);
    const copies = ops.map((op) => ('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op));
    return this.#inOrder('writing', async () => {
      if (this.#lock.lost) throw lockedError('cache', 'another writer took over');
      for (const op of copies) await this.#perform(op);
    });
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#inOrder(`reading "${name}"`, async () => {
      const blob = this.#blobs.get(name);
      if (!blob) throw missingError(name);
      const end = Math.min(blob.length, offset + length);
      const out = new Uint8Array(Math.max(0, end - offset));
      for (const piece of blob.pieces) {
        if (piece.offset >= end || piece.offset + piece.length <= offset) continue;
        const bytes = await this.#piece(name, piece);
        const from = Math.max(0, offset - piece.offset);
        out.set(bytes.subarray(from, end - piece.offset), piece.offset + from - offset);
      }
      return out;
    });
  }

  size(name: string): Promise<number | undefined> {
    return this.#inOrder('asking for a size', async () => this.#blobs.get(name)?.length);
  }

  list(): Promise<BlobInfo[]> {
    return this.#inOrder('listing', async () => [...this.#blobs].map(([name, { length }]) => ({ name, length })));
  }

  readRoots(): Promise<RootSlot[]> {
    return this.#inOrder('reading the roots', async () => {
      const roots: RootSlot[] = [];
      for (const key of this.#roots) {
        const bytes = await this.#get(key);
        const [, name, slot] = /^r\/(.*)\/([01])$/.exec(key)!;
        if (bytes) roots.push({ name: name!, slot: Number(slot) as 0 | 1, bytes });
      }
      return roots;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => undefined);
    await this.#lock.release();
  }

  async #perform(op: Op): Promise<void> {
    const blob = this.#blobs.get(op.name);
    switch (op.op) {
      case 'put':
        if (blob) throw new CorsacError('storage', `blob "${op.name}" exists and is never replaced`);
        await this.#addPiece(op.name, { pieces: [], length: 0, tail: undefined }, op.bytes);
        return;
      case 'append':
        if (!blob) throw missingError(op.name);
        if (blob.length !== op.offset) {
          throw new CorsacError(
            'storage',
            `blob "${op.name}" is ${blob.length} bytes long, cannot append at ${op.offset}`,
          );
        }
        return this.#addPiece(op.name, blob, op.bytes);
      case 'root': {
        const key = `r/${op.name}/${op.slot}`;
        await this.#put(key, op.bytes);
        this.#roots.add(key);
        return;
      }
      case 'delete':
        this.#blobs.delete(op.name);
        for (const piece of blob?.pieces ?? []) await this.#cache.delete(HOST + keyOf(op.name, piece));
        for (const slot of [0, 1]) {
          const key = `r/${op.name}/${slot}`;
          if (this.#roots.delete(key)) await this.#cache.delete(HOST + key);
        }
    }
  }

  async #addPiece(name: string, blob: Blob, bytes: Uint8Array): Promise<void> {
    const last = blob.pieces.at(-1);
    const before = last && blob.tail;
    const joined = before ? new Uint8Array(before.length + bytes.length) : bytes;
    if (before) {
      joined.set(before);
      joined.set(bytes, before.length);
    }
    const piece = { offset: before ? last.offset : blob.length, length: joined.length };
    await this.#put(keyOf(name, piece), joined);
    // Of two pieces with one beginning the longer counts.
    if (before && piece.length > last.length) await this.#cache.delete(HOST + keyOf(name, last));
    if (before) blob.pieces.pop();
    blob.pieces.push(piece);
    blob.length += bytes.length;
    blob.tail = joined.length < PIECE_BYTES ? joined : undefined;
    this.#blobs.set(name, blob);
  }

  async #piece(name: string, piece: Piece): Promise<Uint8Array> {
    const bytes = await this.#get(keyOf(name, piece));
    if (bytes?.length === piece.length) return bytes;
    throw new CorsacError('corrupt', `blob "${name}" lacks its bytes at ${piece.offset}`);
  }

  async #get(key: string): Promise<Uint8Array | undefined> {
    const response = await this.#cache.match(HOST + key);
    return response && new Uint8Array(await response.arrayBuffer());
  }

  #put(key: string, bytes: Uint8Array): Promise<void> {
    return this.#cache.put(HOST + key, new Response(bytes as Uint8Array<ArrayBuffer>));
  }

  async #scan(): Promise<void> {
    const found = new Map<string, Map<number, number>>();
    for (const { url } of await this.#cache.keys()) {
      const key = url.slice(HOST.length);
      if (key.startsWith('r/')) this.#roots.add(key);
      const [, name, offset, length] = /^b\/(.*)\/(\d+)\/(\d+)$/.exec(key) ?? [];
      if (name === undefined) continue;
      const pieces = found.get(name) ?? new Map<number, number>();
      found.set(name, pieces.set(Number(offset), Math.max(Number(length), pieces.get(Number(offset)) ?? 0)));
    }
    for (const [name, pieces] of found) {
      const blob: Blob = { pieces: [], length: 0, tail: undefined };
      for (const [offset, length] of [...pieces].sort(([a], [b]) => a - b)) {
        if (offset !== blob.length) break; // what follows a gap was never whole
        blob.pieces.push({ offset, length });
        blob.length += length;
      }
      if (pieces.has(0)) this.#blobs.set(name, blob);
    }
  }

  #inOrder<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError('cache'));
    const run = this.#tail.then(work, work).catch((error: unknown) => {
      throw storageError(error, doing);
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }
}

const keyOf = (name: string, { offset, length }: Piece): string => `b/${name}/${offset}/${length}`;
