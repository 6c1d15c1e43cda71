import { CorsacError } from '../errors.js';
import type { BlobInfo, ByteStore, ByteStoreCaps, Durability, Op, RootSlot } from './byte-store.js';
import {
  type Folder,
  openSync,
  readFully,
  removeEntry,
  requireSyncHandles,
  storesFolder,
  type SyncHandle,
  writeFully,
} from './opfs-files.js';
import { checkBlobName, closedError, lockedError, missingError, storageError } from './storage-error.js';
import { takeWebLock } from './web-lock.js';

const LOCK = 'store.lock';
const SUFFIX = '.corsac';
const ROOT = /^(.+)\/root\.([01])$/;
const MOST_HANDLES = 6; // some browsers give an origin few
const where = (name: string) => `"${name}" in the origin-private file system`;

interface Open {
  readonly handle: SyncHandle;
  dirty: boolean;
}

/**
 * A folder of the origin-private file system, laid out as the home in Node lays out its own: blob "3/wal-7" is the
 * file 3/wal-7.corsac, slot 0 of root "3" is 3/root.0.corsac. Dedicated workers only. Nothing is renamed, and
 * nothing but root slots is replaced. `strict` flushes every file that changed.
 *
 * The lock is a Web Lock and an open handle of store.lock, which no second worker can have, so that a writer that
 * lost its place cannot exist.
 */
export class OpfsStore implements ByteStore {
  readonly caps: ByteStoreCaps = {
    kind: 'opfs',
    persistent: true,
    atomicBatch: false,
    orderedWrites: true,
    fence: true,
    maxBlob: 2 ** 40,
  };
  readonly #folder: Folder;
  readonly #release: (clean: boolean) => Promise<void>;
  readonly #lengths = new Map<string, number>();
  readonly #roots = new Set<string>();
  /** By file, the one used longest ago first. */
  readonly #handles = new Map<string, Open>();
  readonly #folders = new Map<string, Folder>();
  /** Written by a session that ended without a flush: they are flushed with the first strict batch. */
  readonly #suspects = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();
  #poison: CorsacError | undefined;
  #closed = false;

  private constructor(folder: Folder, release: (clean: boolean) => Promise<void>) {
    this.#folder = folder;
    this.#release = release;
  }

  /**
   * @throws {CorsacError} `unsupported_environment` outside of dedicated workers, `locked` when another tab or worker
   *   holds the store, `storage`
   */
  static async open(name: string, steal = false): Promise<OpfsStore> {
    requireSyncHandles();
    const lock = await takeWebLock(`opfs/${name}`, steal);
    if (!lock) throw lockedError(where(name), 'another tab or worker of this origin');
    let handle: SyncHandle | undefined;
    const release = async (clean: boolean) => {
      if (clean) handle?.truncate(0);
      handle?.close();
      await lock.release();
    };
    try {
      const folder = await (await storesFolder()).getDirectoryHandle(name, { create: true });
      handle = await openSync(folder, LOCK, true);
      const store = new OpfsStore(folder, release);
      await store.#scan(folder, '');
      if (handle.getSize() > 0)
        for (const name of [...store.#lengths.keys(), ...store.#roots]) store.#suspects.add(name);
      handle.write(new Uint8Array(1), { at: 0 }); // until a clean end
      return store;
    } catch (error) {
      await release(false);
      if ((error as CorsacError).code === 'busy') throw lockedError(where(name), 'its lock file is open');
      throw storageError(error, `opening the store ${where(name)}`);
    }
  }

  /** Deletes everything, also from a page. @throws {CorsacError} `locked` while somebody holds the store. */
  static async destroy(name: string): Promise<void> {
    const lock = await takeWebLock(`opfs/${name}`);
    if (!lock) throw lockedError(where(name), 'another tab or worker of this origin');
    try {
      await removeEntry(await storesFolder(), name, true);
    } catch (error) {
      if ((error as CorsacError).code === 'busy') throw lockedError(where(name), 'its files are open');
      throw storageError(error, `deleting the store ${where(name)}`);
    } finally {
      await lock.release();
    }
  }

  apply(ops: readonly Op[], level: Durability): Promise<void> {
    for (const op of ops) checkBlobName(op.name);
    const copies = ops.map((op) => ('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op));
    return this.#inOrder('writing', async () => {
      if (this.#poison) throw this.#poison;
      for (const op of copies) await this.#perform(op);
      if (level === 'strict') await this.#flushAll();
    });
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#inOrder(`reading "${name}"`, async () => {
      const total = this.#lengths.get(name);
      if (total === undefined) throw missingError(name);
      const { handle } = await this.#open(name, false);
      return readFully(handle, offset, Math.max(0, Math.min(length, total - offset)));
    });
  }

  size(name: string): Promise<number | undefined> {
    return this.#inOrder('asking for a size', async () => this.#lengths.get(name));
  }

  list(): Promise<BlobInfo[]> {
    return this.#inOrder('listing', async () => [...this.#lengths].map(([name, length]) => ({ name, length })));
  }

  readRoots(): Promise<RootSlot[]> {
    return this.#inOrder('reading the roots', async () => {
      const roots: RootSlot[] = [];
      for (const file of this.#roots) {
        const [, name, slot] = ROOT.exec(file)!;
        const { handle } = await this.#open(file, false);
        const bytes = readFully(handle, 0, handle.getSize());
        roots.push({ name: name!, slot: Number(slot) as 0 | 1, bytes });
      }
      return roots;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => undefined);
    const clean = this.#poison === undefined && (await this.#flushAll().then(...settled));
    for (const { handle } of this.#handles.values()) handle.close();
    this.#handles.clear();
    await this.#release(clean);
  }

  async #perform(op: Op): Promise<void> {
    switch (op.op) {
      case 'put':
        if (this.#lengths.has(op.name)) {
          throw new CorsacError('storage', `blob "${op.name}" exists and is never replaced`);
        }
        return this.#extend(op.name, 0, op.bytes);
      case 'append': {
        const length = this.#lengths.get(op.name);
        if (length === undefined) throw missingError(op.name);
        if (length !== op.offset) {
          throw new CorsacError('storage', `blob "${op.name}" is ${length} bytes long, cannot append at ${op.offset}`);
        }
        return this.#extend(op.name, length, op.bytes);
      }
      case 'root': {
        const file = `${op.name}/root.${op.slot}`;
        const open = await this.#open(file, true);
        open.dirty = true;
        open.handle.truncate(0);
        writeFully(open.handle, op.bytes, 0);
        this.#roots.add(file);
        return;
      }
      case 'delete':
        return this.#remove(op.name);
    }
  }

  /** A write that fails half way is cut off again, so that the blob stays as it was. */
  async #extend(name: string, offset: number, bytes: Uint8Array): Promise<void> {
    try {
      const open = await this.#open(name, true);
      open.dirty = true;
      // What an earlier failure may have left behind the end.
      if (open.handle.getSize() !== offset) open.handle.truncate(offset);
      writeFully(open.handle, bytes, offset);
    } catch (error) {
      if (!this.#lengths.has(name)) await this.#removeFile(name).catch(() => undefined);
      throw error;
    }
    this.#lengths.set(name, offset + bytes.length);
  }

  async #remove(name: string): Promise<void> {
    for (const file of [name, `${name}/root.0`, `${name}/root.1`]) {
      if (this.#lengths.has(file) || this.#roots.has(file)) await this.#removeFile(file);
      this.#lengths.delete(file);
      this.#roots.delete(file);
    }
  }

  async #removeFile(file: string): Promise<void> {
    this.#handles.get(file)?.handle.close();
    this.#handles.delete(file);
    const [folder, name] = split(file);
    await removeEntry(await this.#folderOf(folder), name);
  }

  async #flushAll(): Promise<void> {
    for (const name of this.#suspects) {
      if (this.#lengths.has(name) || this.#roots.has(name)) (await this.#open(name, false)).dirty = true;
    }
    for (const open of this.#handles.values()) this.#flush(open);
    this.#suspects.clear();
  }

  #flush(open: Open): void {
    if (!open.dirty) return;
    try {
      open.handle.flush();
    } catch (error) {
      this.#poison = storageError(error, 'flushing: nothing more is written until the store is opened again');
      throw this.#poison;
    }
    open.dirty = false;
  }

  async #open(file: string, create: boolean): Promise<Open> {
    const known = this.#handles.get(file);
    if (known) {
      this.#handles.delete(file);
      this.#handles.set(file, known);
      return known;
    }
    for (const [oldest, open] of this.#handles) {
      if (this.#handles.size < MOST_HANDLES) break;
      this.#flush(open); // closing alone does not
      this.#handles.delete(oldest);
      open.handle.close();
    }
    const [folder, name] = split(file);
    const open = { handle: await openSync(await this.#folderOf(folder), name, create), dirty: false };
    this.#handles.set(file, open);
    return open;
  }

  async #folderOf(path: string): Promise<Folder> {
    if (path === '') return this.#folder;
    const known = this.#folders.get(path);
    if (known) return known;
    let folder = this.#folder;
    for (const part of path.split('/')) folder = await folder.getDirectoryHandle(part, { create: true });
    this.#folders.set(path, folder);
    return folder;
  }

  /** Our own files. Folders that are empty stay: they cost nothing. */
  async #scan(folder: Folder, prefix: string): Promise<void> {
    for await (const [name, entry] of folder.entries()) {
      if (entry.kind === 'directory') await this.#scan(entry as Folder, `${prefix}${name}/`);
      else if (name.endsWith(SUFFIX)) {
        const file = prefix + name.slice(0, -SUFFIX.length);
        if (ROOT.test(file)) this.#roots.add(file);
        else this.#lengths.set(file, (await (entry as FileSystemFileHandle).getFile()).size);
      }
    }
  }

  /** Runs `work` after everything asked before it, so that offsets and order hold. */
  #inOrder<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError('opfs'));
    const run = this.#tail.then(work, work).catch((error: unknown) => {
      throw storageError(error, doing);
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }
}

const settled = [() => true, () => false] as const;

/** The folder and the name of a file. */
function split(file: string): [folder: string, name: string] {
  const at = file.lastIndexOf('/');
  return [file.slice(0, Math.max(0, at)), file.slice(at + 1) + SUFFIX];
}
