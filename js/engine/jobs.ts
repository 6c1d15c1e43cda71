// Work that a caller drives step by step, so that it can cross to a worker and be stopped at any time: verify,
// export and import of a whole store. Loaded when it is asked for.
import { throwIfAborted } from '../abort.js';
import type { Core } from '../core/guard.js';
import type { CoreCatalog, CoreCatalogEntry } from '../core/module.js';
import { CorsacError } from '../errors.js';
import type { CollectionCheck, ImportReport, VerifyReport } from '../schema.js';
import type { BlobInfo, ByteStore, RootSlot } from '../storage/byte-store.js';
import { archiveEnd, archiveHeader, entryHeader, type ArchiveLimits } from './archive.js';
import { deepCheck } from './deep-check.js';
import type { Control, EngineOptions } from './engine.js';
import { ImportStage } from './import-stage.js';
import type { LocalCollection } from './local-collection.js';
import { blobsOf } from './open-collection.js';
import type { Pacer } from './pacer.js';

const READ_BYTES = 1 << 20;

/** What a job may know of its store. */
export interface JobStore {
  readonly core: Core;
  readonly home: ByteStore;
  readonly pacer: Pacer;
  readonly options: EngineOptions;
  catalog(): CoreCatalog;
  open(name: string): LocalCollection | undefined;
  failure(name: string): CorsacError | undefined;
  /** Another catalog takes the place of the present one, which has no collections. */
  adopt(catalog: CoreCatalog): Promise<void>;
  /** Runs while no collection is made, unloaded or removed. */
  alone<T>(run: () => Promise<T>): Promise<T>;
}

export type JobKind = 'verify' | 'export' | 'import';

export interface JobStep {
  readonly done: boolean;
  readonly bytes?: Uint8Array;
  readonly value?: VerifyReport | ImportReport;
}

export interface Job {
  /** `bytes`: the next piece of what is imported; none when that was all. */
  step(bytes: Uint8Array | undefined, control: Control): Promise<JobStep>;
  /** Gives back what it holds; called once, whether it is done or not. */
  end(): Promise<void>;
}

export async function startJob(kind: JobKind, store: JobStore, limits: ArchiveLimits): Promise<Job> {
  if (kind === 'verify') return new VerifyJob(store);
  if (kind === 'import') return ImportStage.begin(store, limits);
  return ExportJob.begin(store);
}

const entriesOf = ({ core, catalog }: JobStore): CoreCatalogEntry[] => core.call(() => catalog().entries());

/** One collection a step, while reads and writes go on. */
class VerifyJob implements Job {
  readonly #store: JobStore;
  readonly #started = performance.now();
  readonly #left: CoreCatalogEntry[];
  readonly #checks: [string, CollectionCheck][] = [];

  constructor(store: JobStore) {
    this.#store = store;
    this.#left = entriesOf(store);
  }

  async step(_bytes: Uint8Array | undefined, { signal, onProgress }: Control): Promise<JobStep> {
    throwIfAborted(signal);
    const entry = this.#left.shift();
    if (entry) this.#checks.push([entry.name, await this.#check(entry, signal)]);
    const elapsedMs = performance.now() - this.#started;
    const done = this.#checks.length;
    onProgress?.({ stage: 'verify', done, total: done + this.#left.length, elapsedMs });
    if (this.#left.length > 0) return { done: false };
    const collections = Object.fromEntries(this.#checks);
    return {
      done: true,
      value: { ok: this.#checks.every(([, { ok }]) => ok), collections, ms: performance.now() - this.#started },
    };
  }

  async end(): Promise<void> {}

  async #check(entry: CoreCatalogEntry, signal: AbortSignal | undefined): Promise<CollectionCheck> {
    const store = this.#store;
    const started = performance.now();
    const pin = await store.open(entry.name)?.pin();
    try {
      const { roots, blobs } = pin ?? { roots: await store.home.readRoots(), blobs: await store.home.list() };
      const input = {
        core: store.core,
        home: store.home,
        pacer: store.pacer,
        entry,
        store: store.core.call(() => store.catalog().store()),
        epoch: store.core.call(() => store.catalog().epoch()),
        options: store.options,
        roots,
        blobs,
        signal,
      };
      const { documents, bytes, damages } = await deepCheck(input, store.open(entry.name)?.info.report.dropped);
      return { ok: damages.length === 0, documents, bytes, damages, ms: performance.now() - started };
    } finally {
      await pin?.release();
    }
  }
}

interface Piece {
  readonly header: Uint8Array;
  readonly name?: string;
  readonly length: number;
  readonly bytes?: Uint8Array;
}

/** Each collection as it is at the beginning, while reads and writes go on: what they delete stays until the end. */
class ExportJob implements Job {
  readonly #store: JobStore;
  readonly #pieces: Piece[];
  readonly #release: () => Promise<void>;
  readonly #total: number;
  readonly #started = performance.now();
  #at = 0;
  #done = 0;

  private constructor(store: JobStore, pieces: Piece[], release: () => Promise<void>) {
    this.#store = store;
    this.#pieces = pieces;
    this.#release = release;
    this.#total = pieces.reduce((sum, { header, length }) => sum + header.length + length, 0);
  }

  static begin(store: JobStore): Promise<ExportJob> {
    return store.alone(async () => {
      const releases: (() => Promise<void>)[] = [];
      const release = async () => void (await Promise.all(releases.splice(0).map((each) => each())));
      try {
        const { core, catalog, home } = store;
        const pieces: Piece[] = [{ header: archiveHeader(core.call(() => catalog().store())), length: 0 }];
        for (const { id, name } of entriesOf(store)) {
          const failure = store.failure(name);
          if (failure) throw damaged(name, failure);
          const open = store.open(name);
          // A checkpoint says for good where a torn log ended.
          if (open && open.info.report.dropped > 0) await open.checkpoint({});
          const pin = await open?.pin();
          if (pin) releases.push(() => pin.release());
          const { roots, blobs } = pin ?? { roots: await home.readRoots(), blobs: await home.list() };
          pieces.push(...blobsOf(blobs, id).map(blobPiece), ...rootPieces(roots, String(id)));
        }
        pieces.push(...rootPieces(await home.readRoots(), 'catalog'));
        pieces.push({ header: archiveEnd(pieces.length - 1), length: 0 });
        return new ExportJob(store, pieces, release);
      } catch (error) {
        await release();
        throw error;
      }
    });
  }

  async step(_bytes: Uint8Array | undefined, { signal, onProgress }: Control): Promise<JobStep> {
    throwIfAborted(signal);
    const out = new Parts();
    while (out.length < READ_BYTES && this.#pieces.length > 0) {
      const { header, name, length, bytes } = this.#pieces[0]!;
      if (this.#at === 0) out.add(header);
      if (bytes) out.add(bytes);
      else if (name !== undefined && this.#at < length) {
        const read = await this.#store.home.read(name, this.#at, Math.min(READ_BYTES, length - this.#at));
        if (read.length === 0) throw new CorsacError('corrupt', `blob "${name}" ends at ${this.#at}, before ${length}`);
        out.add(read);
        this.#at += read.length;
        if (this.#at < length) continue;
      }
      this.#pieces.shift();
      this.#at = 0;
    }
    this.#done += out.length;
    const elapsedMs = performance.now() - this.#started;
    onProgress?.({ stage: 'export', done: this.#done, total: this.#total, elapsedMs });
    return { done: this.#pieces.length === 0, bytes: out.take() };
  }

  async end(): Promise<void> {
    await this.#release();
  }
}

const damaged = (name: string, cause: CorsacError) =>
  new CorsacError(cause.code, `the collection ${JSON.stringify(name)} cannot be exported: ${cause.message}`, { cause });

const blobPiece = ({ name, length }: BlobInfo): Piece => ({
  header: entryHeader({ kind: 'blob', name, slot: 0, length }),
  name,
  length,
});

const rootPieces = (roots: readonly RootSlot[], name: string): Piece[] =>
  roots
    .filter((root) => root.name === name)
    .map(({ slot, bytes }) => ({
      header: entryHeader({ kind: 'root', name, slot, length: bytes.length }),
      length: bytes.length,
      bytes,
    }));

class Parts {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  take(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
