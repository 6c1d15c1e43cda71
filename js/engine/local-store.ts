// The store on the thread of the core: one instance, one home, one catalog, its open collections.
import { Core } from '../core/guard.js';
import { loadCore, type WasmOptions } from '../core/load.js';
import type { CoreBatch, CoreCatalog, CoreModule } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import { CorsacError } from '../errors.js';
import { checkSame } from './merge-options.js';
import type { CollectionReport, StoreStats } from '../schema.js';
import type { ByteStore } from '../storage/byte-store.js';
import { NOTHING_LOST, type RestoringStore } from '../storage/restoration.js';
import { Ballast, unlessFull } from './ballast.js';
import { Context, storeBatch } from './context.js';
import type { ArchiveLimits } from './archive.js';
import {
  STAGED,
  type Control,
  type EngineEvent,
  type EngineOptions,
  type EngineReport,
  type StoreEngine,
  type Wanted,
} from './engine.js';
import { JobTable } from './job-table.js';
import type { JobKind, JobStep, JobStore } from './jobs.js';
import { LocalCollection } from './local-collection.js';
import { blobsOf, deleteOrphans, openCollection, slotsOf } from './open-collection.js';
import { Pacer } from './pacer.js';
import { failedReport, isDamage, lossOf, restoredReport, noCollection } from './recovery-report.js';
import { prepareLanguage } from './prepare-language.js';
import { CATALOG, readCatalog, type Found } from './read-catalog.js';
import { uuidText } from './uuid.js';

export interface LocalStoreInput {
  readonly home: ByteStore;
  readonly wasm: WasmOptions;
  readonly options: EngineOptions;
  readonly control: Control;
  readonly onEvent: (event: EngineEvent) => void;
}

export class LocalStore implements StoreEngine {
  readonly #home: ByteStore;
  readonly #core: Core;
  readonly #options: EngineOptions;
  readonly #emit: (event: EngineEvent) => void;
  readonly #pacer = new Pacer();
  readonly #open = new Map<string, LocalCollection>();
  /** Collections that could not be opened, with why. */
  readonly #failed = new Map<string, CorsacError>();
  readonly #jobs: JobTable;
  #catalog!: CoreCatalog;
  #report!: EngineReport;
  #ended: CorsacError | undefined;
  /** One change of the catalog at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(core: Core, { home, options, onEvent }: LocalStoreInput) {
    this.#core = core;
    this.#home = home;
    this.#options = options;
    this.#emit = onEvent;
    this.#jobs = new JobTable(this.#forJobs());
  }

  /** Opens every collection; one that cannot be opened is in the report and hinders no other. The home is closed when this fails. */
  static async open(input: LocalStoreInput): Promise<LocalStore> {
    let store: LocalStore | undefined;
    const onCrash = (error: CorsacError) => void (store && store.#crash(error));
    try {
      const { module, variant, threads, end } = await loadCore(input.wasm, input.options.threads);
      store = new LocalStore(new Core(module, variant, onCrash, threads, end), input);
      await store.#recover(input.control);
      return store;
    } catch (error) {
      if (store) store.#core.end();
      await input.home.close().catch(() => {});
      throw error;
    }
  }

  get report(): EngineReport {
    return this.#report;
  }

  collection(wanted: Wanted): Promise<LocalCollection> {
    return this.#alone(async () => {
      const entry = this.#entry(wanted.name);
      if (!entry) {
        if (wanted.mode === 'get') throw noCollection(wanted.name);
        return this.#create(wanted);
      }
      if (wanted.mode === 'create')
        throw new CorsacError('already_exists', `there is a collection ${JSON.stringify(wanted.name)} already`);
      const collection = this.#open.get(wanted.name) ?? (await this.#reopen(wanted.name));
      if (wanted.mode === 'obtain') checkSame(this.#core, collection.info.options, wanted);
      return collection;
    });
  }

  async names(): Promise<string[]> {
    this.#check();
    return this.#entries().flatMap(({ name }) => (name.startsWith(STAGED) ? [] : name));
  }

  unload(name: string): Promise<void> {
    return this.#alone(async () => {
      if (!this.#entry(name)) throw noCollection(name);
      await this.#unload(name, 'unloaded');
    });
  }

  remove(name: string): Promise<void> {
    return this.#alone(async () => {
      if (!this.#entry(name)) throw noCollection(name);
      for (const each of [name, STAGED + name].filter((one) => this.#entry(one))) {
        await this.#unload(each, 'deleted');
        await this.#delete(each, '');
      }
    });
  }

  replace(name: string, by: string, version: number): Promise<boolean> {
    return this.#alone(async () => {
      const [old, heir] = [this.#open.get(name), this.#open.get(by)];
      if (!old || !heir) throw noCollection(old ? by : name);
      await heir.flush('strict');
      return old.alone(async () => {
        if (old.version !== version) return false;
        await this.#delete(name, by, () => {
          heir.rename(name);
          this.#open.set(name, heir);
          this.#open.delete(by);
          return old.end(new CorsacError('closed', `the collection "${name}" was embedded anew: get it again`));
        });
        return true;
      });
    });
  }

  /** `heir`: who takes the name, if anybody. `then` runs when it is so for good. */
  async #delete(name: string, heir: string, then?: () => Promise<void>): Promise<void> {
    this.#failed.delete(name);
    const blobs = blobsOf(await this.#home.list(), this.#entry(name)!.id).map((blob) => blob.name);
    const [root, garbage] = unwrap(this.#ask((catalog) => catalog.remove(name, blobs, heir)));
    await this.#storeCatalog(root!, name);
    await then?.();
    await this.#storeCatalog(garbage!, name);
  }

  async #unload(name: string, how: string): Promise<void> {
    await this.#open.get(name)?.close(new CorsacError('closed', `the collection ${JSON.stringify(name)} was ${how}`));
    this.#open.delete(name);
  }

  async flushAll(): Promise<void> {
    this.#check();
    await Promise.all([...this.#open.values()].map((collection) => collection.flush('strict')));
  }

  async stats(): Promise<StoreStats> {
    this.#check();
    const named = await Promise.all([...this.#open].map(async ([name, each]) => [name, await each.stats()] as const));
    return {
      collections: Object.fromEntries(named),
      documents: named.reduce((sum, [, { documents }]) => sum + documents, 0),
      memoryBytes: this.#core.module.HEAPU8.length,
      home: this.#home.caps.kind,
      variant: this.#core.variant,
      threads: this.#core.threads,
    };
  }

  async startJob(kind: JobKind, limits: ArchiveLimits): Promise<number> {
    this.#check();
    return this.#jobs.start(kind, limits);
  }

  async stepJob(job: number, bytes: Uint8Array | undefined, control: Control): Promise<JobStep> {
    this.#check();
    return this.#jobs.step(job, bytes, control);
  }

  endJob = (job: number): Promise<void> => this.#jobs.end(job);

  #forJobs(): JobStore {
    return {
      core: this.#core,
      home: this.#home,
      pacer: this.#pacer,
      options: this.#options,
      catalog: () => this.#catalog,
      open: (name) => this.#open.get(name),
      failure: (name) => this.#failed.get(name),
      adopt: (catalog) => this.#adopt(catalog),
      alone: (run) => this.#alone(run),
    };
  }

  /** One root is switched; until then the store is what it was. */
  async #adopt(catalog: CoreCatalog): Promise<void> {
    const before = this.#catalog;
    this.#core.call(() => catalog.supersede(before));
    this.#catalog = catalog;
    await this.#storeCatalog(
      this.#ask((adopted) => adopted.beginEpoch()),
      '',
    ).finally(() => this.#core.call(() => before.delete()));
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    await this.#jobs.endAll();
    const reason = new CorsacError('closed', 'the store is closed');
    await this.#alone(async () => {
      this.#ended = reason;
      await Promise.all([...this.#open.values()].map((collection) => collection.close(reason)));
      this.#open.clear();
      if (!this.#core.crashed) this.#ask((catalog) => catalog.delete());
    }).finally(() => (this.#core.end(), this.#home.close()));
  }

  async #recover({ signal, onProgress }: Control): Promise<void> {
    const started = performance.now();
    const { restored, lost } = (this.#home as Partial<RestoringStore>).restoration ?? NOTHING_LOST;
    if (lost.has(CATALOG)) throw lossOf('the list of collections', lost.get(CATALOG)!);
    const {
      roots,
      blobs,
      catalog: found,
    } = await readCatalog(this.#core, this.#home, this.#options.onCorruption === 'restore');
    this.#catalog =
      found ?? this.#ask((_, module) => module.Catalog.create(crypto.getRandomValues(new Uint8Array(16))));
    const storeId = uuidText(this.#ask((catalog) => catalog.store()));
    const { expectStoreId } = this.#options;
    if (expectStoreId !== undefined && (!found || expectStoreId !== storeId)) {
      throw new CorsacError('data_loss', `expected the store ${expectStoreId}, found ${found ? storeId : 'nothing'}`);
    }
    const degraded = this.#ask((catalog) => catalog.degraded());
    // A root that a killed session left undurable must not lie beside the other slot while that one is written.
    if (found) await storeBatch(this.#home, { effects: [], strict: true }, 'opening').catch(unlessFull);
    const epoch = this.#ask((catalog) => catalog.beginEpoch());
    await (found ? this.#storeCatalog(epoch, '').catch(unlessFull) : storeBatch(this.#home, epoch, 'opening'));
    const entries = this.#entries();
    // A catalog that may be an old one does not say what is garbage.
    if (!degraded) await deleteOrphans(this.#home, { roots, blobs }, entries);
    const reports: [string, CollectionReport][] = [];
    for (const [i, { name }] of entries.entries()) {
      const progress = ({ done }: { readonly done: number }) =>
        onProgress?.({ stage: 'open', done: i + done, total: entries.length, elapsedMs: performance.now() - started });
      reports.push([name, await this.#recoverOne(name, { roots, blobs }, { signal, onProgress: progress })]);
    }
    const outcome = restored.has(CATALOG) ? 'restored' : degraded ? 'degraded' : 'clean';
    const ms = performance.now() - started;
    const collections = reports.filter(([name]) => !name.startsWith(STAGED));
    this.#report = { outcome, storeId, collections, ms, variant: this.#core.variant };
  }

  /** Opens one; what is wrong with it alone becomes its report. */
  async #recoverOne(name: string, found: Found, control: Control): Promise<CollectionReport> {
    const started = performance.now();
    const unit = String(this.#entry(name)!.id);
    const home = this.#home as Partial<RestoringStore>;
    const lost = home.restoration?.lost.get(unit);
    let why = home.restoration?.restored.get(unit);
    try {
      if (lost) throw lossOf(`the collection ${JSON.stringify(name)}`, lost);
      const opened = await this.#reopen(name, found, control, why).catch(async (error: unknown) => {
        if (this.#options.onCorruption !== 'restore' || !isDamage(error) || !(await home.restore?.(unit))) throw error;
        why = error.message;
        return this.#reopen(name, undefined, control, why);
      });
      const { report } = opened.info;
      if (report.outcome !== 'clean') this.#emit({ type: 'recovered', collection: name, report });
      return report;
    } catch (error) {
      if (!isDamage(error)) throw error;
      const report = failedReport(error, performance.now() - started);
      this.#failed.set(name, error);
      this.#emit({ type: 'corrupt', collection: name, report });
      return report;
    }
  }

  async #create({ name, full }: Wanted): Promise<LocalCollection> {
    if (this.#jobs.importing) throw new CorsacError('busy', 'the store is being imported: make collections after it');
    await prepareLanguage(this.#core.module, full);
    const options = unwrap(this.#ask((_, module) => module.canonicalOptions(full)));
    await this.#storeCatalog(unwrap(this.#ask((catalog) => catalog.add(name, options))), name);
    return this.#reopen(name);
  }

  /** `found`: what the home has, when that is known. `restored`: why it was brought back from the mirror, if it was. */
  async #reopen(
    name: string,
    found?: Found,
    { signal, onProgress }: Control = {},
    restored?: string,
  ): Promise<LocalCollection> {
    const failed = this.#failed.get(name);
    if (failed) throw failed;
    const { roots, blobs } = found ?? { roots: await this.#home.readRoots(), blobs: await this.#home.list() };
    const { handle, report } = await openCollection({
      core: this.#core,
      home: this.#home,
      pacer: this.#pacer,
      entry: this.#entry(name)!,
      store: this.#ask((catalog) => catalog.store()),
      epoch: this.#ask((catalog) => catalog.epoch()),
      options: this.#options,
      roots,
      blobs,
      signal,
      onProgress: onProgress && ((done) => onProgress({ stage: 'open', done, elapsedMs: 0 })),
    });
    const context = new Context(name, this.#core, handle, this.#home, this.#options, this.#pacer, this.#emit, (bytes) =>
      this.#admit(bytes),
    );
    const collection = new LocalCollection(context, restored === undefined ? report : restoredReport(report, restored));
    this.#open.set(name, collection);
    context.ballast.keep();
    return collection;
  }

  /** After a batch that failed the catalog in memory is not what is stored: it is read again. */
  async #storeCatalog(batch: CoreBatch, collection: string): Promise<void> {
    try {
      await new Ballast(this.#home).whenFull(() => storeBatch(this.#home, batch, 'writing the catalog'));
    } catch (error) {
      const { code, message } = error as CorsacError;
      if (code === 'quota') this.#emit({ type: 'quota', collection, message });
      const slots = slotsOf(await this.#home.readRoots(), CATALOG);
      const again = unwrap(this.#ask((_, module) => module.Catalog.open(slots, true)));
      if (again) {
        this.#ask((catalog) => catalog.delete());
        this.#catalog = again;
      }
      throw error;
    }
  }

  #ask<T>(question: (catalog: CoreCatalog, module: CoreModule) => T): T {
    return this.#core.call(() => question(this.#catalog, this.#core.module));
  }

  #entries() {
    return this.#ask((catalog) => catalog.entries());
  }

  #entry(name: string) {
    return this.#entries().find((entry) => entry.name === name);
  }

  /** @throws {CorsacError} `out_of_memory` when `bytes` more would pass the limit */
  #admit(bytes: number): void {
    const limit = this.#options.maxMemoryBytes;
    if (limit === undefined) return;
    let used = 0;
    for (const collection of this.#open.values()) used += collection.memoryBytes();
    if (used + bytes > limit) {
      throw new CorsacError(
        'out_of_memory',
        `${bytes} bytes more would pass maxMemoryBytes (${limit}): ${used} are in use`,
      );
    }
  }

  abandon(): void {
    if (!this.#ended) this.#end(new CorsacError('closed', 'another tab has taken over the store'));
  }

  #crash(error: CorsacError): void {
    this.#end(error);
    this.#emit({ type: 'crashed', message: error.message });
  }

  #end(reason: CorsacError): void {
    this.#ended = reason;
    this.#core.end();
    for (const collection of this.#open.values()) void collection.end(reason);
    this.#open.clear();
    // Gives the lock back, so that the store can be opened again.
    void this.#home.close().catch(() => {});
  }

  #alone<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      this.#check();
      return run();
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  #check(): void {
    if (this.#ended) throw this.#ended;
  }
}
