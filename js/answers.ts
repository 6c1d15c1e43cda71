// How is a question answered? Its kind is decided, its text becomes a vector where one is needed, the engine is asked.
import { throwIfAborted } from './abort.js';
import { checkId, checkText } from './document.js';
import type { Embedding } from './embedding.js';
import type { CollectionEngine, RawHits, RawSearch } from './engine/engine.js';
import { CorsacError } from './errors.js';
import { resultsOf } from './hits.js';
import { integer, invalid, signalOf } from './option-check.js';
import type { JsonObject } from './json.js';
import type { Hit, Metric, Results, Vector } from './schema.js';
import {
  checkInclude,
  NO_EXTRAS,
  rawSearch,
  readRequest,
  readSearchOptions,
  refuseForeign,
  type AnySearchOptions,
  type SearchMode,
  type SearchRequest,
} from './search-options.js';

/** A question to `search` and `searchMany`. */
export type Query<M extends object = JsonObject> = string | Vector | SearchRequest<M>;

export interface Question<M extends object> {
  readonly text: string | undefined;
  vector: unknown;
  readonly options: AnySearchOptions<M>;
  readonly mode: SearchMode;
}

/** What must be known of a collection to answer for it. */
export interface Answering {
  readonly engine: CollectionEngine;
  readonly embedding: Embedding;
  readonly dimension: number;
  readonly metric: Metric;
  readonly hasText: boolean;
  /** What text is searched: 'content' and the paths of the metadata. */
  readonly textFields: readonly string[];
}

interface Prepared<M extends object> {
  readonly request: RawSearch;
  /** @throws what the signal of the question was aborted with */
  show(answer: RawHits, ms: number): Results<M>;
}

export class Answers<M extends object> {
  readonly #of: Answering;

  constructor(of: Answering) {
    this.#of = of;
  }

  /** @throws {CorsacError} `invalid_argument` */
  question(query: Query<M>, given: AnySearchOptions<M> | undefined): Question<M> {
    const isVector = Array.isArray(query) || ArrayBuffer.isView(query);
    const { text, vector, options } =
      typeof query === 'string'
        ? { text: query, vector: undefined, options: given }
        : isVector
          ? { text: undefined, vector: query, options: given }
          : withOptions(readRequest<M>(query), given);
    const read = readSearchOptions<M>('search', 'any', options);
    const mode = read.mode ?? this.#modeFor(text, vector);
    refuseForeign(read, mode);
    return { text, vector, options: read, mode };
  }

  async ask(question: Question<M>): Promise<Results<M>> {
    const { request, show } = await this.#prepare(question);
    const started = performance.now();
    return show(await this.#of.engine.search(request), performance.now() - started);
  }

  /** The request for the engine, and how its answer is shown. */
  async #prepare({ text, vector, options, mode }: Question<M>): Promise<Prepared<M>> {
    const { embedding, dimension, metric, textFields } = this.#of;
    const { signal } = options;
    throwIfAborted(signalOf(signal));
    const wants = checkInclude(options.include);
    const given = options as AnySearchOptions<never>;
    const { facets, snippet, after, diversify } = given;
    const special = facets ?? snippet ?? after ?? diversify;
    const extra = special === undefined ? undefined : await import('./search-extras.js');
    const extras = extra?.readExtras(given, mode, dimension, metric === 'cosine') ?? NO_EXTRAS;
    const raw = (floats: unknown): RawSearch =>
      rawSearch(mode, { text, vector: floats }, given, wants, dimension, extras, textFields);
    let request: RawSearch;
    if (mode !== 'text' && vector === undefined && text !== undefined) {
      // Everything else that can be wrong is said before the model runs.
      raw(new Float32Array(dimension));
      request = raw((await embedding.embed([checkText(text, 'text')], { as: 'query', signal }))[0]);
    } else {
      request = raw(vector);
    }
    extra?.checkSameSearch(request);
    const show = (answer: RawHits, ms: number) => {
      throwIfAborted(signal);
      const counted = answer.facets === undefined ? undefined : extra!.facetsOf(facets!, answer.facets);
      return resultsOf<M>(answer, request, wants, metric, ms, counted);
    };
    return { request, show };
  }

  /** Hits page by page; the text becomes a vector once. */
  async *stream(question: Question<M>): AsyncGenerator<Hit<M>, void, undefined> {
    const { text, vector, mode, options } = question;
    if (vector === undefined && text !== undefined && mode !== 'text') {
      const embedding = this.#of.embedding.embed([checkText(text, 'text')], { as: 'query', signal: options.signal });
      question.vector = (await embedding)[0];
    }
    const { hitsOf } = await import('./stream.js');
    yield* hitsOf((page) => this.ask({ ...question, options: { ...options, ...page } }));
  }

  /** Answers in order; texts that need vectors are embedded together, and all cross to the engine at once. */
  async askAll(questions: Question<M>[]): Promise<Results<M>[]> {
    const open = questions.filter(
      ({ text, vector, mode }) => vector === undefined && text !== undefined && mode !== 'text',
    );
    const texts = open.map(({ text }) => checkText(text, 'text'));
    const vectors = await this.#of.embedding.embed(texts, { as: 'query' });
    open.forEach((question, i) => (question.vector = vectors[i]));
    const asked = await Promise.all(questions.map((question) => this.#prepare(question)));
    const started = performance.now();
    const answers = await this.#of.engine.searchMany(asked.map(({ request }) => request));
    const ms = performance.now() - started;
    return answers.map((answer, i) => asked[i]!.show(answer, ms));
  }

  /** The nearest neighbours of a stored document, itself left out. */
  async similar(id: string, options: AnySearchOptions<M>): Promise<Results<M>> {
    const k = integer('k', options.k ?? 10, 1, 10_000 - 1);
    const name = JSON.stringify(checkId(id));
    const { found, embeddings } = await this.#of.engine.get([id], { document: false, embedding: true });
    if (!found[0]) throw new CorsacError('not_found', `there is no document with the id ${name}`);
    const vector = embeddings![0];
    if (!vector) throw invalid(`the document ${name} has no vector`);
    const results = await this.ask({ text: undefined, vector, options: { ...options, k: k + 1 }, mode: 'vector' });
    const others = results.hits.filter((hit) => hit.id !== id).slice(0, k);
    results.hits.splice(0, results.hits.length, ...others);
    return results;
  }

  /** By everything that the question and the collection have. */
  #modeFor(text: string | undefined, vector: unknown): SearchMode {
    const { embedding, dimension, hasText } = this.#of;
    if (text === undefined) return 'vector';
    const hasVector = vector !== undefined || (dimension > 0 && embedding.expected);
    return hasVector ? (hasText ? 'hybrid' : 'vector') : 'text';
  }
}

/** Options beside a request object count over those in it. */
const withOptions = <M extends object>(
  { text, vector, options }: ReturnType<typeof readRequest<M>>,
  given: AnySearchOptions<M> | undefined,
) => ({ text, vector, options: { ...options, ...given } });
