import type * as Fs from 'node:fs/promises';
import type * as Path from 'node:path';

import { CorsacError } from '../errors.js';
import {
  BALLAST,
  type BlobInfo,
  type ByteStore,
  type ByteStoreCaps,
  type Durability,
  type Op,
  type RootSlot,
} from './byte-store.js';
import { LockFile } from './lock-file.js';
import { nodeBuiltin } from './node-builtin.js';
import { checkBlobName, closedError, isFull, missingError, storageError } from './storage-error.js';

const LOCK = 'store.lock';
const SUFFIX = '.corsac'; // what does not end so is somebody else's and is never touched
const ROOT = /^(.+)\/root\.([01])$/;
const MOST_HANDLES = 4;

/**
 * A folder of files: blob "3/wal-7" is the file 3/wal-7.corsac, slot 0 of root "3" is 3/root.0.corsac. Nothing is
 * renamed, and nothing but root slots is ever replaced. `strict` syncs every file and folder that changed
 * since the last sync. After a failed sync nothing is acknowledged any more: what the disk holds is unknown.
 */
export class NodeFsStore implements ByteStore {
  readonly caps: ByteStoreCaps = {
    kind: 'files',
    persistent: true,
    atomicBatch: false,
    orderedWrites: true,
    fence: true,
    maxBlob: 2 ** 40,
  };
  readonly #fs = nodeBuiltin<typeof Fs>('node:fs/promises');
  readonly #join = nodeBuiltin<typeof Path>('node:path').join;
  readonly #folder: string;
  readonly #lock: LockFile;
  readonly #lengths = new Map<string, number>();
  readonly #handles = new Map<string, Fs.FileHandle>();
  readonly #dirtyFiles = new Set<string>();
  readonly #dirtyFolders = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();
  #poison: CorsacError | undefined;
  #closed = false;

  private constructor(folder: string, lock: LockFile) {
    this.#folder = folder;
    this.#lock = lock;
  }

  /** @throws {CorsacError} `locked` when another process holds the folder, `storage` when it cannot be used. */
  static async open(folder: string): Promise<NodeFsStore> {
    const fs = nodeBuiltin<typeof Fs>('node:fs/promises');
    const { join, resolve } = nodeBuiltin<typeof Path>('node:path');
    const path = resolve(folder);
    let lock: LockFile | undefined;
    try {
      await fs.mkdir(path, { recursive: true });
      lock = await takeLock(fs, join(path, LOCK), join(path, BALLAST + SUFFIX));
      const store = new NodeFsStore(path, lock);
      await store.#scan();
      return store;
    } catch (error) {
      await lock?.release();
      throw storageError(error, `opening the folder ${path}`);
    }
  }

  /** Deletes the store's own files, and the folder when nothing else is in it. */
  static async destroy(folder: string): Promise<void> {
    const fs = nodeBuiltin<typeof Fs>('node:fs/promises');
    const store = await NodeFsStore.open(folder);
    try {
      const names = new Set([...(await store.list()), ...(await store.readRoots())].map(({ name }) => name));
      await store.apply(
        [...names].map((name) => ({ op: 'delete', name })),
        'strict',
      );
    } finally {
      await store.close();
    }
    await fs.rmdir(store.#folder).catch(() => undefined);
  }

  apply(ops: readonly Op[], level: Durability): Promise<void> {
    for (const op of ops) checkBlobName(op.name);
    const copies = ops.map((op) => ('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op));
    return this.#inOrder(`writing in ${this.#folder}`, async () => {
      if (this.#poison) throw this.#poison;
      if (level === 'strict' || copies.some(({ op }) => op === 'root')) await this.#lock.check();
      for (const op of copies) await this.#perform(op);
      if (level === 'strict') await this.#sync();
    });
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#inOrder(`reading ${name}`, async () => {
      const total = this.#lengths.get(name);
      if (total === undefined) throw missingError(name);
      const out = new Uint8Array(Math.max(0, Math.min(length, total - offset)));
      const handle = this.#handles.get(name) ?? (await this.#fs.open(this.#path(name), 'r'));
      try {
        return out.subarray(0, await readFully(handle, out, offset));
      } finally {
        if (handle !== this.#handles.get(name)) await handle.close();
      }
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
      for (const file of await this.#files()) {
        const [, name, slot] = ROOT.exec(file) ?? [];
        if (name === undefined) continue;
        const bytes = new Uint8Array(await this.#fs.readFile(this.#path(file)));
        roots.push({ name, slot: Number(slot) as 0 | 1, bytes });
      }
      return roots;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => undefined);
    for (const handle of this.#handles.values()) await handle.close().catch(() => undefined);
    await this.#lock.release();
  }

  async #perform(op: Op): Promise<void> {
    const folder = op.op === 'root' ? op.name : op.name.slice(0, Math.max(0, op.name.lastIndexOf('/')));
    switch (op.op) {
      case 'put':
        if (this.#lengths.has(op.name)) {
          throw new CorsacError('storage', `blob "${op.name}" exists and is never replaced`);
        }
        await this.#makeFolder(folder);
        this.#dirtyFolders.add(folder);
        return this.#extend(op.name, await this.#handle(op.name, 'wx'), 0, op.bytes);
      case 'append': {
        const length = this.#lengths.get(op.name);
        if (length === undefined) throw missingError(op.name);
        if (length !== op.offset) {
          throw new CorsacError('storage', `blob "${op.name}" is ${length} bytes long, cannot append at ${op.offset}`);
        }
        return this.#extend(op.name, await this.#handle(op.name, 'r+'), length, op.bytes);
      }
      case 'root': {
        await this.#makeFolder(folder);
        this.#dirtyFolders.add(folder);
        const name = `${op.name}/root.${op.slot}`;
        await this.#fs.writeFile(this.#path(name), op.bytes);
        this.#dirtyFiles.add(name);
        return;
      }
      case 'delete':
        return this.#remove(op.name);
    }
  }

  /** A write that fails half way is cut off again, so that the blob stays as it was. */
  async #extend(name: string, handle: Fs.FileHandle, offset: number, bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
        if (bytesWritten === 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'ENOSPC' });
        done += bytesWritten;
      }
    } catch (error) {
      await (this.#lengths.has(name) ? handle.truncate(offset) : this.#remove(name)).catch(() => undefined);
      throw error;
    }
    this.#lengths.set(name, offset + bytes.length);
    this.#dirtyFiles.add(name);
  }

  async #remove(name: string): Promise<void> {
    await this.#handles.get(name)?.close();
    this.#handles.delete(name);
    for (const file of [name, `${name}/root.0`, `${name}/root.1`]) {
      this.#dirtyFiles.delete(file);
      await this.#fs.unlink(this.#path(file)).catch((error: { code?: string }) => {
        if (!['ENOENT', 'EISDIR', 'EPERM', 'ENOTDIR'].includes(String(error.code))) throw error;
      });
    }
    this.#lengths.delete(name);
    const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : name;
    if (
      await this.#fs.rmdir(this.#folderPath(folder)).then(
        () => true,
        () => false,
      )
    )
      this.#dirtyFolders.delete(folder);
    else this.#dirtyFolders.add(folder);
  }

  async #sync(): Promise<void> {
    try {
      for (const name of this.#dirtyFiles) {
        const open = this.#handles.get(name);
        const handle = open ?? (await this.#fs.open(this.#path(name), 'r+'));
        try {
          await handle.datasync();
        } finally {
          if (!open) await handle.close();
        }
      }
      for (const folder of this.#dirtyFolders) await this.#syncFolder(folder);
    } catch (error) {
      this.#poison = storageError(error, 'syncing: nothing more is written until the store is opened again');
      throw this.#poison;
    }
    this.#dirtyFiles.clear();
    this.#dirtyFolders.clear();
  }

  async #syncFolder(folder: string): Promise<void> {
    try {
      const handle = await this.#fs.open(this.#folderPath(folder), 'r');
      await handle.sync().finally(() => handle.close());
    } catch (error) {
      // Some systems cannot sync a folder (Windows, some network disks), or it is gone by now.
      if (
        !['EPERM', 'EINVAL', 'ENOTSUP', 'EISDIR', 'EACCES', 'ENOENT'].includes(
          String((error as { code?: string }).code),
        )
      )
        throw error;
    }
  }

  async #handle(name: string, flags: 'wx' | 'r+'): Promise<Fs.FileHandle> {
    const open = this.#handles.get(name);
    if (open && flags === 'r+') return open;
    const handle = await this.#fs.open(this.#path(name), flags === 'wx' ? 'wx+' : 'r+');
    this.#handles.set(name, handle);
    for (const [oldest, old] of this.#handles) {
      if (this.#handles.size <= MOST_HANDLES) break;
      this.#handles.delete(oldest);
      await old.close();
    }
    return handle;
  }

  async #makeFolder(folder: string): Promise<void> {
    const made = await this.#fs.mkdir(this.#folderPath(folder), { recursive: true });
    if (made !== undefined) this.#dirtyFolders.add('');
  }

  async #scan(): Promise<void> {
    for (const name of await this.#files()) {
      if (!ROOT.test(name)) this.#lengths.set(name, (await this.#fs.stat(this.#path(name))).size);
      // An earlier session may have ended without a sync; the first strict batch makes up for it.
      this.#dirtyFiles.add(name);
      this.#dirtyFolders.add(name.slice(0, Math.max(0, name.lastIndexOf('/'))));
    }
  }

  /** Our own files without their suffix, two levels deep at most. */
  async #files(): Promise<string[]> {
    const names: string[] = [];
    const visit = async (folder: string, depth: number): Promise<void> => {
      for (const entry of await this.#fs.readdir(this.#join(this.#folder, folder), { withFileTypes: true })) {
        const name = folder ? `${folder}/${entry.name}` : entry.name;
        if (entry.isDirectory() && depth < 2) await visit(name, depth + 1);
        if (entry.isFile() && name.endsWith(SUFFIX)) names.push(name.slice(0, -SUFFIX.length));
      }
    };
    await visit('', 0);
    return names;
  }

  /** The file of a blob or root slot. */
  #path(name: string): string {
    return this.#join(this.#folder, name + SUFFIX);
  }

  #folderPath(folder: string): string {
    return this.#join(this.#folder, folder);
  }

  #inOrder<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError('files'));
    const run = this.#tail.then(work, work).catch((error: unknown) => {
      throw storageError(error, doing);
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }
}

/** A store whose disk is full can still be read, and emptied: its ballast makes room for the lock. */
async function takeLock(fs: typeof Fs, path: string, ballast: string): Promise<LockFile> {
  try {
    return await LockFile.take(path);
  } catch (error) {
    if (!isFull(error)) throw error;
    await fs.rm(path, { force: true }); // made by this attempt, and empty
    await fs.rm(ballast, { force: true });
    return LockFile.take(path);
  }
}

async function readFully(handle: Fs.FileHandle, out: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < out.length) {
    const { bytesRead } = await handle.read(out, done, out.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
