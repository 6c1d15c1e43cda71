// One search across the seam: the request is written into reserved memory of the core, the answer copied out of it;
// the layout is RequestHeader in bindings/wasm/collection_handle.h.
import type { Core } from '../core/guard.js';
import { readHitBlock, type HitBlock } from '../core/hit-block.js';
import type { CoreCollection } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import { FUSIONS, MODES, type RawSearch } from './engine.js';

const HEADER_BYTES = 72;
const ALL_TERMS = 1;
/** A flag of textFlags(). */
export const PREFIX = 2;
const HAS_MIN_SCORE = 4;
const EXACT = 8;
const PARTS = 16;
const STRICT = 32;
const FUZZY_SHIFT = 6;
const FIELDS_SHIFT = 8;

/** How the text of a request is read. */
export const textFlags = ({ allTerms, prefix, fuzzy, lenient, fields }: RawSearch): number =>
  ((allTerms ? ALL_TERMS : 0) |
    (prefix ? PREFIX : 0) |
    (lenient ? 0 : STRICT) |
    (fuzzy << FUZZY_SHIFT) |
    (fields << FIELDS_SHIFT)) >>>
  0;

const utf8 = new TextEncoder();
const NOTHING = new Uint8Array();

/** Requests lie at multiples of eight bytes. */
const padded = (bytes: number): number => (bytes + 7) & ~7;

export class Searcher {
  readonly #core: Core;
  readonly #handle: CoreCollection;
  #at = 0;
  #reserved = 0;

  constructor(core: Core, handle: CoreCollection) {
    this.#core = core;
    this.#handle = handle;
  }

  /** @throws {CorsacError} what the core refuses, `crashed` */
  search(request: RawSearch): HitBlock {
    return this.#core.call(() => {
      this.write(request);
      const answer = this.#handle.search() >>> 0;
      if (answer === 0) unwrap(this.#handle.lastError());
      return readHitBlock(this.#core.module, answer);
    });
  }

  /** Puts a request where the core reads it. */
  write(request: RawSearch): void {
    const text = request.text === '' ? NOTHING : utf8.encode(request.text);
    const filter = request.filter === '' ? NOTHING : utf8.encode(request.filter);
    const vectorBytes = request.vector ? request.vector.length * 4 : 0;
    this.#reserve(HEADER_BYTES + vectorBytes + text.length + filter.length);
    this.#put(this.#at, request, text, filter);
  }

  /** All at once, in as many threads as there are. @throws {CorsacError} as `search`, for the first that fails */
  searchMany(requests: readonly RawSearch[]): HitBlock[] {
    return this.#core.call(() => {
      const texts = requests.map(({ text, filter }) => [utf8.encode(text), utf8.encode(filter)] as const);
      const sizes = requests.map(
        ({ vector }, i) => HEADER_BYTES + (vector?.length ?? 0) * 4 + texts[i]![0].length + texts[i]![1].length,
      );
      this.#reserve(sizes.reduce((sum, size) => sum + padded(size), 0));
      const { module } = this.#core;
      let at = this.#at;
      requests.forEach((request, i) => {
        this.#put(at, request, texts[i]![0], texts[i]![1]);
        at += padded(sizes[i]!);
      });
      const addresses = this.#handle.searchMany(requests.length) >>> 0;
      if (addresses === 0) unwrap(this.#handle.lastError());
      return requests.map((_, i) => readHitBlock(module, module.HEAPU32[(addresses >>> 2) + i]!));
    });
  }

  #put(at: number, request: RawSearch, text: Uint8Array, filter: Uint8Array): void {
    const { module } = this.#core;
    this.#writeHeader(at >>> 2, request, text.length, filter.length);
    const body = at + HEADER_BYTES;
    const vectorBytes = (request.vector?.length ?? 0) * 4;
    if (request.vector) module.HEAPF32.set(request.vector, body >>> 2);
    if (text.length > 0) module.HEAPU8.set(text, body + vectorBytes);
    if (filter.length > 0) module.HEAPU8.set(filter, body + vectorBytes + text.length);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#reserved) return;
    this.#reserved = Math.max(bytes, 4096);
    this.#at = this.#handle.reserve(this.#reserved) >>> 0;
  }

  #writeHeader(at: number, request: RawSearch, textBytes: number, filterBytes: number): void {
    const { HEAPU32: words, HEAPF32: floats } = this.#core.module;
    words[at] = MODES.indexOf(request.mode);
    words[at + 1] = request.k;
    words[at + 2] = request.ef;
    words[at + 3] = request.vector?.length ?? 0;
    words[at + 4] = textBytes;
    words[at + 5] = filterBytes;
    words[at + 6] =
      textFlags(request) |
      (request.minScore === undefined ? 0 : HAS_MIN_SCORE) |
      (request.exact ? EXACT : 0) |
      (request.parts ? PARTS : 0);
    words[at + 7] = FUSIONS.indexOf(request.fusion.strategy);
    floats[at + 8] = request.k1;
    floats[at + 9] = request.b;
    floats[at + 10] = request.fusion.vectorWeight;
    floats[at + 11] = request.fusion.keywordWeight;
    floats[at + 12] = request.fusion.rrfK;
    floats[at + 13] = request.minScore ?? 0;
    words[at + 14] = request.fetch;
    words[at + 15] = request.rerank;
    floats[at + 16] = request.target;
  }
}
