import { Core } from '../core/guard.js';
import { loadCore, type WasmOptions } from '../core/load.js';
import type { CoreStaticModel } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import type { Embedder, EmbedOptions } from '../embedder.js';
import { readOptions } from '../option-check.js';
import { readSource, type Source } from './source.js';
import { breathe, checkCall, checkTexts, sameShape } from './texts.js';

export interface StaticEmbedderOptions {
  /** Another table than the built-in one. @default the package's own static-model.bin */
  readonly model?: Source | undefined;
  readonly wasm?: WasmOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

const CHUNK_TEXTS = 1024;
const CHUNK_CODE_UNITS = 1 << 20;

/**
 * The built-in embedder: a table of token vectors, distilled from all-MiniLM-L6-v2, that comes with the package. Nothing is
 * downloaded, and a text costs microseconds; a sentence model (`OnnxEmbedder`) understands more.
 *
 * @example
 * import { StaticEmbedder } from 'corsac/embed';
 *
 * const embedder = await StaticEmbedder.load();
 * const [fox, den, tax] = await embedder.embed(['a small fox', 'the animal lives in a burrow', 'income tax return']);
 * const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
 * console.log(dot(fox!, den!) > dot(fox!, tax!)); // true
 */
export class StaticEmbedder implements Embedder {
  readonly id = 'static';
  /** 256 for the built-in table. */
  readonly dimension: number;
  readonly fingerprint: string;
  /** Every token of a text counts, however long it is. */
  readonly maxTokens = Number.POSITIVE_INFINITY;
  readonly hybridWeight: number;
  readonly #core: Core;
  readonly #model: CoreStaticModel;

  private constructor(core: Core, model: CoreStaticModel) {
    this.#core = core;
    this.#model = model;
    this.dimension = model.dimension();
    this.fingerprint = model.fingerprint();
    // The file holds a float: 0.3 comes as 0.30000001192092896.
    this.hybridWeight = Number(model.hybridWeight().toPrecision(7));
  }

  /**
   * @throws {CorsacError} `model` when the table cannot be read, `corrupt` or `unsupported_format` when it is none,
   *   `unsupported_environment` without WebAssembly SIMD
   */
  static async load(options?: StaticEmbedderOptions): Promise<StaticEmbedder> {
    const { model, wasm, signal } = readOptions('StaticEmbedder.load', options, ['model', 'wasm', 'signal']);
    const source = model ?? new URL('./static-model.bin', import.meta.url);
    const [bytes, { module, variant }] = await Promise.all([
      readSource(source, 'the static model', { signal }),
      loadCore(wasm),
    ]);
    const core = new Core(module, variant, () => {});
    return new StaticEmbedder(
      core,
      core.call(() => unwrap(module.StaticModel.load(bytes))),
    );
  }

  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  /**
   * Unit vectors; a text without a known word has the zero vector. Queries and documents are treated alike.
   *
   * @throws {CorsacError} `invalid_argument`; the signal's reason when it aborts
   */
  async embed(input: string | readonly string[], options?: EmbedOptions): Promise<Float32Array | Float32Array[]> {
    const { signal, onProgress } = checkCall(options);
    const texts = checkTexts(input);
    const vectors: Float32Array[] = [];
    while (vectors.length < texts.length) {
      if (vectors.length > 0) await breathe();
      signal?.throwIfAborted();
      this.#embedChunk(texts.slice(vectors.length, chunkEnd(texts, vectors.length)), vectors);
      onProgress?.({ done: vectors.length, total: texts.length });
    }
    return sameShape(input, vectors);
  }

  #embedChunk(texts: readonly string[], vectors: Float32Array[]): void {
    const encoder = new TextEncoder();
    const encoded = texts.map((text) => encoder.encode(text));
    const ends = new Uint32Array(texts.length);
    const utf8 = new Uint8Array(encoded.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    encoded.forEach((bytes, i) => {
      utf8.set(bytes, at);
      ends[i] = at += bytes.length;
    });
    const rows = this.#core.call(() => this.#model.embed(utf8, ends));
    for (let i = 0; i < texts.length; i++) vectors.push(rows.slice(i * this.dimension, (i + 1) * this.dimension));
  }
}

/** Up to CHUNK_TEXTS texts of CHUNK_CODE_UNITS together, at least one: a chunk takes some ten milliseconds. */
function chunkEnd(texts: readonly string[], start: number): number {
  let end = start;
  let units = 0;
  while (end < texts.length && end - start < CHUNK_TEXTS && units < CHUNK_CODE_UNITS) units += texts[end++]!.length;
  return end;
}
