// What can a search be asked? The public shapes, and the request that the core is given.
import { readRerank, type Rerank } from './collection-options.js';
import { checkText, checkVector } from './document.js';
import type { RawExtras, RawFusion, RawSearch } from './engine/engine.js';
import { filterJson, type Filter } from './filter.js';
import { isPlainObject, nameOf, type JsonObject } from './json.js';
import { boolean, integer, invalid, oneOf, readOptions, real, signalOf } from './option-check.js';
import type { Include, Vector } from './schema.js';

/** How the two legs of a hybrid search become one list. */
export interface FusionOptions {
  /** `dbsf` fuses scores by their distribution, `weightedSum` by their range, `rrf` fuses ranks. @default 'dbsf' */
  readonly strategy?: 'dbsf' | 'rrf' | 'weightedSum' | undefined;
  /** 0 or more. @default dbsf: the embedder's, else 0.5; the others: 0.7 */
  readonly vectorWeight?: number | undefined;
  /** 0 or more. @default dbsf: 1 - vectorWeight; the others: 0.3 */
  readonly keywordWeight?: number | undefined;
  /** Of `rrf`. @default 60 */
  readonly rrfK?: number | undefined;
}

/**
 * `lambda` from 0 to 1: maximal marginal relevance, 1 ranks by score alone, 0 by unlikeness of the vectors alone.
 * `field` and `max`: at most so many hits for each value at a path of metadata.
 */
export type Diversify = { readonly lambda: number } | { readonly field: string; readonly max: number };

/** What every search takes. */
export interface SearchOptions<M extends object = JsonObject> {
  /** Most hits, 1 to 10,000. @default 10 */
  readonly k?: number | undefined;
  readonly filter?: Filter<M> | undefined;
  /** @default ['content', 'metadata']; [] reads nothing from disk */
  readonly include?: readonly Include[] | undefined;
  /** Hits below are dropped. */
  readonly minScore?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** `after` of an earlier page of the same search. `invalid_argument` when anything was written since. */
  readonly after?: string | undefined;
  /** Hits that differ from each other, or few of each kind; k is then at most 1,000. */
  readonly diversify?: Diversify | undefined;
  /**
   * Paths of metadata whose values are counted, at most 20, over every document that the search could return if k had no
   * end: those under the filter that have a vector, match the text, or either in a hybrid search.
   */
  readonly facets?: readonly string[] | undefined;
}

/** What searches with a vector take besides. */
export interface VectorSearchOptions<M extends object = JsonObject> extends SearchOptions<M> {
  /** Candidates in the graph, 1 to 65,536: more is slower and finds more. @default the collection's */
  readonly efSearch?: number | undefined;
  /**
   * Finds this share of the true ten nearest, 0.5 to 0.999: the width comes from a calibration on the collection's own
   * vectors, measured at the first such search and again when the collection has doubled, or on the sample of a `tune`.
   * `efSearch` overrides it; exact searches need none.
   */
  readonly target?: { readonly recall: number } | undefined;
  /**
   * What rescores the candidates, and how many: the collection's store, `none`, or in a vector search `originals`, the
   * vectors as given, read from disk for the best `candidates`, by default 2 k. @default the collection's
   */
  readonly rerank?: Rerank | undefined;
}

/** What searches with text take besides. */
export interface TextSearchOptions<M extends object = JsonObject> extends SearchOptions<M> {
  /** Whether one of the words is enough. @default 'or' */
  readonly operator?: 'or' | 'and' | undefined;
  /** The last word also matches words that start with it. @default false */
  readonly prefix?: boolean | undefined;
  /** BM25. @default the collection's */
  readonly k1?: number | undefined;
  readonly b?: number | undefined;
  /** Hits say where the words stand in their content. @default false */
  readonly highlight?: boolean | undefined;
  /**
   * `true`: every query is plain text; "quotes" add an optional phrase whose words count by themselves too. `false`: the query is a language, and
   * a malformed one is `invalid_query` naming the character: `word`, `prefix*`, `misspelt~`, `misspelt~2`, `"a phrase"`, `"a phrase"~3` (slop), each after `+`
   * (required) or `-` (excluded) if wanted; a backslash takes the meaning of what follows away. @default true
   */
  readonly lenient?: boolean | undefined;
  /** Hits bring the passage of their content that covers most of the query, of 20 to 10,000 UTF-16 units. @default false; `true`: 200 units */
  readonly snippet?: boolean | { readonly length?: number | undefined } | undefined;
  /**
   * Words also match words up to so many edits away (a letter inserted, removed or replaced, two neighbours exchanged): one edit for words of three
   * letters and more, two for five and more, none for words with digits. What is nearer weighs more. @default 0
   */
  readonly fuzzy?: 0 | 1 | 2 | undefined;
  /** Where to look: 'content' and names of `text.fields`. @default everywhere */
  readonly fields?: readonly string[] | undefined;
}

/** What searches with both take. */
export interface HybridSearchOptions<M extends object = JsonObject>
  extends VectorSearchOptions<M>, TextSearchOptions<M> {
  readonly fusion?: FusionOptions | undefined;
}

/** What decides the order of hits: vectors, words, or both. */
export type SearchMode = 'vector' | 'text' | 'hybrid';

/** What `search` takes besides. */
export interface AnySearchOptions<M extends object = JsonObject> extends HybridSearchOptions<M> {
  /** How a text query is answered. @default 'hybrid' when the collection has vectors and text */
  readonly mode?: SearchMode | undefined;
}

/** A whole question as one object: text, a vector, or both. */
export interface SearchRequest<M extends object = JsonObject> extends AnySearchOptions<M> {
  readonly text?: string | undefined;
  readonly vector?: Vector | undefined;
}

const SHARED = ['k', 'filter', 'include', 'minScore', 'signal', 'after', 'diversify', 'facets'];
const VECTOR = ['efSearch', 'rerank', 'target'];
const TEXT = ['operator', 'prefix', 'fuzzy', 'fields', 'k1', 'b', 'highlight', 'snippet', 'lenient'];
const VECTOR_LATER: string[] = [];
const TEXT_LATER: string[] = [];

const NAMES: Record<SearchMode | 'any', readonly [known: string[], later: string[]]> = {
  vector: [
    [...SHARED, ...VECTOR],
    [...VECTOR_LATER, ...TEXT_LATER],
  ],
  text: [[...SHARED, ...TEXT], TEXT_LATER],
  hybrid: [
    [...SHARED, ...VECTOR, ...TEXT, 'fusion'],
    [...VECTOR_LATER, ...TEXT_LATER],
  ],
  any: [
    [...SHARED, ...VECTOR, ...TEXT, 'fusion', 'mode'],
    [...VECTOR_LATER, ...TEXT_LATER],
  ],
};

/** Options of one call, their names checked. */
export function readSearchOptions<M extends object>(
  what: string,
  mode: SearchMode | 'any',
  options: object | undefined,
): AnySearchOptions<M> {
  const [known, later] = NAMES[mode];
  const read = readOptions<AnySearchOptions<M>>(
    what,
    options as AnySearchOptions<M> | undefined,
    known as never[],
    later,
  );
  if (read.mode !== undefined) oneOf('mode', read.mode, ['vector', 'text', 'hybrid']);
  return read;
}

/** What the kind of a search has no use for is an error, as an unknown option is. */
export function refuseForeign(options: object, mode: SearchMode): void {
  const known = [...NAMES[mode][0], 'mode'];
  const foreign = Object.keys(options).find((name) => !known.includes(name));
  if (foreign !== undefined) throw invalid(`the option "${foreign}" means nothing to a ${mode} search`);
}

/** A request object taken apart. */
export function readRequest<M extends object>(
  request: unknown,
): { text: string | undefined; vector: unknown; options: AnySearchOptions<M> } {
  if (!isPlainObject(request))
    throw invalid(`a search is a string, a vector or an object with text or vector, got ${nameOf(request)}`);
  const { text, vector, ...options } = request;
  if (text === undefined && vector === undefined) throw invalid('a search request needs text, vector or both');
  return { text: text as string | undefined, vector, options: options as AnySearchOptions<M> };
}

const INCLUDES = ['content', 'metadata', 'embedding', 'parts'] as const;

/** What is asked for beside ids and scores. */
export interface Wants {
  readonly content: boolean;
  readonly metadata: boolean;
  readonly embedding: boolean;
  readonly parts: boolean;
}

export function checkInclude(include: unknown): Wants {
  if (include === undefined) return { content: true, metadata: true, embedding: false, parts: false };
  if (!Array.isArray(include)) throw invalid(`include must be a list, got ${nameOf(include)}`);
  const has = new Set(include.map((each, i) => oneOf(`include[${i}]`, each, INCLUDES)));
  return {
    content: has.has('content'),
    metadata: has.has('metadata'),
    embedding: has.has('embedding'),
    parts: has.has('parts'),
  };
}

export const NO_EXTRAS: RawExtras = { facets: [], snippet: 0, after: undefined, diversify: undefined };

/** The request for the core. `dimension` 0: the collection has no vectors. @throws {CorsacError} `invalid_argument`, `dimension_mismatch`, `invalid_filter` */
export function rawSearch(
  mode: SearchMode,
  { text, vector }: { readonly text: string | undefined; readonly vector: unknown },
  options: AnySearchOptions<never>,
  wants: Wants,
  dimension: number,
  extras: RawExtras,
  textFields: readonly string[],
): RawSearch {
  const { k = 10, efSearch, minScore } = options;
  signalOf(options.signal);
  if (mode !== 'text' && dimension === 0)
    throw invalid('the collection has no vectors: it can be searched by text only');
  return {
    mode,
    vector: mode === 'text' ? undefined : checkVector(vector, dimension, 'vector'),
    text: mode === 'vector' ? '' : checkText(text, 'text'),
    k: integer('k', k, 1, 10_000),
    fetch: 0,
    ef: efSearch === undefined ? 0 : integer('efSearch', efSearch, 1, 65_536),
    rerank: options.rerank === undefined ? 0 : rerankWord(options.rerank, mode),
    target: options.target === undefined ? 0 : targetOf(options.target),
    filter: filterJson(options.filter),
    allTerms: oneOf('operator', options.operator ?? 'or', ['or', 'and']) === 'and',
    prefix: boolean('prefix', options.prefix ?? false),
    fuzzy: integer('fuzzy', options.fuzzy ?? 0, 0, 2),
    lenient: boolean('lenient', options.lenient ?? true),
    fields: fieldMask(options.fields, textFields),
    k1: options.k1 === undefined ? -1 : real('k1', options.k1, 0, 10),
    b: options.b === undefined ? -1 : real('b', options.b, 0, 1),
    fusion: checkFusion(options.fusion),
    minScore: minScore === undefined ? undefined : real('minScore', minScore, -Infinity, Infinity),
    exact: false,
    parts: wants.parts || mode === 'hybrid',
    highlight: boolean('highlight', options.highlight ?? false) && mode !== 'vector',
    include: { document: wants.content || wants.metadata, embedding: wants.embedding },
    ...extras,
  };
}

const STORES = ['none', 'plane', 'sq8', 'f16', 'f32', 'originals'];

function rerankWord(rerank: unknown, mode: SearchMode): number {
  const { store, candidates } = readRerank('rerank', rerank);
  const known = mode === 'vector' ? STORES : STORES.slice(0, -1);
  return ((STORES.indexOf(oneOf('rerank', store, known)) + 1) << 24) | candidates;
}

function fieldMask(fields: readonly string[] | undefined, known: readonly string[]): number {
  if (fields === undefined) return 0;
  if (!Array.isArray(fields) || fields.length === 0) throw invalid('fields must be a list of at least one name');
  return fields.reduce((mask, name, i) => mask | (1 << known.indexOf(oneOf(`fields[${i}]`, name, known))), 0);
}

/** @throws {CorsacError} `invalid_argument` */
export const checkRecall = (what: string, value: unknown): number => real(what, value, 0.5, 0.999);

function targetOf(target: object): number {
  const { recall } = readOptions<{ recall: number }>('target', target as { recall: number }, ['recall']);
  return checkRecall('target.recall', recall);
}

const NO_FUSION: RawFusion = { strategy: 'dbsf', vectorWeight: -1, keywordWeight: -1, rrfK: 60 };

function checkFusion(fusion: FusionOptions | undefined): RawFusion {
  if (fusion === undefined) return NO_FUSION;
  const read = readOptions('fusion', fusion, ['strategy', 'vectorWeight', 'keywordWeight', 'rrfK']);
  const weight = (name: 'vectorWeight' | 'keywordWeight') =>
    read[name] === undefined ? -1 : real(`fusion.${name}`, read[name], 0, 1e6);
  const out = {
    strategy: oneOf('fusion.strategy', read.strategy ?? 'dbsf', ['dbsf', 'rrf', 'weightedSum']),
    vectorWeight: weight('vectorWeight'),
    keywordWeight: weight('keywordWeight'),
    rrfK: read.rrfK === undefined ? 60 : real('fusion.rrfK', read.rrfK, Number.MIN_VALUE, 1e6),
  };
  if (out.vectorWeight === 0 && out.keywordWeight === 0)
    throw invalid('fusion.vectorWeight and fusion.keywordWeight must not both be 0');
  return out;
}
