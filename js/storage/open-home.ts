import { CorsacError } from '../errors.js';
import type { ByteStore } from './byte-store.js';
import { hasNodeBuiltins } from './node-builtin.js';

/**
 * Where a store lives. `opfs`, the origin's private file system, exists in dedicated workers, and so in pages through
 * Corsac's own. @default 'auto': IndexedDB in a browser, since every context has it; a folder `.corsac/<name>` in Node
 */
export type StorageOption = 'auto' | 'memory' | 'indexeddb' | 'opfs' | { readonly directory: string } | ByteStore;

const inBrowser = () => typeof indexedDB !== 'undefined';

// Loaded by whoever opens one: with the default options that is the worker, not the page.
const memoryHome = async () => (await import('./memory.js')).MemoryStore;
const filesHome = async () => (await import('./node-fs.js')).NodeFsStore;
const indexedDbHome = async () => (await import('./indexed-db.js')).IndexedDbStore;
const opfsHome = async () => (await import('./opfs.js')).OpfsStore;

/** Opens the home of the store `name` and takes its lock; with `steal` from a writer that does not answer. @throws {CorsacError} `locked`, `storage`, `invalid_argument`, `unsupported_environment` */
export async function openHome(name: string, storage: StorageOption = 'auto', steal = false): Promise<ByteStore> {
  const place = resolve(name, storage);
  if ('apply' in place) return place;
  if ('directory' in place) return (await filesHome()).open(place.directory);
  if (place.kind === 'opfs') return (await opfsHome()).open(place.name, steal);
  return place.kind === 'memory' ? (await memoryHome()).open() : (await indexedDbHome()).open(place.database, steal);
}

/** Deletes the store `name` and all it holds. @throws {CorsacError} `locked` while it is open somewhere */
export async function destroyHome(name: string, storage: StorageOption = 'auto'): Promise<void> {
  const place = resolve(name, storage);
  if ('apply' in place) {
    const names = [...(await place.list()), ...(await place.readRoots())].map((entry) => entry.name);
    return place.apply(
      [...new Set(names)].map((blob) => ({ op: 'delete', name: blob })),
      'strict',
    );
  }
  if ('directory' in place) return (await filesHome()).destroy(place.directory);
  if (place.kind === 'opfs') return (await opfsHome()).destroy(place.name);
  if (place.kind === 'indexeddb') await (await indexedDbHome()).destroy(place.database);
}

/** Whether this thread has sync access handles, or is a page that can start a worker, which may. */
function mayHaveOpfs(): boolean {
  if (typeof globalThis.navigator?.storage?.getDirectory !== 'function') return false;
  if (typeof window === 'object') return typeof Worker === 'function';
  return typeof FileSystemFileHandle === 'function' && 'createSyncAccessHandle' in FileSystemFileHandle.prototype;
}

/** Homes that this environment has. */
export const availableHomes = (): string[] => [
  'memory',
  ...(inBrowser() ? ['indexeddb'] : []),
  ...(mayHaveOpfs() ? ['opfs'] : []),
  ...(hasNodeBuiltins() ? ['files'] : []),
];

type Place =
  | { kind: 'memory' }
  | { kind: 'indexeddb'; database: string }
  | { kind: 'opfs'; name: string }
  | { directory: string }
  | ByteStore;

function resolve(name: string, storage: StorageOption): Place {
  checkStoreName(name);
  if (storage === 'memory') return { kind: 'memory' };
  if (storage === 'opfs') return { kind: 'opfs', name };
  if (storage === 'indexeddb' || (storage === 'auto' && inBrowser()))
    return { kind: 'indexeddb', database: `corsac/${name}` };
  if (storage === 'auto' && hasNodeBuiltins()) return { directory: `.corsac/${name}` };
  if (typeof storage === 'object' && storage !== null) {
    if ('apply' in storage && typeof storage.apply === 'function') return storage;
    if ('directory' in storage && typeof storage.directory === 'string' && storage.directory) return storage;
  }
  throw new CorsacError(
    'invalid_argument',
    storage === 'auto'
      ? "this environment has neither IndexedDB nor files; storage: 'memory' works everywhere"
      : `storage is 'auto', 'memory', 'indexeddb', 'opfs', { directory } or a ByteStore, got ${JSON.stringify(storage) ?? String(storage)}`,
  );
}

function checkStoreName(name: unknown): void {
  // Control characters and separators: a name becomes a folder and a lock.
  // eslint-disable-next-line no-control-regex
  if (
    typeof name !== 'string' ||
    !/^[^\u0000-\u001f/\\:*?"<>|]{1,128}$/.test(name) ||
    /^\.+$/.test(name) ||
    name.trim() !== name
  ) {
    throw new CorsacError(
      'invalid_argument',
      `a store name is 1 to 128 characters without / \\ : * ? " < > | or control characters, got ${JSON.stringify(name) ?? String(name)}`,
    );
  }
}
