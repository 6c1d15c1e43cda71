// How is a store opened? The public shape and its checks.
import type { WasmOptions } from './core/load.js';
import { MAX_THREADS } from './core/thread-count.js';
import type { EngineOptions } from './engine/engine.js';
import { isPlainObject, nameOf } from './json.js';
import { boolean, callback, integer, invalid, oneOf, readOptions, signalOf } from './option-check.js';
import type { Progress } from './schema.js';
import type { Durability } from './storage/byte-store.js';
import type { StorageOption } from './storage/open-home.js';
import type { TabsEnvironment } from './tabs/environment.js';
import type { MirrorOption, Place } from './storage/open-layers.js';

/** When the log is folded into the snapshot, and how that is compressed. */
export interface CheckpointOptions {
  /** Documents written or removed since the last one. @default 10,000 */
  readonly operations?: number | undefined;
  /** @default 100 MiB */
  readonly walBytes?: number | undefined;
  /** @default 'lz4' */
  readonly codec?: 'none' | 'gzip' | 'lz4' | 'zstd' | undefined;
  /** Snapshots kept. @default 2 */
  readonly keep?: 1 | 2 | undefined;
}

/** All optional; an option that is `undefined` counts as absent, an unknown one is `invalid_argument`. */
export interface OpenOptions {
  /** Where bytes live. @default 'auto': IndexedDB in a browser, since every context has it; a folder `.corsac/<name>` in Node */
  readonly storage?: StorageOption | undefined;
  /**
   * When a write resolves: `relaxed` when it was handed to the platform (it survives the process, and is flushed within
   * 100 operations or 2 s), `strict` when it would survive power loss, as far as platform and drive keep their word. @default 'relaxed'
   */
  readonly durability?: Durability | undefined;
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Relaxed operations after which a flush follows in the background. @default 100 */
  readonly flushEvery?: number | undefined;
  /** `auto`: a worker in pages; none in Node, in workers and with a custom ByteStore. A function makes the worker from `corsac/worker`. @default 'auto' */
  readonly worker?: 'auto' | false | (() => Worker) | undefined;
  /**
   * Threads that build indexes and answer `searchMany`, 1 to 64; the answers are the same for any number. More than one
   * needs SharedArrayBuffer: a cross-origin isolated page with its worker, or Node. `auto`: one per core, up to 8, in
   * such a page, else one. A number that cannot be had is `unsupported_environment`. @default 'auto'
   */
  readonly threads?: 'auto' | number | undefined;
  readonly wasm?: WasmOptions | undefined;
  /**
   * `shared`: one tab has the store open and serves the others; when it goes, the next one does. `exclusive`: a second
   * opener gets `locked`. @default 'shared' in pages with Web Locks and BroadcastChannel, for IndexedDB and OPFS
   */
  readonly tabs?: 'shared' | 'exclusive' | TabsEnvironment | undefined;
  /**
   * Seals everything that is stored, the mirror included. `key` is an AES-GCM key of 256 bits that may encrypt and
   * decrypt; it need not be extractable. Without it nothing can be read again, by nobody. Names and ids in memory, sizes
   * and times are not hidden, nor anything from scripts of the same origin.
   */
  readonly encryption?: { readonly key: CryptoKey } | undefined;
  /** Writes that would pass it are refused with `out_of_memory`. */
  readonly maxMemoryBytes?: number | undefined;
  /** Asks the browser not to evict the store under storage pressure. @default false */
  readonly persist?: boolean | undefined;
  /** `data_loss` unless the store with this id is found. */
  readonly expectStoreId?: string | undefined;
  /**
   * A second copy of what is stored, in another storage system: a store that the browser lost is brought back from it.
   * Where it is not kept, a loss is noticed all the same. @default 'auto'
   */
  readonly mirror?: MirrorOption | undefined;
  /**
   * What happens to a collection that cannot be read. `stop`: it is reported and left as it is. `restore`: it is
   * brought back from the mirror, if that has it, and what was there is kept beside it. `salvage` is not available yet.
   * @default 'stop'
   */
  readonly onCorruption?: 'stop' | 'salvage' | 'restore' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface CheckedOpenOptions {
  readonly place: Place;
  readonly worker: 'auto' | false | (() => Worker);
  readonly tabs: 'auto' | 'shared' | 'exclusive' | TabsEnvironment;
  readonly wasm: WasmOptions;
  readonly engine: EngineOptions;
  readonly persist: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

const KNOWN = [
  'storage',
  'durability',
  'encryption',
  'checkpoint',
  'flushEvery',
  'worker',
  'threads',
  'wasm',
  'tabs',
  'maxMemoryBytes',
  'mirror',
  'persist',
  'expectStoreId',
  'onCorruption',
  'signal',
  'onProgress',
] as const;

/** @throws {CorsacError} `invalid_argument` */
export function checkOpenOptions(options: OpenOptions | undefined): CheckedOpenOptions {
  const read = readOptions('VectorStore.open', options, KNOWN);
  const { worker = 'auto', threads = 'auto' } = read;
  if (worker !== 'auto' && worker !== false && typeof worker !== 'function') {
    throw invalid(`worker must be 'auto', false or a function that makes one, got ${nameOf(worker)}`);
  }
  const onCorruption = oneOf('onCorruption', read.onCorruption ?? 'stop', ['stop', 'restore'], ['salvage']);
  if (read.onProgress !== undefined) callback('onProgress', read.onProgress);
  if (read.expectStoreId !== undefined && typeof read.expectStoreId !== 'string') {
    throw invalid(`expectStoreId must be a string, got ${nameOf(read.expectStoreId)}`);
  }
  return {
    place: {
      storage: read.storage ?? 'auto',
      mirror: checkMirror(read.mirror),
      acceptLoss: false,
      key: checkKey(read.encryption),
      steal: false,
    },
    worker,
    tabs: checkTabs(read.tabs),
    wasm: checkWasm(read.wasm),
    engine: {
      durability: checkDurability(read.durability) ?? 'relaxed',
      flushEvery: integer('flushEvery', read.flushEvery ?? 100, 1, 1_000_000),
      checkpoint: checkCheckpoint(read.checkpoint),
      threads: threads === 'auto' ? 'auto' : integer('threads', threads, 1, MAX_THREADS),
      expectStoreId: read.expectStoreId,
      onCorruption,
      maxMemoryBytes:
        read.maxMemoryBytes === undefined ? undefined : integer('maxMemoryBytes', read.maxMemoryBytes, 1, 2 ** 53 - 1),
    },
    persist: boolean('persist', read.persist ?? false),
    signal: signalOf(read.signal),
    onProgress: read.onProgress,
  };
}

export const checkDurability = (value: unknown): Durability | undefined =>
  value === undefined ? undefined : oneOf<Durability>('durability', value, ['relaxed', 'strict']);

function checkCheckpoint(options: CheckpointOptions | undefined): EngineOptions['checkpoint'] {
  const read = readOptions('checkpoint', options, ['operations', 'walBytes', 'codec', 'keep']);
  return {
    operations: integer('checkpoint.operations', read.operations ?? 10_000, 1, 2 ** 31),
    walBytes: integer('checkpoint.walBytes', read.walBytes ?? 100 * 2 ** 20, 1, 2 ** 53 - 1),
    codec: oneOf('checkpoint.codec', read.codec ?? 'lz4', ['none', 'gzip', 'lz4', 'zstd']),
    keep: integer('checkpoint.keep', read.keep ?? 2, 1, 2),
  };
}

function checkKey(encryption: OpenOptions['encryption']): CryptoKey | undefined {
  if (encryption === undefined) return undefined;
  const { key } = readOptions('encryption', encryption, ['key']);
  const { name, length } = (key?.algorithm ?? {}) as Partial<AesKeyAlgorithm>;
  const may = ['encrypt', 'decrypt'].every((use) => (key?.usages as readonly string[] | undefined)?.includes(use));
  if (name === 'AES-GCM' && length === 256 && may) return key;
  throw invalid(
    `encryption.key must be an AES-GCM CryptoKey of 256 bits for encrypt and decrypt, got ${name ? `${name} ${length}` : nameOf(key)}`,
    "crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])",
  );
}

function checkTabs(tabs: OpenOptions['tabs']): CheckedOpenOptions['tabs'] {
  if (typeof tabs === 'object' && typeof tabs.lock === 'function' && typeof tabs.channel === 'function') return tabs;
  return tabs === undefined ? 'auto' : oneOf<'shared' | 'exclusive'>('tabs', tabs, ['shared', 'exclusive']);
}

function checkMirror(mirror: MirrorOption | undefined): MirrorOption {
  if (mirror === undefined || mirror === 'auto' || mirror === false) return mirror ?? 'auto';
  const { directory, store, maxBytes } = readOptions('mirror', mirror, ['directory', 'store', 'maxBytes']);
  if (directory !== undefined && (typeof directory !== 'string' || directory === '')) {
    throw invalid(`mirror.directory must be a path, got ${nameOf(directory)}`);
  }
  if (store !== undefined && typeof store.apply !== 'function') {
    throw invalid(`mirror.store must be a ByteStore, got ${nameOf(store)}`);
  }
  if (directory !== undefined && store !== undefined) throw invalid('mirror is either a directory or a store');
  if (maxBytes !== undefined) integer('mirror.maxBytes', maxBytes, 0, 2 ** 53 - 1);
  return { directory, store, maxBytes };
}

function checkWasm(options: WasmOptions | undefined): WasmOptions {
  const read = readOptions('wasm', options, ['url', 'module', 'variant']);
  if (read.variant !== undefined) oneOf('wasm.variant', read.variant, ['auto', 'simd', 'relaxed', 'threads']);
  if (read.url !== undefined && typeof read.url !== 'string' && !(read.url instanceof URL)) {
    throw invalid(`wasm.url must be a string or URL, got ${nameOf(read.url)}`);
  }
  if (read.module !== undefined && Object.prototype.toString.call(read.module) !== '[object WebAssembly.Module]') {
    throw invalid(
      `wasm.module must be a WebAssembly.Module, got ${isPlainObject(read.module) ? 'an object' : nameOf(read.module)}`,
    );
  }
  return read;
}
