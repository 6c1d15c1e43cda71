// How do blocks and rows that are not in memory get there? The core names a range, the home brings it.
import type { StoredOptions } from '../collection-options.js';
import { unwrap } from '../core/outcome.js';
import type { CoreBlock, CoreRead } from '../core/module.js';
import { CorsacError } from '../errors.js';
import { storageError } from '../storage/storage-error.js';
import { SECTION_DOCUMENTS, SECTION_ORIGINALS, type Context } from './context.js';

/** A blob can be merged away between being named and being read: then the range is asked for again. */
const ATTEMPTS = 5;

export class RangeReader {
  readonly #context: Context;
  readonly #rowBytes: number;
  readonly #isHalf: boolean;

  constructor(context: Context) {
    this.#context = context;
    const { dimension, originals } = JSON.parse(context.ask((handle) => handle.options())) as StoredOptions;
    this.#isHalf = originals === 'f16';
    this.#rowBytes = dimension * (this.#isHalf ? 2 : 4);
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

  /** The vectors of ascending `slots`, as given, one after another. */
  async vectors(slots: Uint32Array): Promise<Float32Array> {
    const rows = await this.originals(slots);
    return this.#isHalf ? (await import('./half.js')).fromHalves(rows) : new Float32Array(rows.buffer);
  }

  /** The same as they are stored. Neighbours are read at once. */
  async originals(slots: Uint32Array): Promise<Uint8Array> {
    const rows = new Uint8Array(slots.length * this.#rowBytes);
    const reads: Promise<void>[] = [];
    for (let from = 0; from < slots.length;) {
      let to = from + 1;
      while (to < slots.length && slots[to] === slots[to - 1]! + 1 && to - from < 256) to++;
      const at = from * this.#rowBytes;
      const run = this.#range(SECTION_ORIGINALS, slots[from]! * this.#rowBytes, (to - from) * this.#rowBytes);
      reads.push(run.then((bytes) => rows.set(bytes, at)));
      from = to;
    }
    await Promise.all(reads);
    return rows;
  }

  /** Exactly `length` bytes of a section, wherever they are. */
  async #range(section: number, offset: number, length: number): Promise<Uint8Array> {
    const first = await this.#piece(section, offset, length);
    if (first.length >= length) return first;
    const out = new Uint8Array(length);
    out.set(first);
    for (let at = first.length; at < length;) {
      const next = await this.#piece(section, offset + at, length - at);
      if (next.length === 0) throw this.#lost(section, offset, length);
      out.set(next, at);
      at += next.length;
    }
    return out;
  }

  /** The beginning of a range, as far as one blob has it. */
  async #piece(section: number, offset: number, length: number): Promise<Uint8Array> {
    const context = this.#context;
    for (let attempt = 1; ; attempt++) {
      const unsaved = context.ask((handle) => handle.unsaved(section, offset, length));
      if (unsaved) return unsaved;
      const place = context.ask((handle) => handle.locate(section, offset, length));
      if (!place) throw this.#lost(section, offset, length);
      const read = await this.#read(place, attempt);
      const now = read && context.ask((handle) => handle.locate(section, offset, length));
      // A checkpoint may have moved the range meanwhile: then these bytes are another range's.
      if (now && now.name === place.name && now.offset === place.offset && now.length === place.length) {
        return unwrap(context.ask((handle) => handle.check(section, offset, length, read)));
      }
    }
  }

  /** Nothing when the blob is gone: it may have been merged into another. */
  async #read({ name, offset, length }: CoreRead, attempt: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#context.home.read(name, offset, length);
    } catch (error) {
      const failure = storageError(error, `reading the collection "${this.#context.name}"`);
      if (failure.code !== 'not_found') throw failure;
      if (attempt < ATTEMPTS) return undefined;
      throw new CorsacError(
        'corrupt',
        `a part of the collection "${this.#context.name}" is missing: ${failure.message}`,
        { cause: error },
      );
    }
  }

  #lost(section: number, offset: number, length: number): CorsacError {
    return new CorsacError(
      'corrupt',
      `the collection "${this.#context.name}" lacks ${length} bytes at ${offset} of section ${section}`,
    );
  }
}
