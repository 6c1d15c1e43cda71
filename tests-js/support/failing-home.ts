/** A home in memory that can be told to fail, and that counts what it is asked. */
import type { ByteStore, Durability, Op } from 'corsac';

import { MemoryStore } from '../../js/storage/memory.js';

export class FailingHome implements ByteStore {
  readonly #inner: ByteStore;
  readonly batches: { readonly ops: readonly Op[]; readonly level: Durability }[] = [];
  /** What the next batches reject with; nothing when they work. */
  failure: unknown;
  /** Only batches that this accepts fail. */
  failing: (ops: readonly Op[]) => boolean = () => true;
  /** Runs before each read, and may fail it. */
  beforeRead: () => Promise<void> = async () => {};

  constructor(inner: ByteStore = MemoryStore.open()) {
    this.#inner = inner;
  }

  get caps() {
    return this.#inner.caps;
  }

  async apply(ops: readonly Op[], level: Durability): Promise<void> {
    if (this.failure !== undefined && this.failing(ops)) throw this.failure;
    this.batches.push({ ops, level });
    await this.#inner.apply(ops, level);
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    await this.beforeRead();
    return this.#inner.read(name, offset, length);
  }

  size(name: string) {
    return this.#inner.size(name);
  }

  list() {
    return this.#inner.list();
  }

  readRoots() {
    return this.#inner.readRoots();
  }

  /** What was stored outlives the store, so that it can be opened again. */
  async close(): Promise<void> {}
}

/** What a browser throws when the disk is full. */
export const quotaError = () => new DOMException('injected: no space left', 'QuotaExceededError');
