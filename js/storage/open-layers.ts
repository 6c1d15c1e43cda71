// What lies between a store and its home? Encryption, and the mirror when one is kept: each sealed by itself, so that
// the mirror can read what it compares. Loaded when they are needed.
import { CorsacError } from '../errors.js';
import type { ByteStore } from './byte-store.js';
import { destroyHome, openHome, type StorageOption } from './open-home.js';

/** Where the second copy of a store is kept, and up to which size. */
export interface MirrorPlace {
  /** Of files: a folder, on another disk if it is to help against the loss of one. */
  readonly directory?: string | undefined;
  /** A home of your own; then `worker: false` is needed in a page. */
  readonly store?: ByteStore | undefined;
  /** Blobs are copied as long as all of them are at most so long; roots always are. @default 256 MiB */
  readonly maxBytes?: number | undefined;
}

/** @default 'auto': in the Cache API for a store in IndexedDB or OPFS, none for others */
export type MirrorOption = 'auto' | false | MirrorPlace;

/** How a store's bytes are reached: everything here can cross to a worker, but for a ByteStore. */
export interface Place {
  readonly storage: StorageOption;
  readonly mirror: MirrorOption;
  /** Take the home as it is, whatever a witness says. */
  readonly acceptLoss: boolean;
  /** Seals everything in the home and the mirror. */
  readonly key: CryptoKey | undefined;
  /** Take it from a writer that does not answer. */
  readonly steal: boolean;
}

const MAX_BYTES = 256 << 20;

/** Opens the home of a store and what belongs to it. @throws {CorsacError} as the home, and `data_loss` */
export async function openPlace(name: string, { storage, mirror, acceptLoss, key, steal }: Place): Promise<ByteStore> {
  let home = await openHome(name, storage, steal);
  try {
    home = await sealed(home, key);
    const found = await openSecond(name, home.caps.kind, mirror, steal);
    if (!found) return home;
    const second = await sealed(found, key).catch(async (error: unknown) => {
      await found.close();
      throw error;
    });
    const { MirroredStore } = await import('./mirror.js');
    const maxBytes = (mirror !== 'auto' && mirror !== false && mirror.maxBytes) || MAX_BYTES;
    return await MirroredStore.open(home, second, { maxBytes, acceptLoss });
  } catch (error) {
    await home.close();
    throw error;
  }
}

/** Deletes the mirror, then the home: the other way round a crash would let the store come back. */
export async function destroyPlace(
  name: string,
  { storage, mirror }: Pick<Place, 'storage' | 'mirror'>,
): Promise<void> {
  if (mirror !== 'auto' && mirror !== false && (mirror.directory ?? mirror.store)) {
    await destroyHome(name, mirror.store ?? { directory: mirror.directory! });
  } else if (typeof caches === 'object') {
    const { CacheStore } = await import('./cache-store.js');
    const kind = storage === 'auto' ? 'indexeddb' : storage;
    if (typeof kind === 'string') await CacheStore.destroy(cacheName(name, kind));
  }
  await destroyHome(name, storage);
}

/** What is written through the result only who has the key can read. @throws {CorsacError} `invalid_argument` when it has another, none, or needs none */
async function sealed(home: ByteStore, key: CryptoKey | undefined): Promise<ByteStore> {
  if (key) {
    const { EncryptedStore } = await import('./encrypted.js');
    return EncryptedStore.open(home, key);
  }
  if (!(await home.readRoots()).some(({ name }) => name === 'encryption')) return home;
  throw new CorsacError('invalid_argument', 'the store is encrypted: pass encryption.key');
}

async function openSecond(
  name: string,
  kind: string,
  mirror: MirrorOption,
  steal: boolean,
): Promise<ByteStore | undefined> {
  if (mirror === false) return undefined;
  if (mirror !== 'auto' && mirror.store) return mirror.store;
  if (mirror !== 'auto' && mirror.directory !== undefined) return openHome(name, { directory: mirror.directory });
  if ((kind !== 'indexeddb' && kind !== 'opfs') || typeof caches !== 'object') {
    if (mirror === 'auto') return undefined;
    throw new CorsacError('invalid_argument', `a store in ${kind} has a mirror where mirror.directory or .store says`);
  }
  const { CacheStore } = await import('./cache-store.js');
  return CacheStore.open(cacheName(name, kind), steal).catch((error: unknown) => {
    // Private modes refuse the cache; the home may work all the same.
    if (mirror === 'auto') return undefined;
    throw error;
  });
}

const cacheName = (name: string, kind: string) => `corsac/${kind}/${name}`;
