/** When a write counts: handed to the platform, or as safe as the platform can make it. */
export type Durability = 'relaxed' | 'strict';

/** One effect of a batch; the twin of `Effect` in src/storage/effect.h. */
export type Op =
  /** Creates a blob; the name was never used before. */
  | { readonly op: 'put'; readonly name: string; readonly bytes: Uint8Array }
  /** Adds to the end of a blob whose length is `offset` now. */
  | { readonly op: 'append'; readonly name: string; readonly offset: number; readonly bytes: Uint8Array }
  /** Replaces one slot of a root. */
  | { readonly op: 'root'; readonly name: string; readonly slot: 0 | 1; readonly bytes: Uint8Array }
  /** Forgets a blob, or both slots of a root; it need not exist. */
  | { readonly op: 'delete'; readonly name: string };

/** The blob that holds nothing but room for a full disk. A home may delete it to be able to open. */
export const BALLAST = 'ballast';

/** What a home can do; it decides nothing about meaning, only about cost and safety. */
export interface ByteStoreCaps {
  /** `memory`, `indexeddb`, `opfs`, `files`, or a name of your own. */
  readonly kind: string;
  /** Bytes outlive the process or page. */
  readonly persistent: boolean;
  /** A failed batch leaves nothing behind. Otherwise a prefix of it may remain. */
  readonly atomicBatch: boolean;
  /** Ops of one batch, and batches, reach the medium in order when `strict`. */
  readonly orderedWrites: boolean;
  /** A second writer is refused, and a writer that lost its place cannot write. */
  readonly fence: boolean;
  /** Largest blob in bytes. */
  readonly maxBlob: number;
}

/** A blob and how long it is. */
export interface BlobInfo {
  readonly name: string;
  readonly length: number;
}

/** One written slot of a root. */
export interface RootSlot {
  readonly name: string;
  readonly slot: 0 | 1;
  readonly bytes: Uint8Array;
}

/**
 * Named byte strings that survive a reload: everything Corsac asks of a platform. What the bytes mean is
 * decided by the core; where they go is decided here.
 *
 * Batches run in the order they were given. A name is 1 to 200 characters of `a-z 0-9 - /`. Every method
 * rejects with a `CorsacError`: `quota` when the medium is full, `locked` when another writer took over,
 * `not_found` for a blob that is not there, `storage` for everything else, `closed` after `close()`.
 */
export interface ByteStore {
  readonly caps: ByteStoreCaps;
  /** Executes `ops` in order; resolves when `level` is reached. Byte arrays are copied before the call returns. */
  apply(ops: readonly Op[], level: Durability): Promise<void>;
  /** `length` bytes from `offset`; fewer only at the end of the blob. The caller owns the result. */
  read(name: string, offset: number, length: number): Promise<Uint8Array>;
  /** Length of a blob, or `undefined` when there is none. */
  size(name: string): Promise<number | undefined>;
  /** Every blob, in no particular order. Roots are not blobs. */
  list(): Promise<BlobInfo[]>;
  /** Every slot that was ever written. */
  readRoots(): Promise<RootSlot[]>;
  /** Releases files, connections and locks. Closing twice is harmless. */
  close(): Promise<void>;
}
