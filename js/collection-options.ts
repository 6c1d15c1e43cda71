// What is a collection made with? The public shape, and the JSON that the core stores and compares.
import type { Embedder } from './embedder.js';
import { isPlainObject, nameOf } from './json.js';
import { boolean, integer, invalid, oneOf, readOptions, real } from './option-check.js';
import type { Metric } from './schema.js';

/**
 * How vectors are held in memory, in bits a dimension: 32, 8, 4, and 1 or 2. `pq` cuts a vector into `subvectors` and
 * keeps of each the number of the nearest of 256 centroids (16 with 4 bits), learnt by `iterations` of k-means from the
 * first 1,000 vectors, at most `samples`; until then searches are exact. In a graph it needs a rerank store.
 */
export type Codec =
  | 'f32'
  | 'sq8'
  | 'sq4'
  | 'binary'
  | { readonly binary: { readonly bits?: 1 | 2 } }
  | {
      readonly pq: {
        /** 1 to the dimension. */
        readonly subvectors: number;
        /** @default 8 */
        readonly bits?: 4 | 8;
        /** @default 25 */
        readonly iterations?: number;
        /** @default 10,000 */
        readonly samples?: number;
      };
    };

/** Where the finer vectors are that rescore the candidates of a coarser codec. */
export type RerankStore = 'none' | 'plane' | 'sq8' | 'f16' | 'f32' | 'originals';

/**
 * What rescores the candidates of a codec: by default `sq8` has its `plane`, `sq4` and `binary` have an `sq8` store,
 * and `f32` needs `none`. `f16` and `f32` are finer and larger. `originals` reads the vectors as given from disk for each
 * vector search, no more than 10,000, and costs no memory; a hybrid search ranks by the codes then. `candidates`, 1 to
 * 65,536, is how many are rescored. @default 2 k + 10; `binary`: 20 k, with two bits 6 k + 20; `originals`: 2 k
 */
export type Rerank = RerankStore | { readonly store: RerankStore; readonly candidates: number };

/** How neighbours are found. */
export type IndexOptions =
  | {
      /** Exact up to 5,000 vectors, then a scan of 8-bit codes, above 10,000 a graph over them; it moves in the background. */
      readonly kind: 'auto';
    }
  | { readonly kind: 'flat'; readonly codec?: Codec | undefined; readonly rerank?: Rerank | undefined }
  | {
      readonly kind: 'hnsw';
      readonly codec?: Codec | undefined;
      readonly rerank?: Rerank | undefined;
      /** Links per node, 4 to 64. @default 16 */
      readonly m?: number | undefined;
      /** Candidates while linking, m to 4,096. @default 200 */
      readonly efConstruction?: number | undefined;
      /** Candidates while searching, 1 to 65,536. @default 80 */
      readonly efSearch?: number | undefined;
      /**
       * How the vectors of one write are linked: `parallel` in batches of up to 2 % of the index, on every thread of the
       * store; `sequential` one after the other on one. Each gives one graph for one order of writes, whatever the number
       * of threads, and both find as much. @default 'parallel'
       */
      readonly build?: 'parallel' | 'sequential' | undefined;
      /** `fast`, a block per node with codes of its neighbours, is refused: it was slower on real vectors. @default 'compact' */
      readonly layout?: 'compact' | 'fast' | undefined;
      /** Of the random levels. @default 1 */
      readonly seed?: number | undefined;
    };

/** How text is analysed and ranked. */
export interface TextOptions {
  /**
   * A Snowball language by its ISO 639-1 code (all of ar, ca, da, de, el, en, es, eu, fi, fr, ga, hi, hu, hy, id, it, lt, ne, nl, no, pt, ro, ru, sr, sv, ta,
   * tr, yi; stemmers beside English are loaded when first asked for), `none`, or `auto`: each word by its script, Latin letters as English. @default 'en'
   */
  readonly language?: string | undefined;
  /** `simple`: lower case, split at what is no letter or digit, a short stop list. @default 'standard' */
  readonly analyzer?: 'standard' | 'simple' | undefined;
  /** Drop the language's stop words, or these; kept, they weigh half beside other words. @default false */
  readonly stopWords?: boolean | readonly string[] | undefined;
  /** @default true */
  readonly foldAccents?: boolean | undefined;
  /**
   * Strings of the metadata that are text too, by dot path, each with the boost of its share of a score (above 0 to 1,000; the content has 1); of an
   * array every string. At most 23. @default none
   */
  readonly fields?: Readonly<Record<string, number>> | undefined;
  /** BM25, 0 to 10. @default 1.2 */
  readonly k1?: number | undefined;
  /** BM25, 0 to 1. @default 0.75 */
  readonly b?: number | undefined;
  /** Keep where words stand: without it there are no phrases, and the index is smaller. @default true */
  readonly positions?: boolean | undefined;
}

/** Everything is optional: without dimension, embedder and index a collection holds text only. */
export interface CollectionOptions {
  /** 1 to 8,192. @default the embedder's; 384 when an index is asked for without either */
  readonly dimension?: number | undefined;
  /** @default 'cosine' */
  readonly metric?: Metric | undefined;
  /** `false`: no vectors. @default { kind: 'auto' } */
  readonly index?: IndexOptions | false | undefined;
  /** Makes vectors from content and queries; it must be passed again whenever the collection is opened. */
  readonly embedder?: Embedder | undefined;
  /** `false`: no text search. */
  readonly text?: TextOptions | false | undefined;
  /**
   * Whether vectors are kept as given, on disk: what `reindex`, compaction and `get` take them from. `f16` halves the
   * bytes and keeps eleven bits of each number, up to 65,504; `none` leaves what the codes hold. @default 'f32'
   */
  readonly originals?: 'f32' | 'f16' | 'none' | undefined;
  /** Not available yet. */
  readonly multiVector?: object | undefined;
}

const DEFAULT_DIMENSION = 384;

/** What the core stores of a collection; canonical JSON, parsed. */
export interface StoredOptions {
  readonly dimension: number;
  readonly metric: Metric;
  readonly index: false | object;
  readonly text: false | { readonly fields?: Readonly<Record<string, number>> };
  readonly embedder: string;
  readonly originals: 'f32' | 'f16' | 'none';
}

export interface CheckedCollectionOptions {
  readonly embedder: Embedder | undefined;
  /** JSON of what was given, for the comparison with a stored collection. */
  readonly given: string;
  /** JSON of what a new collection is made with. */
  readonly full: string;
}

/** @throws {CorsacError} `invalid_argument` */
export function checkCollectionOptions(options: CollectionOptions | undefined): CheckedCollectionOptions {
  const known = ['dimension', 'metric', 'index', 'embedder', 'text', 'originals'] as const;
  const read = readOptions('a collection', options, known, ['multiVector']);
  const given: Record<string, unknown> = {};
  if (read.dimension !== undefined) given['dimension'] = integer('dimension', read.dimension, 1, 8192);
  if (read.metric !== undefined) given['metric'] = oneOf('metric', read.metric, ['cosine', 'dot', 'l2']);
  if (read.index !== undefined) given['index'] = checkIndex(read.index);
  if (read.text !== undefined) given['text'] = checkTextOptions(read.text);
  if (read.originals !== undefined) given['originals'] = oneOf('originals', read.originals, ['f32', 'f16', 'none']);
  const embedder = read.embedder === undefined ? undefined : checkEmbedder(read.embedder);
  if (embedder && read.dimension !== undefined && embedder.dimension !== read.dimension) {
    throw invalid(
      `dimension is ${read.dimension}, but the embedder "${embedder.id}" makes vectors of ${embedder.dimension}`,
    );
  }
  return { embedder, given: JSON.stringify(given), full: JSON.stringify({ ...given, ...derived(given, embedder) }) };
}

/** What a new collection takes from its embedder and from the defaults that depend on one another. */
function derived(given: Record<string, unknown>, embedder: Embedder | undefined): object {
  const index = given['index'];
  if (index === false && embedder)
    throw invalid('index is false, but an embedder is given: it would have nothing to fill');
  const dimension = given['dimension'] ?? embedder?.dimension ?? (isPlainObject(index) ? DEFAULT_DIMENSION : 0);
  return {
    dimension,
    ...(index === undefined && { index: dimension === 0 ? false : { kind: 'auto' } }),
    ...(embedder && {
      embedder: embedder.fingerprint,
      ...(embedder.hybridWeight !== undefined && {
        hybridWeight: real('embedder.hybridWeight', embedder.hybridWeight, 0, 1),
      }),
    }),
  };
}

/** @throws {CorsacError} `invalid_argument` */
export function checkEmbedder(embedder: unknown): Embedder {
  const { id, dimension, fingerprint, embed } = Object(embedder) as Embedder;
  if (typeof embed !== 'function' || typeof id !== 'string' || typeof fingerprint !== 'string' || fingerprint === '') {
    throw invalid(`embedder must have id, fingerprint, dimension and embed, got ${nameOf(embedder)}`);
  }
  integer('embedder.dimension', dimension, 1, 8192);
  return embedder as Embedder;
}

/** @throws {CorsacError} `invalid_argument` */
export function checkIndex(index: IndexOptions | false): unknown {
  if (index === false) return false;
  if (!isPlainObject(index)) throw invalid(`index must be an object or false, got ${nameOf(index)}`);
  const kind = oneOf('index.kind', (index as { kind?: unknown }).kind, ['auto', 'flat', 'hnsw']);
  if (kind === 'auto') return readOptions('index of kind "auto"', index, ['kind'] as never[]);
  const shared = ['kind', 'codec', 'rerank'];
  const graph = ['m', 'efConstruction', 'efSearch', 'build', 'layout', 'seed'];
  const read: Record<string, unknown> = {
    ...readOptions(`index of kind "${kind}"`, index, (kind === 'flat' ? shared : [...shared, ...graph]) as never[]),
  };
  if (read['codec'] !== undefined) Object.assign(read, checkCodec(read['codec']));
  if (read['rerank'] !== undefined) Object.assign(read, checkRerank(read['rerank'], read['codec'] ?? 'f32'));
  if (read['build'] !== undefined) oneOf('index.build', read['build'], ['parallel', 'sequential']);
  if (read['layout'] === 'fast')
    throw invalid(
      'index.layout "fast" is not offered: it was slower on real vectors',
      'leave it out: "compact" is used',
    );
  if (read['layout'] !== undefined) oneOf('index.layout', read['layout'], ['compact']);
  delete read['layout'];
  return read;
}

function checkCodec(codec: unknown): object {
  if (isPlainObject(codec) && isPlainObject(codec['pq'])) return checkPq(codec['pq']);
  if (isPlainObject(codec) && isPlainObject(codec['binary'])) {
    const { bits = 1 } = readOptions('index.codec.binary', codec['binary'], ['bits'] as never[]) as { bits?: number };
    return { codec: 'binary', bits: integer('index.codec.binary.bits', bits, 1, 2) };
  }
  const name = oneOf('index.codec', codec, ['f32', 'sq8', 'sq4', 'binary']);
  return name === 'binary' ? { codec: name, bits: 1 } : { codec: name };
}

function checkPq(pq: object): object {
  const names = ['subvectors', 'bits', 'iterations', 'samples'] as never[];
  const {
    subvectors,
    bits = 8,
    iterations = 25,
    samples = 10_000,
  } = readOptions('index.codec.pq', pq, names) as Record<string, unknown>;
  if (bits !== 4 && bits !== 8) throw invalid(`index.codec.pq.bits must be 4 or 8, got ${nameOf(bits)}`);
  return {
    codec: 'pq',
    bits,
    subvectors: integer('index.codec.pq.subvectors', subvectors, 1, 8192),
    iterations: integer('index.codec.pq.iterations', iterations, 1, 1000),
    samples: integer('index.codec.pq.samples', samples, 256, 1_000_000),
  };
}

function checkRerank(rerank: unknown, codec: unknown): object {
  const { store, candidates } = readRerank('index.rerank', rerank);
  const fitting = codec === 'f32' ? ['none'] : [codec === 'sq8' ? 'plane' : 'sq8', 'none', 'f16', 'f32', 'originals'];
  return {
    rerank: oneOf(isPlainObject(rerank) ? 'index.rerank.store' : 'index.rerank', store, fitting),
    candidates,
  };
}

/** Both forms of a rerank option; 0 candidates: as many as the codec needs. */
export function readRerank(name: string, rerank: unknown): { store: unknown; candidates: number } {
  if (!isPlainObject(rerank)) return { store: rerank, candidates: 0 };
  const { store, candidates } = readOptions(name, rerank, ['store', 'candidates'] as never[]) as Record<
    string,
    unknown
  >;
  return { store, candidates: integer(`${name}.candidates`, candidates, 1, 65536) };
}

function checkTextOptions(text: TextOptions | false): unknown {
  if (text === false) return false;
  if (!isPlainObject(text)) throw invalid(`text must be an object or false, got ${nameOf(text)}`);
  const read = readOptions(
    'text',
    text as TextOptions,
    ['language', 'analyzer', 'stopWords', 'foldAccents', 'k1', 'b', 'positions', 'fields'],
    [],
  );
  if (read.language !== undefined && typeof read.language !== 'string')
    throw invalid(`text.language must be a string, got ${nameOf(read.language)}`);
  if (read.analyzer !== undefined) oneOf('text.analyzer', read.analyzer, ['standard', 'simple']);
  if (read.stopWords !== undefined && !Array.isArray(read.stopWords)) boolean('text.stopWords', read.stopWords);
  if (Array.isArray(read.stopWords) && read.stopWords.some((word) => typeof word !== 'string'))
    throw invalid('text.stopWords must be true, false or strings');
  if (read.foldAccents !== undefined) boolean('text.foldAccents', read.foldAccents);
  if (read.positions !== undefined) boolean('text.positions', read.positions);
  if (read.k1 !== undefined) real('text.k1', read.k1, 0, 10);
  if (read.b !== undefined) real('text.b', read.b, 0, 1);
  return read;
}
