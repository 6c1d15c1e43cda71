import { throwIfAborted } from './abort.js';
import { Answers, type Query } from './answers.js';
import type { IndexOptions, StoredOptions } from './collection-options.js';
import { checkId, checkText } from './document.js';
import { Embedding } from './embedding.js';
import type { Embedder } from './embedder.js';
import type { CollectionEngine, StoreEngine } from './engine/engine.js';
import { filterJson, type Filter } from './filter.js';
import { BulkInsert, type BulkInput, type InsertManyOptions } from './insert-many.js';
import { nameOf, type JsonObject } from './json.js';
import { callback, integer, invalid, readOptions, signalOf } from './option-check.js';
import { getDocuments, listDocuments, type GetOptions, type ListOptions } from './reads.js';
import type {
  BatchResult,
  CheckpointReport,
  CollectionStats,
  CompactReport,
  TrainReport,
  TuneReport,
  Document,
  Facets,
  Hit,
  ListResult,
  Metric,
  Patch,
  Progress,
  Results,
  StoredDocument,
  Suggestion,
  Vector,
} from './schema.js';
import {
  readSearchOptions,
  type AnySearchOptions,
  type HybridSearchOptions,
  type TextSearchOptions,
  type VectorSearchOptions,
} from './search-options.js';
import type { Durability } from './storage/byte-store.js';
import { durabilityOf, Writes, type WriteOptions } from './writes.js';
import type { LongWork, TrainOptions } from './rebuild.js';
import type { ReembedOptions } from './reembed.js';
import type { TuneOptions } from './tune.js';

/**
 * Documents with vectors, text and metadata, searched together. Made by a {@link VectorStore}.
 *
 * Writes are applied in the order of their calls; a search that starts after a write resolved sees it.
 *
 * @example
 * import { VectorStore, filter as f } from 'corsac';
 *
 * const store = await VectorStore.open('example', { storage: 'memory' });
 * const colours = await store.createCollection<{ warm: boolean }>('colours', { dimension: 3, metric: 'l2' });
 * await colours.insertMany([
 *   { id: 'red', content: 'the colour of fire', embedding: [1, 0, 0], metadata: { warm: true } },
 *   { id: 'blue', content: 'the colour of the sea', embedding: [0, 0, 1], metadata: { warm: false } },
 * ]);
 * const { hits, how } = await colours.searchVector([0.9, 0.1, 0], { k: 1, filter: f.eq('warm', true) });
 * console.log(hits[0]!.id, how.exact); // red true
 * for (const { id } of await colours.searchText('sea')) console.log(id); // blue
 * await store.close();
 */
export class Collection<M extends object = JsonObject> {
  readonly name: string;
  readonly metric!: Metric;
  #dimension!: number;
  #engine!: CollectionEngine;
  #embedding!: Embedding;
  #answers!: Answers<M>;
  #writes!: Writes<M>;

  /** As long as a collection is in use its store is not forgotten. */
  readonly #store: object;
  readonly #stores: StoreEngine;

  /** @internal */
  constructor(engine: CollectionEngine, store: object, stores: StoreEngine) {
    this.#store = store;
    this.#stores = stores;
    this.name = engine.info.name;
    this.metric = this.#attach(engine).metric;
  }

  #attach(engine: CollectionEngine): StoredOptions {
    const stored = JSON.parse(engine.info.options) as StoredOptions;
    this.#dimension = stored.index === false ? 0 : stored.dimension;
    this.#engine = engine;
    this.#embedding = new Embedding(this.name, stored.embedder, this.dimension);
    const { dimension } = this;
    const { metric } = stored;
    this.#writes = new Writes(engine, this.#embedding, dimension);
    const hasText = stored.text !== false;
    const textFields = ['content', ...Object.keys((stored.text && stored.text.fields) || {})];
    this.#answers = new Answers({ engine, embedding: this.#embedding, dimension, metric, hasText, textFields });
    return stored;
  }

  /** Floats per vector; 0 without vectors. */
  get dimension(): number {
    return this.#dimension;
  }

  /** Whether the log has grown so much that the next write folds it into the snapshot. */
  get needsCheckpoint(): boolean {
    return this.#engine.needsCheckpoint;
  }

  /** @internal Whether this is the object of that opening of the collection. */
  belongsTo(engine: CollectionEngine, store: object): boolean {
    return this.#engine === engine && this.#store === store;
  }

  /** @internal What differs from the embedder the collection was made with, if anything does. */
  useEmbedder(embedder: Embedder): { readonly stored: string; readonly given: string } | undefined {
    this.#embedding.use(embedder);
    return this.#embedding.drift;
  }

  /**
   * Stores a new document.
   *
   * @throws {CorsacError} `already_exists`, `invalid_argument`, `dimension_mismatch`, `model`, `drift`, `quota`, `storage`
   */
  insert(document: Document<M>, options?: WriteOptions): Promise<void> {
    return this.#writes.write('insert', document, options);
  }

  /** Stores a document in place of the one with its id, if there is one. @throws {CorsacError} as {@link insert}, but for `already_exists` */
  upsert(document: Document<M>, options?: WriteOptions): Promise<void> {
    return this.#writes.write('upsert', document, options);
  }

  /**
   * Changes parts of a document. New content is embedded again when the collection has an embedder; without one, and
   * without a new embedding, the vector stays.
   *
   * @throws {CorsacError} `not_found`, and as {@link insert}
   */
  update(id: string, patch: Patch<M>, options?: WriteOptions): Promise<void> {
    return this.#writes.update(id, patch, options);
  }

  /**
   * Stores many documents from an iterable or async iterable, in batches that are all or nothing.
   *
   * @example
   * import { VectorStore } from 'corsac';
   *
   * const store = await VectorStore.open('example', { storage: 'memory' });
   * const words = await store.createCollection('words');
   * const lines = ['a fox', 'a bear', 'a fox'].map((content, i) => ({ id: content, content, metadata: { line: i } }));
   * const { documentsIndexed, errors } = await words.insertMany(lines, { onError: 'collect' });
   * console.log(documentsIndexed, errors[0]!.index, errors[0]!.error.code); // 2 2 already_exists
   * await store.close();
   *
   * @throws {CorsacError} as {@link insert}; the reason of the signal, finished batches stand
   */
  async insertMany(documents: BulkInput<M>, options?: InsertManyOptions): Promise<BatchResult> {
    const target = {
      dimension: this.dimension,
      embedding: this.#embedding,
      write: (operation: Uint8Array, durability: Durability | undefined) => this.#engine.write(operation, durability),
    };
    return new BulkInsert(target, documents, options).run(documents);
  }

  /** Removes one id, several, or all that satisfy a filter; resolves to how many there were. */
  delete(which: string | readonly string[] | Filter<M>, options?: WriteOptions): Promise<number> {
    return this.#writes.remove(which, options);
  }

  /** Whether there is a document with this id. */
  async has(id: string): Promise<boolean> {
    return this.#engine.has(checkId(id));
  }

  /** Documents, or those that satisfy the filter. */
  async count(filter?: Filter<M>): Promise<number> {
    return this.#engine.count(filterJson(filter));
  }

  /** The documents with these ids, in that order; `undefined` where there is none. `include` is as in a search. */
  get(id: string, options?: GetOptions): Promise<StoredDocument<M> | undefined>;
  get(ids: readonly string[], options?: GetOptions): Promise<(StoredDocument<M> | undefined)[]>;
  get(
    which: string | readonly string[],
    options?: GetOptions,
  ): Promise<StoredDocument<M> | undefined | (StoredDocument<M> | undefined)[]> {
    return getDocuments<M>(this.#engine, which, options);
  }

  /** Documents in the order of their last write, a page at a time. @throws {CorsacError} `invalid_argument` for a cursor that went stale */
  list(options?: ListOptions<M>): Promise<ListResult<M>> {
    return listDocuments<M>(this.#engine, options);
  }

  /**
   * The best hits for a text, a vector, or a request with either or both.
   *
   * A text is answered by vectors and words together where the collection has both and knows its embedder.
   *
   * @throws {CorsacError} `invalid_argument`, `dimension_mismatch`, `invalid_filter`, `invalid_query`, `model`, `drift`
   */
  async search(query: Query<M>, options?: AnySearchOptions<M>): Promise<Results<M>> {
    return this.#answers.ask(this.#answers.question(query, options));
  }

  /** The documents whose vectors are nearest. */
  async searchVector(vector: Vector, options?: VectorSearchOptions<M>): Promise<Results<M>> {
    const read = readSearchOptions<M>('searchVector', 'vector', options);
    return this.#answers.ask({ text: undefined, vector, options: read, mode: 'vector' });
  }

  /** The documents that match the words best, by BM25. */
  async searchText(text: string, options?: TextSearchOptions<M>): Promise<Results<M>> {
    const read = readSearchOptions<M>('searchText', 'text', options);
    return this.#answers.ask({ text, vector: undefined, options: read, mode: 'text' });
  }

  /** Both legs fused into one list; without a vector the embedder makes it from the text. */
  async searchHybrid(
    query: { readonly text: string; readonly vector?: Vector | undefined },
    options?: HybridSearchOptions<M>,
  ): Promise<Results<M>> {
    const read = readSearchOptions<M>('searchHybrid', 'hybrid', options);
    const { text, vector } = readOptions('the query of searchHybrid', query, ['text', 'vector']);
    return this.#answers.ask({ text: checkText(text, 'text'), vector, options: read, mode: 'hybrid' });
  }

  /** One answer per request, in order; texts are embedded together. */
  async searchMany(requests: readonly Query<M>[]): Promise<Results<M>[]> {
    if (!Array.isArray(requests)) throw invalid(`searchMany takes a list of requests, got ${nameOf(requests)}`);
    return this.#answers.askAll(requests.map((request: Query<M>) => this.#answers.question(request, undefined)));
  }

  /** The nearest neighbours of a stored document, itself left out. @throws {CorsacError} `not_found`; `invalid_argument` without a vector */
  async similar(id: string, options?: VectorSearchOptions<M>): Promise<Results<M>> {
    const read = readSearchOptions<M>('similar', 'vector', options);
    return this.#answers.similar(id, read);
  }

  /** Resolves when every write so far is stored; strict (the default): when it would survive power loss. */
  async flush(options?: WriteOptions): Promise<void> {
    await this.#engine.flush(durabilityOf('flush', options));
  }

  /** Drops deleted documents for good, while searching and writing go on. Happens by itself at 30 % deleted. */
  async compact(options?: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: Progress) => void) | undefined;
  }): Promise<CompactReport> {
    const { signal, onProgress } = readOptions('compact', options, ['signal', 'onProgress']);
    if (onProgress !== undefined) callback('onProgress', onProgress);
    throwIfAborted(signalOf(signal));
    return this.#engine.compact({ signal, onProgress });
  }

  /** Folds the log into the snapshot now. Happens by itself after 10,000 operations or 100 MiB of log. */
  async checkpoint(): Promise<CheckpointReport> {
    return this.#engine.checkpoint({});
  }

  /** Documents, and bytes by part. */
  async stats(): Promise<CollectionStats> {
    return this.#engine.stats();
  }

  /**
   * The best hits one after another until you stop: `for await (const hit of notes.stream('fox'))`. Takes what
   * {@link search} takes, but for `k`, `after`, `facets` and `diversify`; ends behind 10,000 candidates of a leg. A hit
   * comes once, whatever is written meanwhile.
   *
   * @throws {CorsacError} as {@link search}
   */
  async *stream(
    query: Query<M>,
    options?: Omit<AnySearchOptions<M>, 'k' | 'after' | 'facets' | 'diversify'>,
  ): AsyncGenerator<Hit<M>, void, undefined> {
    const question = this.#answers.question(query, options);
    const given = question.options;
    const foreign = (['k', 'after', 'facets', 'diversify'] as const).find((name) => given[name] !== undefined);
    if (foreign) throw invalid(`the option "${foreign}" means nothing to stream`);
    yield* this.#answers.stream(question);
  }

  /**
   * Words that the last word of `text` may grow into, those of most documents first. An index of stems counts all
   * forms of a word together and shows the form that is commonest in some of the documents; a prefix that is longer
   * than a word's stem does not find the word.
   *
   * @throws {CorsacError} `invalid_query` without text
   */
  async suggest(
    text: string,
    options?: {
      /** 1 to 100. @default 10 */
      readonly limit?: number | undefined;
    },
  ): Promise<Suggestion[]> {
    const { limit = 10 } = readOptions('suggest', options, ['limit']);
    return this.#engine.suggest(checkText(text, 'text'), integer('limit', limit, 1, 100));
  }

  /** Counts the values at paths of metadata over all documents, or those that satisfy the filter. */
  async facets(paths: readonly string[], filter?: Filter<M>): Promise<Facets> {
    const { checkFacets, facetsOf } = await import('./search-extras.js');
    const checked = checkFacets(paths);
    return facetsOf(checked, await this.#engine.facets(checked, filterJson(filter)));
  }

  /**
   * Has the codec `pq` learn its centroids anew, from a sample or from the collection's own vectors, and encodes all
   * vectors by them, while searching and writing go on. Without it the first 1,000 vectors teach them, for good.
   *
   * @throws {CorsacError} `invalid_argument` for a codec that learns nothing, and without a vector to learn from;
   * `dimension_mismatch`, `model`, `drift`; the signal's reason: everything is as it was
   */
  async train(options?: TrainOptions): Promise<TrainReport> {
    const { train } = await import('./rebuild.js');
    return train(this.#parts, options);
  }

  /**
   * Measures which width of a search reaches a recall, on the collection's own vectors or on a sample of queries; later
   * searches with a `target` follow it.
   *
   * @throws {CorsacError} `invalid_argument`, `dimension_mismatch`, `model`, `drift`; the signal's reason
   */
  async tune(options?: TuneOptions): Promise<TuneReport> {
    const { tune } = await import('./tune.js');
    return tune(this.#parts, options);
  }

  /**
   * Makes every vector anew with another embedder, which the collection has from then on; vectors given by hand are made
   * from the content too. Until it ends the collection is what it was: text search, `searchVector` and writes go on,
   * and what needs the embedder rejects with `drift` if it was opened with the new one. Aborted, crashed or closed, a
   * later call with the same embedder goes on where it stopped. Other tabs get the collection again.
   *
   * @throws {CorsacError} `invalid_argument` without vectors, and for a document that has a vector and no content; `model`, `quota`,
   * `storage`; the signal's reason
   */
  async reembed(embedder: Embedder, options?: ReembedOptions): Promise<void> {
    const { reembed } = await import('./reembed.js');
    this.#attach(await reembed({ engine: this.#engine, store: this.#stores }, embedder, options));
    this.#embedding.use(embedder);
  }

  /**
   * Gives the collection another index, made from the vectors as they were given, while searching and writing go on; the
   * old one answers until the new one is whole. What was not finished when a store is closed or crashes leaves the old one.
   *
   * @example
   * import { VectorStore } from 'corsac';
   *
   * const store = await VectorStore.open('example', { storage: 'memory' });
   * const points = await store.createCollection('points', { dimension: 2, index: { kind: 'flat' } });
   * await points.insert({ id: 'a', embedding: [1, 2] });
   * await points.reindex({ kind: 'hnsw', codec: 'sq8' });
   * console.log((await points.stats()).index); // hnsw sq8
   * await store.close();
   *
   * @throws {CorsacError} `invalid_argument`, also for an index finer than what is left without originals;
   * `invalid_query` without vectors; the signal's reason: everything is as it was
   */
  async reindex(index: IndexOptions, options?: LongWork): Promise<void> {
    const { reindex } = await import('./rebuild.js');
    return reindex(this.#parts, index, options);
  }

  get #parts() {
    return { engine: this.#engine, embedding: this.#embedding, dimension: this.dimension };
  }
}
