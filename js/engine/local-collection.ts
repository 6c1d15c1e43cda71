// One open collection on the thread of the core: writes through the queue, reads beside it.
import { unwrap } from '../core/outcome.js';
import { CorsacError } from '../errors.js';
import { encodeRemove, encodeWrite } from '../operation.js';
import type {
  CheckpointReport,
  CollectionReport,
  CollectionStats,
  CompactReport,
  TrainReport,
  TuneReport,
} from '../schema.js';
import type { BlobInfo, Durability, RootSlot } from '../storage/byte-store.js';
import type { Calibration } from './calibration.js';
import { Checkpointer } from './checkpointer.js';
import { NO_ORDINAL, type Context } from './context.js';
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
import { Maintenance } from './maintenance.js';
import { mergeMetadata } from './merge.js';
import { RangeReader } from './range-reader.js';
import { Reader } from './reader.js';
import { WriteQueue } from './write-queue.js';

export interface Pin {
  readonly roots: readonly RootSlot[];
  readonly blobs: readonly BlobInfo[];
  release(): Promise<void>;
}

const DOCUMENT: RawInclude = { document: true, embedding: false };

export class LocalCollection implements CollectionEngine {
  readonly #context: Context;
  readonly #report: CollectionReport;
  readonly #queue: WriteQueue;
  readonly #reader: Reader;
  readonly #checkpointer: Checkpointer;
  readonly #maintenance: Maintenance;
  readonly #ranges: RangeReader;
  #calibration: Calibration | undefined;
  #ended: CorsacError | undefined;

  constructor(context: Context, report: CollectionReport) {
    this.#context = context;
    this.#report = report;
    this.#ranges = new RangeReader(context);
    this.#reader = new Reader(context, this.#ranges);
    this.#checkpointer = new Checkpointer(context);
    this.#maintenance = new Maintenance(context, this.#ranges, this.#checkpointer);
    this.#queue = new WriteQueue(context, report.replayed > 0, () => this.#background());
    this.#maintenance.attach(this.#queue);
    // What was due when the store was closed goes on now.
    this.#queue.wake();
  }

  get info(): CollectionInfo {
    return {
      name: this.#context.name,
      options: this.#context.ask((handle) => handle.options()),
      report: this.#report,
      needsCheckpoint: this.needsCheckpoint,
    };
  }

  get needsCheckpoint(): boolean {
    return !this.#ended && this.#context.ask((handle) => handle.needsCheckpoint());
  }

  async write(operation: Uint8Array, durability: Durability | undefined, call?: CallId): Promise<number> {
    return this.#queue.write(operation, durability, call);
  }

  async update(patch: RawPatch, durability: Durability | undefined, call?: CallId): Promise<void> {
    await this.#queue.alone(async () => {
      const { found, documents } = await this.#reader.get([patch.id], DOCUMENT);
      if (!found[0]) throw new CorsacError('not_found', `there is no document with the id ${JSON.stringify(patch.id)}`);
      const before = documents![0]!;
      const operation = encodeWrite('upsert', [
        {
          id: patch.id,
          content: patch.content ?? before.content,
          metadata: mergeMetadata(before.metadata, patch.metadata),
          vector: patch.vector,
          keepVectors: patch.vector === undefined,
        },
      ]);
      await this.#queue.commit(operation, durability, call);
    });
  }

  removeMatching(filter: string, durability: Durability | undefined): Promise<number> {
    return this.#queue.alone(async () => {
      let removed = 0;
      // A remove names at most 100,000 ids.
      for (;;) {
        const { ids } = await this.#reader.list(filter, undefined, 50_000, { document: false, embedding: false });
        const gone = ids.length === 0 ? 0 : await this.#queue.commit(encodeRemove(ids), durability);
        if (gone === 0) return removed;
        removed += gone;
      }
    });
  }

  async search(request: RawSearch): Promise<RawHits> {
    this.#check();
    if (request.target > 0 && request.ef === 0 && this.#context.ask((handle) => handle.needsCalibration())) {
      await (await this.#calibrating()).ready();
      this.#check();
    }
    return this.#reader.search(request);
  }

  async searchMany(requests: readonly RawSearch[]): Promise<RawHits[]> {
    this.#check();
    return this.#reader.searchMany(requests);
  }

  async get(ids: readonly string[], include: RawInclude): Promise<RawDocuments> {
    this.#check();
    return this.#reader.get(ids, include);
  }

  async has(id: string): Promise<boolean> {
    this.#check();
    return this.#context.ask((handle) => handle.find(id)) !== NO_ORDINAL;
  }

  async count(filter: string): Promise<number> {
    this.#check();
    return unwrap(this.#context.ask((handle) => handle.count(filter)));
  }

  async list(filter: string, after: string | undefined, limit: number, include: RawInclude): Promise<RawPage> {
    this.#check();
    return this.#reader.list(filter, after, limit, include);
  }

  async facets(paths: readonly string[], filter: string): Promise<string[]> {
    this.#check();
    return this.#reader.facets(paths, filter);
  }

  async suggest(text: string, limit: number): Promise<RawSuggestion[]> {
    this.#check();
    return this.#reader.suggest(text, limit);
  }

  flush(durability: Durability | undefined): Promise<void> {
    return this.#queue.alone(() => (durability === 'relaxed' ? Promise.resolve() : this.#queue.flush()));
  }

  async compact(control: Control): Promise<CompactReport> {
    this.#check();
    const started = performance.now();
    const deleted = () => this.#context.ask((handle) => handle.stats());
    // Behind the writes that were called before.
    const before = await this.#queue.alone(async () => deleted());
    if (before.deleted > 0) await this.#maintenance.compact(control);
    const after = deleted();
    return {
      removed: Math.max(0, before.deleted - after.deleted),
      documents: after.documents,
      ms: performance.now() - started,
    };
  }

  checkpoint(_control: Control): Promise<CheckpointReport> {
    return this.#queue.alone(() => this.#checkpointer.run());
  }

  async tune(recall: number, sample: Float32Array | undefined, control: Control): Promise<TuneReport> {
    this.#check();
    return (await this.#calibrating()).tune(recall, sample, control);
  }

  async reindex(index: string, control: Control): Promise<void> {
    const { reindex } = await this.#rebuilding();
    return reindex(this.#parts, index, control);
  }

  async train(sample: Float32Array | undefined, control: Control): Promise<TrainReport> {
    const { train } = await this.#rebuilding();
    return train(this.#parts, sample, control);
  }

  get #parts() {
    return { context: this.#context, maintenance: this.#maintenance, ranges: this.#ranges };
  }

  /** Behind the writes that were called before. */
  async #rebuilding() {
    const rebuild = await import('./rebuild.js');
    this.#check();
    await this.#queue.alone(async () => {});
    return rebuild;
  }

  async #calibrating(): Promise<Calibration> {
    const { Calibration } = await import('./calibration.js');
    return (this.#calibration ??= new Calibration(this.#context, this.#queue, () => this.#check()));
  }

  async stats(): Promise<CollectionStats> {
    this.#check();
    const { core } = this.#context;
    return core.call(() => {
      const { documents, deleted, vectors, generation, ...bytes } = this.#context.handle.stats();
      const { index } = JSON.parse(this.#context.handle.options()) as {
        index: false | { kind: string; today?: string; codec: string };
      };
      return {
        documents,
        deleted,
        vectors,
        bytes,
        index: index === false ? 'none' : `${index.kind === 'auto' ? index.today : index.kind} ${index.codec}`,
        generation,
        variant: core.variant,
        threads: core.threads,
      };
    });
  }

  get version(): number {
    return this.#context.version;
  }

  rename(name: string): void {
    this.#context.name = name;
  }

  /** Runs `task` between two writes. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.alone(task);
  }

  /** What the home holds of the collection at one moment, which stays readable until it is released. */
  pin(): Promise<Pin> {
    return this.#queue.alone(async () => {
      const release = this.#context.pin();
      const { home } = this.#context;
      try {
        return { roots: await home.readRoots(), blobs: await home.list(), release };
      } catch (error) {
        await release();
        throw error;
      }
    });
  }

  /** Bytes that the collection holds in memory. */
  memoryBytes(): number {
    if (this.#ended) return 0;
    const { codes, rerank, graph, text, filter, ids, originals, documentCache } = this.#context.ask((handle) =>
      handle.stats(),
    );
    return codes + rerank + graph + text + filter + ids + originals + documentCache;
  }

  /** Finishes what was called, makes it durable, and gives the memory back. */
  async close(reason: CorsacError): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#queue.alone(async () => {
        this.#maintenance.end(reason);
        await this.#context.storeReported(this.#context.ask((handle) => handle.close()));
      });
    } catch (error) {
      // Nothing acknowledged is lost: the log has it, only the mark of a clean end is missing.
      this.#context.report(error as CorsacError);
    } finally {
      void this.end(reason);
    }
  }

  /** Ends at once: after a crash, or before everything is deleted. Resolves when nobody reads any more. */
  async end(reason: CorsacError): Promise<void> {
    if (this.#ended) return;
    this.#ended = reason;
    this.#queue.end(reason);
    this.#maintenance.end(reason);
    // A reader that waits for bytes still uses the handle.
    await this.#context.gate.alone(async () => {
      if (!this.#context.core.crashed) this.#context.core.call(() => this.#context.handle.delete());
    });
  }

  async #background(): Promise<boolean> {
    if (this.#ended) return false;
    await this.#checkpointer.runIfDue();
    return !this.#ended && this.#maintenance.turn();
  }

  #check(): void {
    if (this.#ended) throw this.#ended;
  }
}
