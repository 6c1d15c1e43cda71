// The store without people: what a VectorStore asks of the thread that holds the core. Everything here can
// cross to a worker: strings, numbers, bytes. js/engine implements it on the core, js/worker over messages.
import type { Durability } from '../storage/byte-store.js';
import type { DocumentTexts } from '../core/document-block.js';
import type { HitParts } from '../core/hit-block.js';
import type { Variant } from '../core/variant.js';
import type { ArchiveLimits } from './archive.js';
import type { JobKind, JobStep } from './jobs.js';
import type {
  CheckpointReport,
  CollectionReport,
  CollectionStats,
  CompactReport,
  Progress,
  StoreStats,
  TrainReport,
  TuneReport,
} from '../schema.js';

/** What long work is told and tells. */
export interface Control {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface EngineOptions {
  readonly durability: Durability;
  readonly flushEvery: number;
  readonly checkpoint: {
    readonly operations: number;
    readonly walBytes: number;
    readonly codec: string;
    readonly keep: number;
  };
  readonly expectStoreId: string | undefined;
  readonly onCorruption: 'stop' | 'salvage' | 'restore';
  readonly maxMemoryBytes: number | undefined;
  readonly threads: 'auto' | number;
}

export interface CollectionInfo {
  readonly name: string;
  /** Canonical JSON: js/options.ts reads it. */
  readonly options: string;
  readonly report: CollectionReport;
  readonly needsCheckpoint: boolean;
}

/** How a collection is asked for: the JSON of what was given, and of what a new one would be made with. */
export interface Wanted {
  readonly name: string;
  readonly mode: 'create' | 'get' | 'obtain';
  readonly given: string;
  readonly full: string;
}

/** Begins the names of collections that are on their way to replace another: nobody sees them. */
export const STAGED = '\ue000';

export const MODES = ['vector', 'text', 'hybrid'] as const;
export const FILTER_PATHS = ['none', 'scan', 'graph'] as const;
export const FUSIONS = ['dbsf', 'rrf', 'weightedSum'] as const;

export interface RawFusion {
  readonly strategy: (typeof FUSIONS)[number];
  readonly vectorWeight: number;
  readonly keywordWeight: number;
  readonly rrfK: number;
}

/** What is read beside ids and scores. */
export interface RawInclude {
  readonly document: boolean;
  readonly embedding: boolean;
}

/** Where a page of a ranking starts. */
export interface RawAfter {
  /** Hits of the first page, which decides how deep the ranking is looked for. */
  readonly first: number;
  /** Hits before this page. */
  readonly given: number;
  /** The collection's, when the first page was made. */
  readonly version: number;
}

export interface RawLikeness {
  readonly lambda: number;
  /** Scores are brought to 0..1 before they are weighed against cosines. */
  readonly scaled: boolean;
}

/** At most `max` hits per value of a field, or hits that differ from those before them. */
export type RawDiversity = RawLikeness | { readonly field: string; readonly max: number };

/** What few searches ask for. */
export interface RawExtras {
  readonly facets: readonly string[];
  /** Length in UTF-16 units; 0: none. */
  readonly snippet: number;
  readonly after: RawAfter | undefined;
  readonly diversify: RawDiversity | undefined;
}

export interface RawSearch extends RawExtras {
  readonly mode: (typeof MODES)[number];
  readonly vector: Float32Array | undefined;
  readonly text: string;
  readonly k: number;
  /** 0: the collection's. */
  readonly ef: number;
  /** High byte: 1 + store, 0 as the collection does; below: candidates. */
  readonly rerank: number;
  /** Candidates per leg of a hybrid search; 0: by k. */
  readonly fetch: number;
  /** Recall from the calibration, where ef is 0; 0: none. */
  readonly target: number;
  /** JSON, '' for none. */
  readonly filter: string;
  readonly allTerms: boolean;
  readonly prefix: boolean;
  /** Edits, 0 to 2. */
  readonly fuzzy: number;
  readonly lenient: boolean;
  /** Bit 0: the content, bit i: the i-th text field; 0: all. */
  readonly fields: number;
  /** Negative: the collection's; the same for b and the weights. */
  readonly k1: number;
  readonly b: number;
  readonly fusion: RawFusion;
  readonly minScore: number | undefined;
  readonly exact: boolean;
  readonly parts: boolean;
  readonly highlight: boolean;
  readonly include: RawInclude;
}

export type RawDocument = DocumentTexts;

export interface RawHits {
  readonly mode: number;
  readonly exact: boolean;
  readonly filter: number;
  readonly examined: number;
  readonly ids: string[];
  readonly scores: Float32Array;
  readonly parts: HitParts | undefined;
  readonly documents: (RawDocument | undefined)[] | undefined;
  readonly embeddings: (Float32Array | undefined)[] | undefined;
  /** start, end, query term, start, ... per hit. */
  readonly highlights: Uint32Array[] | undefined;
  readonly snippets: RawSnippet[] | undefined;
  /** Values by field as the core writes them. */
  readonly facets: string[] | undefined;
  /** Another number after anything changed. */
  readonly version: number;
}

/** A passage of a content: `start` and the triples of its highlights in UTF-16 units, these within the passage. */
export interface RawSnippet {
  readonly text: string;
  readonly start: number;
  readonly highlights: Uint32Array;
}

/** A word that a prefix may grow into. */
export interface RawSuggestion {
  readonly text: string;
  readonly documents: number;
}

/** A change for `update`; the metadata patch as JSON. */
export interface RawPatch {
  readonly id: string;
  readonly content: string | undefined;
  readonly metadata: string | undefined;
  readonly vector: Float32Array | undefined;
}

/** Columns over the ids asked for; `undefined` where there is no such document, or as a whole when not asked for. */
export interface RawDocuments {
  readonly found: boolean[];
  readonly documents: (RawDocument | undefined)[] | undefined;
  readonly embeddings: (Float32Array | undefined)[] | undefined;
}

export interface RawPage extends RawDocuments {
  readonly ids: string[];
  /** Another number after anything changed. */
  readonly version: number;
  readonly after: string | undefined;
}

/** Names a write, so that one that is sent again is not applied again. */
export interface CallId {
  /** Not 0. */
  readonly client: number;
  /** Rising; of the last 64 the core knows each. */
  readonly number: number;
}

/** One collection on the thread of the core. */
export interface CollectionEngine {
  readonly info: CollectionInfo;
  readonly needsCheckpoint: boolean;
  /** How many documents the operation wrote or removed. */
  write(operation: Uint8Array, durability: Durability | undefined, call?: CallId): Promise<number>;
  update(patch: RawPatch, durability: Durability | undefined, call?: CallId): Promise<void>;
  removeMatching(filter: string, durability: Durability | undefined): Promise<number>;
  search(request: RawSearch): Promise<RawHits>;
  /** One answer per request, in order. */
  searchMany(requests: readonly RawSearch[]): Promise<RawHits[]>;
  get(ids: readonly string[], include: RawInclude): Promise<RawDocuments>;
  has(id: string): Promise<boolean>;
  count(filter: string): Promise<number>;
  list(filter: string, after: string | undefined, limit: number, include: RawInclude): Promise<RawPage>;
  facets(paths: readonly string[], filter: string): Promise<string[]>;
  suggest(text: string, limit: number): Promise<RawSuggestion[]>;
  flush(durability: Durability | undefined): Promise<void>;
  compact(control: Control): Promise<CompactReport>;
  checkpoint(control: Control): Promise<CheckpointReport>;
  /** `sample`: queries one after another; undefined: the collection's own vectors. */
  tune(recall: number, sample: Float32Array | undefined, control: Control): Promise<TuneReport>;
  /** `index`: JSON of its options. */
  reindex(index: string, control: Control): Promise<void>;
  /** `sample`: vectors one after another; undefined: the collection's own. */
  train(sample: Float32Array | undefined, control: Control): Promise<TrainReport>;
  stats(): Promise<CollectionStats>;
}

/** What happens without being asked for. */
export type EngineEvent =
  | { readonly type: 'recovered' | 'corrupt'; readonly collection: string; readonly report: CollectionReport }
  | { readonly type: 'quota'; readonly collection: string; readonly message: string }
  | { readonly type: 'change'; readonly collection: string; readonly documents: number }
  | { readonly type: 'leader'; readonly leading: boolean }
  | { readonly type: 'crashed'; readonly message: string };

export interface EngineReport {
  readonly outcome: 'clean' | 'degraded' | 'restored';
  readonly storeId: string;
  readonly collections: readonly (readonly [name: string, report: CollectionReport])[];
  readonly ms: number;
  readonly variant: Variant;
}

/** A store on the thread of the core. */
export interface StoreEngine {
  readonly report: EngineReport;
  collection(wanted: Wanted): Promise<CollectionEngine>;
  names(): Promise<string[]>;
  unload(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** `by`, a collection of this store, takes the name of `name`, which is deleted; not when that is of another version. */
  replace(name: string, by: string, version: number): Promise<boolean>;
  flushAll(): Promise<void>;
  stats(): Promise<StoreStats>;
  /** Begins work that goes on step by step, and resolves to its number: see jobs.ts. */
  startJob(kind: JobKind, limits: ArchiveLimits): Promise<number>;
  stepJob(job: number, bytes: Uint8Array | undefined, control: Control): Promise<JobStep>;
  endJob(job: number): Promise<void>;
  close(): Promise<void>;
  /** Ends without writing anything more: another writer took over. */
  abandon(): void;
}
