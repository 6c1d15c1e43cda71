// The words of the API that carry data: documents in, hits out.
import type { CorsacError } from './errors.js';
import type { JsonObject } from './json.js';

/** The floats of an embedding. Other typed arrays are refused: convert them with `Float32Array.from`. */
export type Vector = Float32Array | readonly number[];

/** How near two vectors are; higher scores are nearer for all three: cosine, inner product, negative squared distance. */
export type Metric = 'cosine' | 'dot' | 'l2';

/**
 * What is stored under an id.
 *
 * Without an embedding the collection's embedder makes one from the content; without an embedder the document
 * takes part in text search only.
 */
export interface Document<M extends object = JsonObject> {
  /** 1 to 512 bytes of UTF-8. */
  readonly id: string;
  /** Text to search and to show, at most 16 MiB. */
  readonly content?: string | undefined;
  /** As many finite floats as the collection has dimensions. */
  readonly embedding?: Vector | undefined;
  /** A JSON object of at most 1 MiB, 32 levels and 10,000 keys. */
  readonly metadata?: M | undefined;
}

/** A document as it comes back. */
export interface StoredDocument<M extends object = JsonObject> {
  id: string;
  content?: string;
  metadata?: M;
  /** Only when asked for with `include: ['embedding']`. */
  embedding?: Float32Array;
}

/** A change of one document: absent parts stay, metadata is merged at the top level and `null` removes a key. */
export interface Patch<M extends object = JsonObject> {
  readonly content?: string | undefined;
  readonly embedding?: Vector | undefined;
  readonly metadata?: { readonly [K in keyof M]?: M[K] | null } | undefined;
}

/** What a hit carries besides id and score. @default content and metadata; `[]` reads nothing from disk */
export type Include = 'content' | 'metadata' | 'embedding' | 'parts';

/** A document's standing in one leg of a hybrid search. */
export interface LegScore {
  readonly score: number;
  /** From 1; 0 when the document was outside the leg's own list and its score was completed. */
  readonly rank: number;
}

/** One answer. */
export interface Hit<M extends object = JsonObject> {
  id: string;
  /** Higher is nearer, whatever the metric and mode. */
  score: number;
  content?: string;
  metadata?: M;
  /** Of vector searches: 1 - cosine, -dot or the squared distance. */
  distance?: number;
  embedding?: Float32Array;
  /** `fusion`, of hybrid searches: what each leg adds to the score. */
  parts?: { vector?: LegScore; text?: LegScore; fusion?: { vector: number; text: number } };
  /** Where the query's words stand in `content`, in UTF-16 units. */
  highlights?: { start: number; end: number }[];
  snippet?: Snippet;
}

/** A passage of a document's content. */
export interface Snippet {
  readonly text: string;
  /** Where it starts in the content, in UTF-16 units. */
  readonly start: number;
  /** Where the query's words stand in `text`, in UTF-16 units. */
  readonly highlights: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Counts by path and value: the 100 commonest values of each path. Each element of an array counts, once a document;
 * numbers, booleans and null stand under their JSON text.
 */
export type Facets = Record<string, Record<string, number>>;

/** A word that completes a prefix. */
export interface Suggestion {
  /** As most documents spell it, in lower case. */
  readonly text: string;
  /** Documents with the word in any of its forms that share a stem. */
  readonly documents: number;
}

/** How an answer was obtained. */
export interface How {
  readonly mode: 'vector' | 'text' | 'hybrid';
  /** Whether these are certainly the k best. */
  readonly exact: boolean;
  /** Whether a filter was given, and whether its matches were scanned or the graph was walked. */
  readonly filter: 'none' | 'scan' | 'graph';
  /** Vectors and postings looked at. */
  readonly examined: number;
  /** From the call to the answer, embedding not counted. */
  readonly ms: number;
}

/** The answer of a search, best first. Iterating it iterates the hits. */
export interface Results<M extends object = JsonObject> extends Iterable<Hit<M>> {
  readonly hits: Hit<M>[];
  readonly how: How;
  /** Pass it as `after` for the next page, which may be empty; absent where nothing can follow, and with `diversify`. */
  readonly after?: string | undefined;
  /** With `facets`. */
  readonly facets?: Facets | undefined;
}

/** How far long work has come. */
export interface Progress {
  /** `open`, `insert`, `compact`, `checkpoint`, `verify`, `export`, `import`, `tune`. */
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
  /** Batches finished. */
  readonly batch?: number;
  readonly elapsedMs: number;
  readonly perSecond?: number;
  readonly etaMs?: number;
}

/** What `insertMany` did. */
export interface BatchResult {
  /** Documents that went in. */
  readonly documentsIndexed: number;
  readonly batches: number;
  /** With `onError: 'collect'`: what did not, by its position in the input. */
  readonly errors: { readonly index: number; readonly id: string | undefined; readonly error: CorsacError }[];
  readonly elapsedMs: number;
}

/** A page of documents in the order of their last write. */
export interface ListResult<M extends object = JsonObject> {
  readonly documents: StoredDocument<M>[];
  /** Pass it as `after` for the next page; absent after the last one. */
  readonly after?: string;
}

/** What a checkpoint wrote. */
export interface CheckpointReport {
  /** Before compression. */
  readonly bytesBefore: number;
  /** As stored. */
  readonly bytesAfter: number;
  /** `bytesBefore / bytesAfter`; 1 when nothing changed. */
  readonly ratio: number;
  /** Sections that changed, each with the time that encoding and storing it took. */
  readonly sections: {
    readonly name: string;
    readonly bytesBefore: number;
    readonly bytesAfter: number;
    readonly ms: number;
  }[];
  readonly ms: number;
}

/** What `tune` found. */
export interface TuneReport {
  /** As asked for. */
  readonly recall: number;
  /** The width of a search that reaches it at k = 10, with a margin. */
  readonly efSearch: number;
  /** What that width reached on the queries measured. */
  readonly measured: number;
  readonly queries: number;
  readonly ms: number;
}

/** What the codes learnt from. */
export interface TrainReport {
  /** How many vectors. */
  readonly vectors: number;
  readonly ms: number;
}

/** What a compaction removed. */
export interface CompactReport {
  /** Deleted documents that were dropped for good. */
  readonly removed: number;
  readonly documents: number;
  readonly ms: number;
}

/** Bytes by part; `log` and `snapshot` are stored, the others in memory. */
export interface BytesByPart {
  readonly codes: number;
  readonly rerank: number;
  readonly graph: number;
  readonly text: number;
  readonly filter: number;
  readonly ids: number;
  /** Vectors as given that wait for the next checkpoint. */
  readonly originals: number;
  readonly documentCache: number;
  readonly log: number;
  readonly snapshot: number;
}

/** What a collection holds, and where. */
export interface CollectionStats {
  readonly documents: number;
  /** Deleted, and not compacted away yet. */
  readonly deleted: number;
  readonly vectors: number;
  readonly bytes: BytesByPart;
  /** The index as it is today: `none`, or kind and codec, e.g. `hnsw sq8`. */
  readonly index: string;
  /** Checkpoints so far. */
  readonly generation: number;
  /** The build of the core that runs. */
  readonly variant: 'simd' | 'relaxed' | 'threads';
  readonly threads: number;
}

/** What a store holds, and on what it runs. */
export interface StoreStats {
  readonly collections: Record<string, CollectionStats>;
  /** Documents of all collections. */
  readonly documents: number;
  /** Memory of the core, which all collections share. */
  readonly memoryBytes: number;
  /** `memory`, `indexeddb`, `files`, or the name of your own. */
  readonly home: string;
  readonly variant: 'simd' | 'relaxed' | 'threads';
  readonly threads: number;
}

/** How opening one collection went. */
export interface CollectionReport {
  /** `failed`: it is left as it is and cannot be used, see `error`; the other collections are not affected. */
  readonly outcome: 'clean' | 'torn' | 'rebuilt' | 'degraded' | 'restored' | 'salvaged' | 'failed';
  /** Unacknowledged writes that a crash had cut short. */
  readonly dropped: number;
  /** Ids of acknowledged documents that could not be read back. */
  readonly lost: readonly string[];
  /** Operations replayed from the log. */
  readonly replayed: number;
  readonly ms: number;
  /** One sentence when not clean. */
  readonly detail?: string;
  readonly error?: CorsacError;
}

/** How opening the store went. */
export interface OpenReport {
  /**
   * Of the list of collections: `degraded` when one of its two copies could not be read and the other served,
   * `restored` when it came from the mirror.
   */
  readonly outcome: 'clean' | 'degraded' | 'restored';
  readonly storeId: string;
  readonly collections: Record<string, CollectionReport>;
  readonly ms: number;
}

/** A part of what is stored that is not what was written. */
export interface Damage {
  /** `snapshot`, `log`, `documents`, `originals`, or `collection` when it cannot be opened at all. */
  readonly part: string;
  readonly blob?: string;
  readonly offset?: number;
  /** One sentence. */
  readonly detail: string;
}

/** What `verify` found in one collection. */
export interface CollectionCheck {
  readonly ok: boolean;
  readonly documents: number;
  /** Stored, and read. */
  readonly bytes: number;
  /** At most a thousand. */
  readonly damages: readonly Damage[];
  readonly ms: number;
}

/** What `verify` found. */
export interface VerifyReport {
  /** Every byte that was ever acknowledged can be read and is what was written. */
  readonly ok: boolean;
  readonly collections: Record<string, CollectionCheck>;
  readonly ms: number;
}

/** What an import brought. */
export interface ImportReport {
  /** Of the store, which is that of the archive from now on. */
  readonly storeId: string;
  /** The names of the collections that were imported, or imported into. */
  readonly collections: readonly string[];
  readonly documents: number;
  /** Read from the source. */
  readonly bytes: number;
  readonly ms: number;
}
