// What a home that keeps a mirror tells its store.
import type { ByteStore } from './byte-store.js';

/** What happened to the units of a home while it was opened: `catalog`, or a collection by its id. */
export interface Restoration {
  /** Unit to one sentence: it was less than it had been, and is again what the mirror had. */
  readonly restored: ReadonlyMap<string, string>;
  /** Unit to one sentence: it is less than it had been, and the mirror cannot help. */
  readonly lost: ReadonlyMap<string, string>;
}

/** A home that noticed a loss, or can. */
export interface RestoringStore extends ByteStore {
  readonly restoration: Restoration;
  /** Replaces a damaged unit by the mirror's copy and keeps what was there under `damaged-<unit>/`. False without one. */
  restore(unit: string): Promise<boolean>;
}

export const NOTHING_LOST: Restoration = { restored: new Map(), lost: new Map() };
