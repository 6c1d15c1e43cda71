// How are files of the origin's private file system opened, when their last holder may still be dying?
import { CorsacError } from '../errors.js';

/** A worker that was terminated gives its handles back up to 300 ms later; a slow machine takes longer. */
const BUSY_LIMIT_MS = 5_000;

/** In TypeScript's lib for workers only; the page's own type checks see this. */
export interface SyncHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

interface FileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncHandle>;
}

export type Folder = FileSystemDirectoryHandle;

/** @throws {CorsacError} `unsupported_environment` where this thread cannot have sync access handles */
export function requireSyncHandles(): void {
  if (!hasFileSystem()) throw unsupported(NONE);
  if (typeof FileSystemFileHandle !== 'function' || !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) {
    throw unsupported('sync access handles exist in dedicated workers only');
  }
}

const NONE = 'this environment has no origin-private file system';
const hasFileSystem = () => typeof globalThis.navigator?.storage?.getDirectory === 'function';

const unsupported = (reason: string, cause?: unknown) =>
  new CorsacError('unsupported_environment', `storage 'opfs' does not work here: ${reason}`, {
    cause,
    hint: "a page reaches it through Corsac's worker (worker: 'auto'); storage: 'indexeddb' works everywhere",
  });

const nameOf = (error: unknown) => (error as { name?: string } | undefined)?.name;

/** The folder of all stores. @throws {CorsacError} `unsupported_environment` where the browser refuses: private mode, sandboxed frames */
export async function storesFolder(): Promise<Folder> {
  if (!hasFileSystem()) throw unsupported(NONE);
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle('corsac', { create: true });
  } catch (error) {
    if (nameOf(error) === 'QuotaExceededError') throw error;
    throw unsupported(`the browser refuses (${nameOf(error)}), as some do in private mode`, error);
  }
}

/** A handle of `name` that excludes every other. @throws NotFoundError unless it exists or `create` is set */
export async function openSync(folder: Folder, name: string, create: boolean): Promise<SyncHandle> {
  const file = (await folder.getFileHandle(name, { create })) as FileHandle;
  return retryBusy(`opening the file "${name}"`, () => file.createSyncAccessHandle());
}

/** Whether there was such an entry. */
export async function removeEntry(folder: Folder, name: string, recursive = false): Promise<boolean> {
  try {
    await retryBusy(`deleting "${name}"`, () => folder.removeEntry(name, { recursive }));
    return true;
  } catch (error) {
    if (nameOf(error) === 'NotFoundError') return false;
    throw error;
  }
}

/** @throws {CorsacError} `busy` when somebody holds the file all the time */
async function retryBusy<T>(doing: string, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + BUSY_LIMIT_MS;
  for (let wait = 2; ; wait = Math.min(wait * 2, 100)) {
    try {
      return await work();
    } catch (error) {
      if (nameOf(error) !== 'NoModificationAllowedError') throw error;
      if (performance.now() > end) {
        const text = `the browser says that a file is in use, for ${BUSY_LIMIT_MS / 1000} s, while ${doing}`;
        throw new CorsacError('busy', text, { cause: error, hint: 'close other tabs of this site' });
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/**
 * All of `bytes` at `at`, and nothing else after them. A full disk shows as an exception, as a short count or, in
 * some versions, as a count that cannot be; then the file is cut back to `at`.
 */
export function writeFully(handle: SyncHandle, bytes: Uint8Array, at: number): void {
  let written: number | undefined;
  try {
    written = handle.write(bytes, { at });
    if (written === bytes.length && handle.getSize() === at + bytes.length) return;
  } catch (error) {
    cut(handle, at);
    throw error;
  }
  cut(handle, at);
  throw new DOMException(`the browser took ${written} of ${bytes.length} bytes`, 'QuotaExceededError');
}

function cut(handle: SyncHandle, size: number): void {
  try {
    handle.truncate(size);
  } catch {
    // The bytes stay behind the end that the home knows, and are cut before the next write.
  }
}

/** Up to `length` bytes from `at`. */
export function readFully(handle: SyncHandle, at: number, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const read = handle.read(out.subarray(done), { at: at + done });
    if (!(read > 0)) break;
    done += read;
  }
  return out.subarray(0, done);
}
