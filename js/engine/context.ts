// What the parts of one open collection share.
import type { Core } from '../core/guard.js';
import type { CoreBatch, CoreCollection, CoreEffect } from '../core/module.js';
import type { CorsacError } from '../errors.js';
import { storageError } from '../storage/storage-error.js';
import type { ByteStore, Op } from '../storage/byte-store.js';
import { Ballast } from './ballast.js';
import type { EngineEvent, EngineOptions } from './engine.js';
import type { Pacer } from './pacer.js';
import { ReadGate } from './read-gate.js';

/** Numbers of sections that are read by range: SectionId in src/base/section.h. */
export const SECTION_DOCUMENTS = 5;
export const SECTION_ORIGINALS = 7;

export const NO_ORDINAL = 0xffff_ffff;

export class Context {
  readonly gate = new ReadGate();
  /** Another number after anything changed that a search can see, and after every opening. */
  version = Math.floor(Math.random() * 2 ** 40);
  /** Another number after ordinals were renumbered, and after every opening. */
  renumbered = Math.floor(Math.random() * 2 ** 40);
  readonly ballast: Ballast;
  #pins = 0;
  /** Deletes that wait until nothing is pinned. */
  readonly #held: CoreEffect[] = [];

  constructor(
    public name: string,
    readonly core: Core,
    readonly handle: CoreCollection,
    readonly home: ByteStore,
    readonly options: EngineOptions,
    readonly pacer: Pacer,
    readonly emit: (event: EngineEvent) => void,
    readonly admit: (bytes: number) => void,
  ) {
    this.ballast = new Ballast(home);
  }

  /** Asks the core. @throws {CorsacError} `crashed` */
  ask<T>(question: (handle: CoreCollection) => T): T {
    return this.core.call(() => question(this.handle));
  }

  /** Executes a batch. @throws {CorsacError} as the home does */
  async store(batch: CoreBatch): Promise<void> {
    await storeBatch(this.home, this.#pins > 0 ? this.#withoutDeletes(batch) : batch, this.#writing);
  }

  /** Until the returned function is called no blob is deleted: what a reader saw in the home stays there. */
  pin(): () => Promise<void> {
    this.#pins++;
    let pinned = true;
    return async () => {
      if (!pinned) return;
      pinned = false;
      this.#pins--;
      if (this.#pins > 0 || this.#held.length === 0) return;
      // Should it fail they are garbage, which a later session deletes.
      await storeBatch(this.home, { strict: false, effects: this.#held.splice(0) }, this.#writing).catch(() => {});
    };
  }

  get #writing(): string {
    return `writing the collection "${this.name}"`;
  }

  #withoutDeletes({ strict, effects }: CoreBatch): CoreBatch {
    this.#held.push(...effects.filter(({ op }) => op === 'delete'));
    return { strict, effects: effects.filter(({ op }) => op !== 'delete') };
  }

  /** Executes the batch of a flush or a close, and says how it went. */
  async storeReported(batch: CoreBatch): Promise<void> {
    try {
      await this.store({ ...batch, strict: true });
    } catch (error) {
      if (!this.core.crashed) this.ask((handle) => handle.checkpointFailed());
      throw error;
    }
    this.ask((handle) => handle.batchStored());
  }

  /** What is told to listeners of a write that failed in the background or in a call. */
  report(error: CorsacError): void {
    if (error.code === 'quota') this.emit({ type: 'quota', collection: this.name, message: error.message });
  }
}

export async function storeBatch(home: ByteStore, batch: CoreBatch, doing: string): Promise<void> {
  try {
    await home.apply(batch.effects.map(opOf), batch.strict ? 'strict' : 'relaxed');
  } catch (error) {
    throw storageError(error, doing);
  }
}

function opOf({ op, name, offset, bytes = new Uint8Array() }: CoreEffect): Op {
  switch (op) {
    case 'put':
      return { op, name, bytes };
    case 'append':
      return { op, name, offset, bytes };
    case 'root':
      return { op, name, slot: offset === 0 ? 0 : 1, bytes };
    case 'delete':
      return { op, name };
  }
}
