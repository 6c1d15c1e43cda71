// A collection whose engine runs elsewhere, in a worker or in another tab: every call a message.
import type { CheckpointReport, CollectionStats, CompactReport, TrainReport, TuneReport } from '../schema.js';
import type { Durability } from '../storage/byte-store.js';
import type {
  CallId,
  CollectionEngine,
  CollectionInfo,
  Control,
  RawDocuments,
  RawHits,
  RawInclude,
  RawPage,
  RawPatch,
  RawSearch,
  RawSuggestion,
} from './engine.js';

/** Sends a call and gives what it returned, and whether the log has grown too much. */
export type Forward = (
  method: string,
  args: readonly unknown[],
  control?: Control,
) => Promise<{ readonly value: unknown; readonly needsCheckpoint: boolean }>;

/** A vector stays with its owner: a copy crosses. */
const copied = <T extends { readonly vector?: Float32Array | undefined }>(from: T): T => ({
  ...from,
  vector: from.vector?.slice(),
});

export class ForwardedCollection implements CollectionEngine {
  info: CollectionInfo;
  needsCheckpoint: boolean;
  readonly #forward: Forward;

  constructor(info: CollectionInfo, forward: Forward) {
    this.info = info;
    this.needsCheckpoint = info.needsCheckpoint;
    this.#forward = forward;
  }

  write(operation: Uint8Array, durability: Durability | undefined, call?: CallId): Promise<number> {
    return this.#call('write', [operation, durability, call]);
  }
  update(patch: RawPatch, durability: Durability | undefined, call?: CallId): Promise<void> {
    return this.#call('update', [copied(patch), durability, call]);
  }
  removeMatching(filter: string, durability: Durability | undefined): Promise<number> {
    return this.#call('removeMatching', [filter, durability]);
  }
  search = (request: RawSearch) => this.#call<RawHits>('search', [copied(request)]);
  searchMany = (requests: readonly RawSearch[]) => this.#call<RawHits[]>('searchMany', [requests.map(copied)]);
  get = (ids: readonly string[], include: RawInclude) => this.#call<RawDocuments>('get', [ids, include]);
  has = (id: string) => this.#call<boolean>('has', [id]);
  count = (filter: string) => this.#call<number>('count', [filter]);
  list = (filter: string, after: string | undefined, limit: number, include: RawInclude) =>
    this.#call<RawPage>('list', [filter, after, limit, include]);
  facets = (paths: readonly string[], filter: string) => this.#call<string[]>('facets', [paths, filter]);
  suggest = (text: string, limit: number) => this.#call<RawSuggestion[]>('suggest', [text, limit]);
  flush = (durability: Durability | undefined) => this.#call<void>('flush', [durability]);
  compact = (control: Control) => this.#call<CompactReport>('compact', [], control);
  checkpoint = (control: Control) => this.#call<CheckpointReport>('checkpoint', [], control);
  tune = (recall: number, sample: Float32Array | undefined, control: Control) =>
    this.#call<TuneReport>('tune', [recall, sample], control);
  reindex = (index: string, control: Control) => this.#call<void>('reindex', [index], control);
  train = (sample: Float32Array | undefined, control: Control) => this.#call<TrainReport>('train', [sample], control);
  stats = () => this.#call<CollectionStats>('stats', []);

  async #call<T>(method: string, args: readonly unknown[], control?: Control): Promise<T> {
    const { value, needsCheckpoint } = await this.#forward(method, args, control);
    this.needsCheckpoint = needsCheckpoint;
    return value as T;
  }
}
