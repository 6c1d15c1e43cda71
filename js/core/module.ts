// The surface of the compiled core: one interface per class that bindings/wasm registers. Objects own memory
// of the core until `delete()`.
import type { Outcome } from './outcome.js';
import type { Stemmers } from './stemmers.js';

export interface CoreModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly HEAPF32: Float32Array;
  readonly HEAPF64: Float64Array;
  readonly Catalog: CoreCatalogClass;
  readonly Opening: CoreOpeningClass;
  readonly StaticModel: CoreStaticModelClass;
  /** Set by stemmers.ts when a collection's language needs them. */
  stemmers?: Stemmers;
  /** Every code the core can answer with, for the test that compares it with `ErrorCode`. */
  errorCodes(): string[];
  /** The options as the core understands them, every field present. `given` is JSON. */
  canonicalOptions(given: string): Outcome<string>;
  /** The first field of `asked` that means something else than in `stored`, as a sentence; `undefined` when they agree. */
  optionsDifference(stored: string, asked: string): Outcome<string | undefined>;
  /** Starts the pool of the threaded build, the caller counted; once, before anything else. */
  startWorkers(count: number): void;
  /** Why `filter` (JSON) is none. */
  checkFilter(filter: string): Outcome<undefined>;
}

interface CoreObject {
  delete(): void;
}

/** One effect as the core hands it out; `slot` of a root and `offset` of an append are both `offset`. */
export interface CoreEffect {
  readonly op: 'put' | 'append' | 'root' | 'delete';
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array | undefined;
}

export interface CoreBatch {
  readonly strict: boolean;
  readonly effects: CoreEffect[];
}

export interface CoreRead {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

export type CoreSlots = readonly [Uint8Array | undefined, Uint8Array | undefined];

export interface CoreCatalogEntry {
  readonly id: number;
  readonly name: string;
  readonly options: string;
}

export interface CoreCatalogClass {
  create(store: Uint8Array): CoreCatalog;
  open(slots: CoreSlots, blobsPresent: boolean): Outcome<CoreCatalog | undefined>;
}

export interface CoreCatalog extends CoreObject {
  store(): Uint8Array;
  epoch(): number;
  degraded(): boolean;
  entries(): CoreCatalogEntry[];
  beginEpoch(): CoreBatch;
  /** The next batch takes the place of `other` in its home. */
  supersede(other: CoreCatalog): void;
  add(name: string, options: string): Outcome<CoreBatch>;
  /** The root, then what deletes the blobs. `heir` takes the name; '': nobody. */
  remove(name: string, blobs: readonly string[], heir: string): Outcome<CoreBatch[]>;
}

export interface CoreDurableOptions {
  readonly operations: number;
  readonly walBytes: number;
  readonly codec: string;
  readonly keep: number;
}

export interface CoreOpeningInput {
  readonly entry: CoreCatalogEntry;
  readonly store: Uint8Array;
  readonly epoch: number;
  readonly durable: CoreDurableOptions;
  readonly entropy: Uint8Array;
  readonly slots: CoreSlots;
  readonly blobs: readonly { readonly name: string; readonly length: number }[];
}

export interface CoreOpeningClass {
  create(input: CoreOpeningInput): Outcome<CoreOpening>;
}

export interface CoreOpenReport {
  readonly outcome: 'clean' | 'torn' | 'rebuilt' | 'degraded';
  readonly lastSequence: number;
  readonly replayed: number;
  readonly dropped: number;
  readonly detail: string;
}

export interface CoreOpening extends CoreObject {
  next(): CoreRead | undefined;
  supply(bytes: Uint8Array): void;
  supplyMissing(): void;
  /** Replays for `budget` units; true when done. */
  step(budget: number): boolean;
  progress(): number;
  report(): CoreOpenReport;
  finish(): Outcome<CoreCollection>;
}

/** A block of the document section that must be read and supplied. */
export interface CoreBlock {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
}

export interface CoreStats {
  readonly documents: number;
  readonly deleted: number;
  readonly vectors: number;
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
  readonly generation: number;
}

export interface CoreMaintenanceStep {
  readonly finished: boolean;
  /** Units of the budget that were used: all of it, or less where something was lacking. */
  readonly spent: number;
  readonly blocks: CoreBlock[];
  readonly originals: Uint32Array;
  readonly done: number;
  readonly total: number;
  /** A document cannot be read: the new form must be abandoned. */
  readonly failed?: Outcome<never>;
}

export interface CoreCheckpointReport {
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly sections: { readonly section: number; readonly rawBytes: number; readonly storedBytes: number }[];
}

export interface CoreCalibrationStep {
  readonly finished: boolean;
  /** Of the budget. */
  readonly spent: number;
  /** Queries. */
  readonly done: number;
  readonly total: number;
}

/** What a target recall means; `ef` 0: nothing was measured. */
export interface CoreTarget {
  readonly ef: number;
  readonly recall: number;
  readonly queries: number;
}

export interface CoreCollection extends CoreObject {
  options(): string;

  // writes
  prepare(operation: Uint8Array, client: number, number: number): Outcome<boolean>;
  takeGroup(strict: boolean): CoreBatch;
  groupStored(strict: boolean): void;
  groupFailed(): void;
  /** True when nothing is left to apply; affected() then has one count per operation. */
  apply(budget: number): boolean;
  affected(): Float64Array;
  /** Both are reported with batchStored() or checkpointFailed(). */
  flush(): CoreBatch;
  close(): CoreBatch;

  // checkpoint
  needsCheckpoint(): boolean;
  beginCheckpoint(): void;
  nextCheckpointBatch(): CoreBatch | undefined;
  batchStored(): void;
  checkpointFailed(): void;
  checkpointReport(): CoreCheckpointReport;
  /** Why the last checkpoint ended without a new root although no batch failed. */
  checkpointStatus(): Outcome<undefined>;

  // maintenance: 1 compaction, 2 migration, 3 rebuild, 0 none
  due(): number;
  beginMaintenance(what: number): void;
  /** The same for another index, or for codes that learn from `sample`, vectors one after another; `options` are JSON. */
  beginRebuild(options: string, sample: Float32Array): Outcome<undefined>;
  maintaining(): boolean;
  stepMaintenance(budget: number): CoreMaintenanceStep;
  supplyOriginals(slots: Uint32Array, rows: Uint8Array): Outcome<undefined>;
  finishMaintenance(): void;
  abandonMaintenance(): void;

  // calibration
  needsCalibration(): boolean;
  /** Queries one after another; none: the collection's own vectors. */
  beginCalibration(sample: Float32Array): Outcome<undefined>;
  stepCalibration(budget: number): CoreCalibrationStep;
  /** The operation that keeps what was measured. */
  finishCalibration(): Uint8Array;
  target(recall: number): CoreTarget;

  // questions
  has(id: string): boolean;
  /** 4,294,967,295 when there is none. */
  find(id: string): number;
  count(filter: string): Outcome<number>;
  list(filter: string, after: number, limit: number): Outcome<Uint32Array>;
  /** Heap address of `bytes` writable bytes, aligned to 8, valid until the next call. */
  reserve(bytes: number): number;
  /** Answers the request written there (js/engine/searcher.ts): heap address of the answer (hit-block.ts), 0 for an error. */
  search(): number;
  /** Answers requests written one after another at multiples of 8 bytes: heap address of their answers' addresses, 0 for an error. */
  searchMany(count: number): number;
  /** Of the last search(), searchMany() or documents() that returned 0. */
  lastError(): Outcome<undefined>;
  /** Heap address of the answer: ids of `ordinals` in the layout of a search without scores. */
  ids(ordinals: Uint32Array): number;
  /** Chooses what facet() counts: documents that satisfy `filter`; `undefined`: those that the reserved request could find. */
  select(filter: string | undefined): Outcome<undefined>;
  /** The commonest values at a path as JSON: [[value, count], ...]. */
  facet(path: string, limit: number): string;
  /** Per document start, end, number of the query term, start, ... in UTF-16 units. */
  highlight(ordinals: Uint32Array, text: string, flags: number): Outcome<Uint32Array[]>;
  /** What an occurrence of each query term says. */
  rarities(text: string, flags: number): Float32Array;
  /** Terms that the last word may grow into, each followed by how many documents have it; a term may come twice. `undefined` without text. */
  completions(text: string): (string | number)[] | undefined;
  /** How many live documents have the term, then the first of them. */
  documentsWith(term: string, limit: number): Uint32Array;
  termOf(word: string): string;

  // documents and vectors
  missingBlocks(ordinals: Uint32Array): CoreBlock[];
  supplyBlock(block: number, stored: Uint8Array): Outcome<undefined>;
  /** Heap address of the documents (js/core/document-block.ts), 0 for an error. No block of theirs may be missing. */
  documents(ordinals: Uint32Array): number;
  /** `undefined` without a vector; `slot` when the original must be read from disk; what the codes hold when `coded`. */
  vector(ordinal: number, coded: boolean): { readonly vector?: Float32Array; readonly slot?: number } | undefined;
  /** Bytes of a range that no finished checkpoint has stored: they are still in memory. */
  unsaved(section: number, offset: number, length: number): Uint8Array | undefined;
  /** What must be read for a range, whole checksummed pieces; check() cuts the range out, shorter where it goes on elsewhere. */
  locate(section: number, offset: number, length: number): CoreRead | undefined;
  check(section: number, offset: number, length: number, read: Uint8Array): Outcome<Uint8Array>;
  stats(): CoreStats;
  report(): CoreOpenReport;
}

export interface CoreStaticModelClass {
  load(bytes: Uint8Array): Outcome<CoreStaticModel>;
}

export interface CoreStaticModel extends CoreObject {
  dimension(): number;
  fingerprint(): string;
  hybridWeight(): number;
  /** One row of `dimension` floats per text, in order. Text i is `utf8` from the end before it to `ends[i]`. */
  embed(utf8: Uint8Array, ends: Uint32Array): Float32Array;
}
