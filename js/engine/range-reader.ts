// How do blocks and rows that are not in memory get there? The core names a range, the home brings it.
import { unwrap } from '../core/outcome.js';
import type { CoreBlock } from '../core/module.js';
import { CorsacError } from '../errors.js';
import { storageError } from '../storage/storage-error.js';
import { SECTION_DOCUMENTS, SECTION_ORIGINALS, type Context } from './context.js';

/** A blob can be merged away between being named and being read: then the range is asked for again. */
const ATTEMPTS = 5;

export class RangeReader {
  readonly #context: Context;
  readonly #rowBytes: number;

  constructor(context: Context, dimension: number) {
    this.#context = context;
    this.#rowBytes = dimension * 4;
  }

  /** Brings every block that `ordinals` lack. */
  async supplyMissing(ordinals: Uint32Array): Promise<void> {
    const missing = this.#context.ask((handle) => handle.missingBlocks(ordinals));
    if (missing.length > 0) await this.supplyBlocks(missing);
  }

  async supplyBlocks(blocks: readonly CoreBlock[]): Promise<void> {
    await Promise.all(
      blocks.map(async ({ block, offset, length }) => {
        const bytes = await this.#range(SECTION_DOCUMENTS, offset, length);
        unwrap(this.#context.ask((handle) => handle.supplyBlock(block, bytes)));
      }),
    );
  }

  /** The vectors of ascending `slots`, as given: rows one after another. Neighbours are read at once. */
  async originals(slots: Uint32Array): Promise<Uint8Array> {
    const rows = new Uint8Array(slots.length * this.#rowBytes);
    const reads: Promise<void>[] = [];
    for (let from = 0; from < slots.length; ) {
      let to = from + 1;
      while (to < slots.length && slots[to] === slots[to - 1]! + 1 && to - from < 256) to++;
      reads.push(this.#rows(slots[from]!, to - from).then(copyTo(rows, from * this.#rowBytes)));
      from = to;
    }
    await Promise.all(reads);
    return rows;
  }

  async #rows(slot: number, count: number): Promise<Uint8Array> {
    const whole = this.#context.ask((handle) =>
      handle.locate(SECTION_ORIGINALS, slot * this.#rowBytes, count * this.#rowBytes),
    );
    if (whole || count === 1) return this.#range(SECTION_ORIGINALS, slot * this.#rowBytes, count * this.#rowBytes);
    // The run crosses from one blob into the next.
    const half = count >> 1;
    const parts = await Promise.all([this.#rows(slot, half), this.#rows(slot + half, count - half)]);
    const out = new Uint8Array(count * this.#rowBytes);
    out.set(parts[0]!);
    out.set(parts[1]!, half * this.#rowBytes);
    return out;
  }

  async #range(section: number, offset: number, length: number): Promise<Uint8Array> {
    const context = this.#context;
    for (let attempt = 1; ; attempt++) {
      const place = context.ask((handle) => handle.locate(section, offset, length));
      if (!place && context.checkpointing) {
        await context.checkpointing;
        continue;
      }
      if (!place) {
        throw new CorsacError('corrupt', `the collection "${context.name}" names ${length} bytes at ${offset} of section ${section}, which are not stored`);
      }
      try {
        return await context.home.read(place.name, place.offset, place.length);
      } catch (error) {
        const failure = storageError(error, `reading the collection "${context.name}"`);
        if (failure.code !== 'not_found') throw failure;
        if (attempt === ATTEMPTS) throw new CorsacError('corrupt', `a part of the collection "${context.name}" is missing: ${failure.message}`, { cause: error });
      }
    }
  }
}

const copyTo = (target: Uint8Array, at: number) => (bytes: Uint8Array) => {
  if (at + bytes.length > target.length) throw new CorsacError('corrupt', `a home answered ${bytes.length} bytes, more than it was asked for`);
  target.set(bytes, at);
};
