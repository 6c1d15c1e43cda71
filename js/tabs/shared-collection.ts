// A collection of a store that another tab may lead: every call a message, every write with a number of its own.
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
} from '../engine/engine.js';
import type { CheckpointReport, CollectionStats, CompactReport, TuneReport } from '../schema.js';
import type { Durability } from '../storage/byte-store.js';
import type { Answered } from './messages.js';

/** Writes under way at once: fewer than the core remembers by number, so that one sent again is always recognised. */
const WINDOW = 32;

export class SharedCollection implements CollectionEngine {
  readonly info: CollectionInfo;
  needsCheckpoint: boolean;
  readonly #durability: Durability;
  readonly #ask: (method: string, args: readonly unknown[], control?: Control) => Promise<Answered>;
  readonly #client = 1 + Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER - 1));
  readonly #underWay = new Set<number>();
  #waiting: (() => void)[] = [];
  #number = 0;

  constructor(
    info: CollectionInfo,
    durability: Durability,
    ask: (method: string, args: readonly unknown[], control?: Control) => Promise<Answered>,
  ) {
    this.info = info;
    this.needsCheckpoint = info.needsCheckpoint;
    this.#durability = durability;
    this.#ask = ask;
  }

  write = (operation: Uint8Array, durability: Durability | undefined) =>
    this.#numbered((call) => this.#call<number>('write', [operation, durability ?? this.#durability, call]));
  update = (patch: RawPatch, durability: Durability | undefined) => {
    const own = { ...patch, vector: patch.vector?.slice() };
    return this.#numbered((call) => this.#call<void>('update', [own, durability ?? this.#durability, call]));
  };
  removeMatching = (filter: string, durability: Durability | undefined) =>
    this.#call<number>('removeMatching', [filter, durability ?? this.#durability]);
  search = (request: RawSearch) => this.#call<RawHits>('search', [{ ...request, vector: request.vector?.slice() }]);
  searchMany = (requests: readonly RawSearch[]) =>
    this.#call<RawHits[]>('searchMany', [requests.map((request) => ({ ...request, vector: request.vector?.slice() }))]);
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
  stats = () => this.#call<CollectionStats>('stats', []);

  async #call<T>(method: string, args: readonly unknown[], control?: Control): Promise<T> {
    const { value, needsCheckpoint } = await this.#ask(method, args, control);
    this.needsCheckpoint = needsCheckpoint;
    return value as T;
  }

  async #numbered<T>(run: (call: CallId) => Promise<T>): Promise<T> {
    const number = ++this.#number;
    this.#underWay.add(number);
    try {
      while (number - this.#oldest() >= WINDOW) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      return await run({ client: this.#client, number });
    } finally {
      this.#underWay.delete(number);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Numbers are added in order, so the first is the oldest. */
  #oldest(): number {
    for (const number of this.#underWay) return number;
    return this.#number;
  }
}
