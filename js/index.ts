export type { Query } from './answers.js';
export { capabilities, type Capabilities } from './capabilities.js';
export type { Codec, CollectionOptions, IndexOptions, Rerank, TextOptions } from './collection-options.js';
export { Collection } from './collection.js';
export type { WasmOptions } from './core/load.js';
export type { EmbedOptions, Embedder } from './embedder.js';
export { CorsacError, type ErrorCode, type ErrorDetails } from './errors.js';
export type { StoreEvents, Subscription } from './events.js';
export { filter, type Filter, type Operators, type Path, type ValueAt } from './filter.js';
export { highlightHtml } from './highlight-html.js';
export type { InsertManyOptions } from './insert-many.js';
export type { JsonObject, JsonScalar, JsonValue } from './json.js';
export type { CheckpointOptions, OpenOptions } from './open-options.js';
export type { GetOptions, ListOptions } from './reads.js';
export type {
  BatchResult,
  BytesByPart,
  CollectionCheck,
  CheckpointReport,
  CollectionReport,
  CollectionStats,
  CompactReport,
  TrainReport,
  TuneReport,
  Damage,
  Document,
  Facets,
  Hit,
  How,
  ImportReport,
  Include,
  LegScore,
  ListResult,
  Metric,
  OpenReport,
  Patch,
  Progress,
  Results,
  Snippet,
  StoredDocument,
  StoreStats,
  Suggestion,
  Vector,
  VerifyReport,
} from './schema.js';
export type {
  AnySearchOptions,
  Diversify,
  FusionOptions,
  HybridSearchOptions,
  SearchMode,
  SearchOptions,
  SearchRequest,
  TextSearchOptions,
  VectorSearchOptions,
} from './search-options.js';
export type { BlobInfo, ByteStore, ByteStoreCaps, Durability, Op, RootSlot } from './storage/byte-store.js';
export type { StorageOption } from './storage/open-home.js';
export type { MirrorOption, MirrorPlace } from './storage/open-layers.js';
export { VectorStore } from './store.js';
export type { ExportOptions, ImportLimits, ImportOptions, ImportSource, TransferFormat } from './transfer.js';
export { VERSION } from './version.js';
export type { TuneOptions } from './tune.js';
export type { LongWork, TrainOptions } from './rebuild.js';
export type { ReembedOptions } from './reembed.js';
export type { WriteOptions } from './writes.js';
