import type { Embedder, EmbedOptions } from '../embedder.js';
import { CorsacError } from '../errors.js';
import { integer, invalid, readOptions } from '../option-check.js';
import { SharedRun } from './shared-run.js';
import { checkCall, checkTexts, sameShape, type Call } from './texts.js';

export interface CachedEmbedderOptions {
  /** Most vectors kept; the least recently used go first. 1 to 10,000,000. @default 10000 */
  readonly capacity?: number | undefined;
}

/** What a {@link CachedEmbedder} did so far. */
export interface CacheStats {
  /** Texts answered from memory. */
  readonly hits: number;
  /** Texts that the embedder behind was asked for. */
  readonly misses: number;
  /** Texts that waited for a run which another call had begun. */
  readonly shared: number;
  /** Vectors kept now. */
  readonly size: number;
}

/**
 * Remembers the vectors of another embedder, so that the same query or an unchanged document costs nothing. Calls that miss the
 * same text at the same time share one run; a run stops when all that wait for it have aborted.
 *
 * @example
 * import { CachedEmbedder, StaticEmbedder } from 'corsac/embed';
 *
 * const embedder = new CachedEmbedder(await StaticEmbedder.load(), { capacity: 1000 });
 * await embedder.embed('where do foxes hide food', { as: 'query' });
 * await embedder.embed('where do foxes hide food', { as: 'query' });
 * console.log(embedder.stats().hits); // 1
 */
export class CachedEmbedder implements Embedder {
  readonly id: string;
  readonly dimension: number;
  readonly fingerprint: string;
  readonly maxTokens?: number;
  readonly hybridWeight?: number;
  readonly #inner: Embedder;
  readonly #capacity: number;
  /** Least recently used first: a Map keeps the order of insertion. */
  readonly #kept = new Map<string, Float32Array>();
  readonly #running = new Map<string, SharedRun>();
  #hits = 0;
  #misses = 0;
  #shared = 0;

  /** @throws {CorsacError} `invalid_argument` */
  constructor(inner: Embedder, options?: CachedEmbedderOptions) {
    if (typeof inner?.embed !== 'function') throw invalid('CachedEmbedder needs an embedder');
    const { capacity = 10_000 } = readOptions('CachedEmbedder', options, ['capacity']);
    this.#inner = inner;
    this.#capacity = integer('capacity', capacity, 1, 10_000_000);
    this.id = inner.id;
    this.dimension = inner.dimension;
    this.fingerprint = inner.fingerprint;
    if (inner.maxTokens !== undefined) this.maxTokens = inner.maxTokens;
    if (inner.hybridWeight !== undefined) this.hybridWeight = inner.hybridWeight;
  }

  stats(): CacheStats {
    return { hits: this.#hits, misses: this.#misses, shared: this.#shared, size: this.#kept.size };
  }

  /** Forgets the vectors; the counts stay. */
  clear(): void {
    this.#kept.clear();
  }

  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** Vectors of the caller's own: changing one changes nothing here. @throws what the embedder behind throws; failures are not kept */
  async embed(input: string | readonly string[], options?: EmbedOptions): Promise<Float32Array | Float32Array[]> {
    const call = checkCall(options);
    const texts = checkTexts(input);
    const found = new Map<string, Float32Array>();
    const awaited = new Map<string, SharedRun>();
    const missing: string[] = [];
    for (const text of new Set(texts)) {
      const key = keyOf(call, text);
      const kept = this.#kept.get(key);
      const running = this.#running.get(key);
      if (kept) this.#touch(key, kept, found, text);
      else if (running) awaited.set(text, running);
      else missing.push(text);
    }
    this.#hits += texts.length - missing.length - awaited.size;
    this.#misses += missing.length;
    this.#shared += awaited.size;
    if (missing.length > 0) {
      const run = this.#begin(missing, call, texts.length);
      for (const text of missing) awaited.set(text, run);
    }
    await this.#collect(awaited, call, found);
    call.onProgress?.({ done: texts.length, total: texts.length });
    return sameShape(
      input,
      texts.map((text) => found.get(text)!.slice()),
    );
  }

  #touch(key: string, vector: Float32Array, found: Map<string, Float32Array>, text: string): void {
    this.#kept.delete(key);
    this.#kept.set(key, vector);
    found.set(text, vector);
  }

  /** One call of the embedder behind, for all texts that nobody else is waiting for. */
  #begin(missing: readonly string[], { as, onProgress }: Call, total: number): SharedRun {
    const before = total - missing.length;
    const run = new SharedRun(async (signal) => {
      const progress = onProgress && {
        onProgress: ({ done }: { done: number }) => onProgress({ done: before + done, total }),
      };
      const vectors = await this.#inner.embed(missing, { as, signal, ...progress });
      if (vectors.length !== missing.length)
        throw new CorsacError('model', `the embedder gave ${vectors.length} vectors for ${missing.length} texts`);
      return new Map(missing.map((text, i) => [text, vectors[i]!]));
    });
    const keys = missing.map((text) => keyOf({ as }, text));
    for (const key of keys) this.#running.set(key, run);
    const forget = () => {
      for (const key of keys) if (this.#running.get(key) === run) this.#running.delete(key);
    };
    run.abandoned.addEventListener('abort', forget, { once: true });
    run.vectors.then((vectors) => {
      forget();
      missing.forEach((text, i) => this.#keep(keys[i]!, vectors.get(text)!));
    }, forget);
    return run;
  }

  async #collect(
    awaited: ReadonlyMap<string, SharedRun>,
    { signal }: Call,
    found: Map<string, Float32Array>,
  ): Promise<void> {
    const runs = [...new Set(awaited.values())];
    const results = await Promise.all(runs.map((run) => run.join(signal)));
    for (const [text, run] of awaited) found.set(text, results[runs.indexOf(run)]!.get(text)!);
  }

  #keep(key: string, vector: Float32Array): void {
    this.#kept.delete(key);
    this.#kept.set(key, vector.slice());
    if (this.#kept.size > this.#capacity) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** The same text has another vector as a question than as a document where the model says so. */
const keyOf = ({ as }: Pick<Call, 'as'>, text: string): string => `${as}:${text}`;
