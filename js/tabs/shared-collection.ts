// A collection of a store that another tab may lead: every write has a number of its own, by which one that is sent again is
// recognised.
import type { CallId, CollectionInfo, RawPatch } from '../engine/engine.js';
import { ForwardedCollection, type Forward } from '../engine/forwarded-collection.js';
import type { Durability } from '../storage/byte-store.js';

/** Writes under way at once: fewer than the core remembers by number, so that one sent again is always recognised. */
const WINDOW = 32;

export class SharedCollection extends ForwardedCollection {
  readonly #durability: Durability;
  readonly #client = 1 + Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER - 1));
  readonly #underWay = new Set<number>();
  #waiting: (() => void)[] = [];
  #number = 0;

  constructor(info: CollectionInfo, durability: Durability, forward: Forward) {
    super(info, forward);
    this.#durability = durability;
  }

  override write(operation: Uint8Array, durability = this.#durability): Promise<number> {
    return this.#numbered((call) => super.write(operation, durability, call));
  }
  /** The vector is copied before it waits for its turn. */
  override update(patch: RawPatch, durability = this.#durability): Promise<void> {
    const own = { ...patch, vector: patch.vector?.slice() };
    return this.#numbered((call) => super.update(own, durability, call));
  }
  override removeMatching(filter: string, durability = this.#durability): Promise<number> {
    return super.removeMatching(filter, durability);
  }

  async #numbered<T>(run: (call: CallId) => Promise<T>): Promise<T> {
    const number = ++this.#number;
    this.#underWay.add(number);
    try {
      while (number - this.#oldest() >= WINDOW) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      return await run({ client: this.#client, number });
    } finally {
      this.#underWay.delete(number);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Numbers are added in order, so the first is the oldest. */
  #oldest(): number {
    for (const number of this.#underWay) return number;
    return this.#number;
  }
}
