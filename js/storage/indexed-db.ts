import { CorsacError } from '../errors.js';
import type { BlobInfo, ByteStore, ByteStoreCaps, Durability, Op, RootSlot } from './byte-store.js';
import { BlobMap } from './blob-map.js';
import { type Connection, connect, deleteDatabase, finished, result } from './indexed-db-connection.js';
import {
  checkBlobName,
  closedError,
  isFull,
  lockedError,
  missingError,
  readError,
  storageError,
} from './storage-error.js';
import { type WebLock, takeWebLock } from './web-lock.js';

const READ_BYTES = 16 << 20; // asked for at once
const RECORD_BYTES = 1 << 20; // larger values become side files that can be lost on their own
const FENCE = 'fence';

interface Fence {
  readonly epoch: number;
  readonly owner: string;
}

/**
 * A home in one IndexedDB database, whose version stays 1 for ever: object store `b` holds blob bytes in
 * records of at most 1 MiB under [name, offset], `m` holds lengths, root slots and the fence.
 *
 * A batch is one transaction, so it is all or nothing, and the fence is read inside it: a writer that lost
 * its place cannot write. `strict` is a hint to the browser, as the IndexedDB specification says.
 */
export class IndexedDbStore implements ByteStore {
  readonly caps: ByteStoreCaps = {
    kind: 'indexeddb',
    persistent: true,
    atomicBatch: true,
    orderedWrites: true,
    fence: true,
    maxBlob: 2 ** 40,
  };
  readonly #database: string;
  readonly #lock: WebLock;
  // randomUUID is younger than the oldest supported engines.
  readonly #owner = crypto.getRandomValues(new Uint32Array(4)).join('-');
  readonly #blobs = new BlobMap();
  #connection: Connection;
  /** Of the writer before, as long as the disk is too full for one's own. */
  #fenceBefore: Fence | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #flushes = 0;
  #closed = false;

  private constructor(database: string, lock: WebLock, connection: Connection) {
    this.#database = database;
    this.#lock = lock;
    this.#connection = connection;
  }

  /** @throws {CorsacError} `locked` when another tab or worker holds the store, `storage` when the browser refuses. */
  static async open(database: string, steal = false): Promise<IndexedDbStore> {
    const lock = await takeWebLock(database, steal);
    if (!lock) throw lockedError(`"${database}"`, 'another tab or worker of this origin');
    try {
      const store = new IndexedDbStore(database, lock, await connect(database, true));
      await store.#takeFence();
      await store.#loadBlobMap();
      return store;
    } catch (error) {
      await lock.release();
      throw storageError(error, `opening the database "${database}"`);
    }
  }

  /** Deletes everything. @throws {CorsacError} `locked` while somebody holds the store. */
  static async destroy(database: string): Promise<void> {
    const lock = await takeWebLock(database);
    if (!lock) throw lockedError(`"${database}"`, 'another tab or worker of this origin');
    try {
      await deleteDatabase(database);
    } catch (error) {
      throw storageError(error, `deleting the database "${database}"`);
    } finally {
      await lock.release();
    }
  }

  apply(ops: readonly Op[], level: Durability): Promise<void> {
    for (const op of ops) checkBlobName(op.name);
    // Exact-size copies: structured clone of a view would store its whole buffer.
    const copies = ops.map((op) => ('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op));
    return this.#inOrder(() => this.#withRetry('writing', () => this.#write(copies, level)));
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#inOrder(async () => {
      const total = this.#blobs.length(name);
      if (total === undefined) throw missingError(name);
      const out = new Uint8Array(Math.max(0, Math.min(length, total - offset)));
      for (let done = 0; done < out.length; done += READ_BYTES) {
        const part = out.subarray(done, done + READ_BYTES);
        const read = await this.#withRetry(`reading "${name}"`, () => this.#read(name, offset + done, part), readError);
        // A hole reads as a shorter blob: the core sees damage, never zeros.
        if (read < part.length) return out.slice(0, done + read);
      }
      return out;
    });
  }

  size(name: string): Promise<number | undefined> {
    return this.#inOrder(async () => this.#blobs.length(name));
  }

  list(): Promise<BlobInfo[]> {
    return this.#inOrder(async () => this.#blobs.list());
  }

  readRoots(): Promise<RootSlot[]> {
    return this.#inOrder(() =>
      this.#withRetry('reading the roots', async () => {
        const tx = this.#connection.db.transaction('m');
        const range = IDBKeyRange.bound(['root'], ['root', []]);
        const [keys, values] = await Promise.all([
          result<IDBValidKey[]>(tx.objectStore('m').getAllKeys(range)),
          result<ArrayBuffer[]>(tx.objectStore('m').getAll(range)),
        ]);
        return keys.map((key, i) => {
          const [, name, slot] = key as [string, string, 0 | 1];
          return { name, slot, bytes: new Uint8Array(values[i]!) };
        });
      }),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => undefined);
    // A worker that ends amid a transaction, if only one that reads, keeps the database open for ever in WebKit.
    await this.#behindAll().catch(() => undefined);
    this.#connection.db.close();
    await this.#lock.release();
  }

  /** Resolves when every transaction that was begun has ended. */
  async #behindAll(): Promise<void> {
    const tx = this.#connection.db.transaction(['b', 'm'], 'readwrite');
    const done = finished(tx);
    tx.commit?.();
    await done;
  }

  async #write(ops: readonly Op[], level: Durability): Promise<void> {
    const next = this.#blobs.fork();
    let takes = false;
    const tx = this.#connection.db.transaction(['b', 'm'], 'readwrite', { durability: level });
    const done = finished(tx);
    try {
      takes = await this.#checkFence(tx, ops);
      for (const op of ops) this.#perform(tx, op, next);
      if (ops.length === 0) tx.objectStore('m').put(++this.#flushes, ['flush']);
      tx.commit();
    } catch (error) {
      done.catch(() => undefined);
      try {
        tx.abort();
      } catch {
        // The transaction had ended by itself; the first error tells why.
      }
      throw error;
    }
    await done;
    next.commit();
    if (takes) this.#fenceBefore = undefined;
  }

  #perform(tx: IDBTransaction, op: Op, next: ReturnType<BlobMap['fork']>): void {
    const blobs = tx.objectStore('b');
    const meta = tx.objectStore('m');
    switch (op.op) {
      case 'put':
      case 'append': {
        const start = op.op === 'put' ? 0 : op.offset;
        if (op.op === 'put') next.create(op.name);
        const offsets = next.extend(op.name, start, op.bytes.length, RECORD_BYTES);
        for (const offset of offsets) {
          const piece = op.bytes.slice(offset - start, offset - start + RECORD_BYTES);
          blobs.put(piece.buffer, [op.name, offset]);
        }
        meta.put(next.length(op.name), ['length', op.name]);
        break;
      }
      case 'root':
        meta.put(op.bytes.slice().buffer, ['root', op.name, op.slot]);
        break;
      case 'delete':
        next.remove(op.name);
        blobs.delete(IDBKeyRange.bound([op.name], [op.name, []]));
        meta.delete(['length', op.name]);
        meta.delete(IDBKeyRange.bound(['root', op.name], ['root', op.name, []]));
    }
  }

  /** Fills `out`, and gives how many bytes were there. */
  async #read(name: string, offset: number, out: Uint8Array): Promise<number> {
    const first = this.#blobs.recordAt(name, offset);
    const range = IDBKeyRange.bound([name, first], [name, offset + out.length], false, true);
    const tx = this.#connection.db.transaction('b');
    const [keys, records] = await Promise.all([
      result<IDBValidKey[]>(tx.objectStore('b').getAllKeys(range)),
      result<ArrayBuffer[]>(tx.objectStore('b').getAll(range)),
    ]);
    let filled = 0;
    keys.forEach((key, i) => {
      const at = (key as [string, number])[1];
      const piece = new Uint8Array(records[i]!).subarray(Math.max(0, offset - at), offset + out.length - at);
      out.set(piece, Math.max(at, offset) - offset);
      filled += piece.length;
    });
    return filled;
  }

  async #takeFence(): Promise<void> {
    const tx = this.#connection.db.transaction('m', 'readwrite', { durability: 'strict' });
    const done = finished(tx);
    const before = await result<Fence | undefined>(tx.objectStore('m').get([FENCE]));
    this.#putFence(tx, before);
    tx.commit();
    // A store on a full disk is opened to be read and emptied; the first write that fits takes the fence along.
    await done.catch((error: unknown) => {
      if (!before || !isFull(error)) throw error;
      this.#fenceBefore = before;
    });
  }

  #putFence(tx: IDBTransaction, before: Fence | undefined): void {
    tx.objectStore('m').put({ epoch: (before?.epoch ?? 0) + 1, owner: this.#owner } satisfies Fence, [FENCE]);
  }

  /** Whether this transaction takes the fence. @throws {CorsacError} `locked` when another writer has it */
  async #checkFence(tx: IDBTransaction, ops: readonly Op[]): Promise<boolean> {
    const fence = await result<Fence | undefined>(tx.objectStore('m').get([FENCE]));
    const before = this.#fenceBefore;
    if (fence?.owner !== (before?.owner ?? this.#owner) || (before && fence?.epoch !== before.epoch))
      throw lockedError(`"${this.#database}"`, 'another writer took over');
    // Deletes alone go through on any disk, the fence would not.
    const takes = before !== undefined && !ops.every(({ op }) => op === 'delete');
    if (takes) this.#putFence(tx, before);
    return takes;
  }

  async #loadBlobMap(): Promise<void> {
    const tx = this.#connection.db.transaction(['b', 'm']);
    const range = IDBKeyRange.bound(['length'], ['length', []]);
    const [records, names, lengths] = await Promise.all([
      result<IDBValidKey[]>(tx.objectStore('b').getAllKeys()),
      result<IDBValidKey[]>(tx.objectStore('m').getAllKeys(range)),
      result<number[]>(tx.objectStore('m').getAll(range)),
    ]);
    this.#blobs.load(
      names.map((key, i) => ({ name: (key as [string, string])[1], length: lengths[i]! })),
      records as [string, number][],
    );
  }

  /** Runs `work` after everything asked before it, so that offsets and order hold. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError('indexeddb'));
    const run = this.#tail.then(work, work);
    this.#tail = run.catch(() => undefined);
    return run;
  }

  /** Batches are idempotent (records are keyed by offset), so a lost connection is opened once more. */
  async #withRetry<T>(doing: string, work: () => Promise<T>, typed = storageError): Promise<T> {
    try {
      if (this.#connection.lost) await this.#reconnect();
      return await work();
    } catch (error) {
      if (error instanceof CorsacError || !this.#connection.lostBy(error)) throw typed(error, doing);
      try {
        await this.#reconnect();
        return await work();
      } catch (second) {
        throw typed(second, doing);
      }
    }
  }

  async #reconnect(): Promise<void> {
    this.#connection.db.close();
    this.#connection = await connect(this.#database, false);
  }
}
