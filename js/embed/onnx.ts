// Sentence models in the ONNX format: `corsac/embed/onnx`.
import type { Embedder, EmbedOptions } from '../embedder.js';
import { CorsacError } from '../errors.js';
import { boolean, callback, integer, oneOf, readOptions, real, signalOf } from '../option-check.js';
import { contentHash } from './content-hash.js';
import { positionLimit } from './onnx-graph.js';
import { createSession, loadRuntime, type RuntimeOptions } from './onnx-runtime.js';
import { SentenceModel } from './onnx-run.js';
import { normalise, type Pooling } from './pooling.js';
import { nameOfSource, readSource, type Source } from './source.js';
import { breathe, checkCall, checkTexts, sameShape } from './texts.js';
import { readTokenizer, TextTokenizer, type TokenizerJson } from './tokenizer.js';

export type { Embedder, EmbedOptions } from '../embedder.js';
export type { OnnxRuntime } from './onnx-runtime.js';
export type { Pooling } from './pooling.js';
export type { Source } from './source.js';
export type { TokenizerJson } from './tokenizer.js';

export interface OnnxEmbedderOptions extends RuntimeOptions {
  /** The .onnx file, with its weights inside. */
  readonly model: Source;
  /** The tokenizer.json, or its parsed content. Its truncation and padding are ignored. */
  readonly tokenizer: Source | TokenizerJson;
  /** For models that give one vector per token. @default 'mean' */
  readonly pooling?: Pooling | undefined;
  /** Whether vectors are made unit length. @default true */
  readonly normalize?: boolean | undefined;
  /** Longer texts are cut, 2 to the length of the model's position table. @default 256, or the table's length if that is less */
  readonly maxTokens?: number | undefined;
  /** Put in front of each query, for models trained so: 'query: '. @default '' */
  readonly queryPrefix?: string | undefined;
  /** Put in front of each document. @default '' */
  readonly documentPrefix?: string | undefined;
  /** Share of the vectors in a hybrid search, 0 to 1. @default the collection's own */
  readonly hybridWeight?: number | undefined;
  /** A name for people. @default the model's URL or path */
  readonly id?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the model as they arrive. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total?: number }) => void) | undefined;
}

const BATCH_TEXTS = 32;
const BATCH_TOKENS = 2048;

interface Settings {
  readonly id: string;
  readonly fingerprint: string;
  readonly dimension: number;
  readonly maxTokens: number;
  readonly normalize: boolean;
  readonly prefix: { readonly query: string; readonly document: string };
  readonly hybridWeight: number | undefined;
}

/**
 * A sentence model run by ONNX Runtime: onnxruntime-web, an optional peer dependency, or another runtime that is given.
 *
 * @example
 * import { OnnxEmbedder } from 'corsac/embed/onnx';
 *
 * const embedder = await OnnxEmbedder.load({ model: 'model/model.onnx', tokenizer: 'model/tokenizer.json' });
 * const vector = await embedder.embed('where do foxes hide food', { as: 'query' });
 * console.log(vector.length === embedder.dimension); // true
 * await embedder.close();
 */
export class OnnxEmbedder implements Embedder {
  readonly id: string;
  /** As the model says. */
  readonly dimension: number;
  readonly fingerprint: string;
  readonly maxTokens: number;
  readonly hybridWeight?: number;
  readonly #settings: Settings;
  readonly #tokenizer: TextTokenizer;
  readonly #model: SentenceModel;
  /** The end of the last batch: a session runs one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(settings: Settings, tokenizer: TextTokenizer, model: SentenceModel) {
    this.#settings = settings;
    this.#tokenizer = tokenizer;
    this.#model = model;
    this.id = settings.id;
    this.dimension = settings.dimension;
    this.fingerprint = settings.fingerprint;
    this.maxTokens = settings.maxTokens;
    if (settings.hybridWeight !== undefined) this.hybridWeight = settings.hybridWeight;
  }

  /** @throws {CorsacError} `invalid_argument`; `model` when the model or the tokenizer cannot be had or used */
  static async load(options: OnnxEmbedderOptions): Promise<OnnxEmbedder> {
    const given = checkOptions(options);
    const { signal } = given;
    const [bytes, json] = await Promise.all([
      readSource(given.model, 'the model', { signal, onProgress: given.onProgress }),
      readTokenizer(given.tokenizer, { signal }),
    ]);
    const maxTokens = tokenLimit(given.maxTokens, positionLimit(bytes));
    const tokenizer = new TextTokenizer(json);
    const pooling = given.pooling ?? 'mean';
    const normalize = given.normalize ?? true;
    const prefix = { query: given.queryPrefix ?? '', document: given.documentPrefix ?? '' };
    const meaning = JSON.stringify([json, pooling, normalize, maxTokens, prefix]);
    const runtime = await loadRuntime(given);
    signal?.throwIfAborted();
    const hash = contentHash(bytes);
    const session = await createSession(runtime, bytes, given.executionProviders, given.runtime !== undefined);
    try {
      const model = new SentenceModel(runtime, session, pooling, tokenizer.pad);
      const [probe] = await model.run([tokenizer.encode('a', maxTokens).ids]);
      const fingerprint = `onnx-1-${probe!.length}-${hash}-${contentHash(new TextEncoder().encode(meaning))}`;
      const id =
        given.id ??
        (typeof given.model === 'string' || given.model instanceof URL ? nameOfSource(given.model) : `onnx-${hash}`);
      const settings = {
        id,
        fingerprint,
        dimension: probe!.length,
        maxTokens,
        normalize,
        prefix,
        hybridWeight: given.hybridWeight,
      };
      return new OnnxEmbedder(settings, tokenizer, model);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** @throws {CorsacError} `invalid_argument`, `closed`, `model` when a run fails; the signal's reason when it aborts */
  async embed(input: string | readonly string[], options?: EmbedOptions): Promise<Float32Array | Float32Array[]> {
    this.#checkOpen();
    const { as, signal, onProgress } = checkCall(options);
    const texts = checkTexts(input);
    const tokens = texts.map((text) => this.#tokenizer.encode(this.#settings.prefix[as] + text, this.maxTokens).ids);
    const vectors = new Array<Float32Array>(texts.length);
    let done = 0;
    for (const rows of batches(tokens)) {
      signal?.throwIfAborted();
      const made = await this.#inTurn(rows.map((row) => tokens[row]!));
      rows.forEach((row, i) => (vectors[row] = this.#finished(made[i]!)));
      done += rows.length;
      onProgress?.({ done, total: texts.length });
      if (done < texts.length) await breathe();
    }
    return sameShape(input, vectors);
  }

  /** Frees the model after the batch that is running. Closing twice is harmless; any other call afterwards is `closed`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turn;
    await this.#model.release();
  }

  #inTurn(batch: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const run = this.#turn.then(() => {
      this.#checkOpen();
      return this.#model.run(batch);
    });
    this.#turn = run.catch(() => {});
    return run;
  }

  #finished(vector: Float32Array): Float32Array {
    if (!vector.every(Number.isFinite))
      throw new CorsacError('model', 'the model gave a vector with a number that is not finite');
    return this.#settings.normalize ? normalise(vector) : vector;
  }

  #checkOpen(): void {
    if (this.#closed) throw new CorsacError('closed', 'the embedder is closed');
  }
}

/** Rows of similar length together, longest first, so that little is spent on padding. */
function* batches(tokens: readonly (readonly number[])[]): Generator<number[]> {
  const order = tokens.map((_, row) => row).sort((a, b) => tokens[b]!.length - tokens[a]!.length || a - b);
  for (let start = 0; start < order.length;) {
    const width = Math.max(1, tokens[order[start]!]!.length);
    const count = Math.max(1, Math.min(BATCH_TEXTS, Math.floor(BATCH_TOKENS / width)));
    yield order.slice(start, start + count);
    start += count;
  }
}

function tokenLimit(asked: number | undefined, positions: number | undefined): number {
  if (asked === undefined) return Math.min(256, positions ?? 256);
  return integer('maxTokens', asked, 2, positions ?? 1 << 20);
}

function checkOptions(options: OnnxEmbedderOptions): OnnxEmbedderOptions {
  const given = readOptions('OnnxEmbedder.load', options, [
    'model',
    'tokenizer',
    'pooling',
    'normalize',
    'maxTokens',
    'queryPrefix',
    'documentPrefix',
    'hybridWeight',
    'id',
    'signal',
    'onProgress',
    'executionProviders',
    'wasmPaths',
    'numThreads',
    'runtime',
  ]);
  for (const name of ['model', 'tokenizer'] as const) {
    if (given[name] === undefined)
      throw new CorsacError('invalid_argument', `OnnxEmbedder.load needs the option "${name}"`);
  }
  for (const name of ['queryPrefix', 'documentPrefix', 'id'] as const) {
    if (given[name] !== undefined && typeof given[name] !== 'string')
      throw new CorsacError('invalid_argument', `${name} must be a string`);
  }
  if (given.pooling !== undefined) oneOf('pooling', given.pooling, ['mean', 'cls', 'max']);
  if (given.normalize !== undefined) boolean('normalize', given.normalize);
  if (given.hybridWeight !== undefined) real('hybridWeight', given.hybridWeight, 0, 1);
  if (given.numThreads !== undefined) integer('numThreads', given.numThreads, 0, 256);
  if (given.onProgress !== undefined) callback('onProgress', given.onProgress);
  const providers: unknown = given.executionProviders;
  if (providers !== undefined && !(Array.isArray(providers) && providers.every((name) => typeof name === 'string'))) {
    throw new CorsacError('invalid_argument', 'executionProviders must be an array of names');
  }
  signalOf(given.signal);
  return given;
}
