/// <reference lib="esnext.disposable" preserve="true" />
import { throwIfAborted } from './abort.js';
import { Collection } from './collection.js';
import { checkCollectionOptions, checkEmbedder, type CollectionOptions } from './collection-options.js';
import type { Embedder } from './embedder.js';
import { STAGED, type EngineEvent, type StoreEngine, type Wanted } from './engine/engine.js';
import { asyncDisposeSymbol, Events, type StoreEvents, type Subscription } from './events.js';
import type { JsonObject } from './json.js';
import { nameOf } from './json.js';
import { checkOpenOptions, type CheckedOpenOptions, type OpenOptions } from './open-options.js';
import { callback, invalid, readOptions, signalOf } from './option-check.js';
import type { ImportReport, OpenReport, StoreStats, VerifyReport } from './schema.js';
import type { ExportOptions, ImportOptions, ImportSource, TransferStore } from './transfer.js';
import { destroyPlace, openPlace } from './storage/open-layers.js';
import { hasNodeBuiltins } from './storage/node-builtin.js';
import { openInWorker, wantsWorker } from './worker/remote-store.js';

/**
 * Collections under one name: in IndexedDB in a browser, in files in Node, or in memory.
 *
 * A store has one writer. It holds WebAssembly memory and a lock until {@link close}.
 *
 * @example
 * import { VectorStore } from 'corsac';
 *
 * const store = await VectorStore.open('example', { storage: 'memory' });
 * try {
 *   const notes = await store.getOrCreateCollection('notes');
 *   await notes.insert({ id: 'fox', content: 'Foxes hide their food under leaves.', metadata: { year: 2024 } });
 *   const { hits } = await notes.search('where do foxes hide food', { filter: { year: { $gte: 2020 } } });
 *   console.log(hits[0]!.id); // fox
 * } finally {
 *   await store.close();
 * }
 */
export class VectorStore implements AsyncDisposable {
  readonly #engine: StoreEngine;
  readonly #events: Events;
  /** The object of each collection that is open; all callers share it. */
  readonly #collections = new Map<string, Collection<never>>();
  readonly report: OpenReport;
  #closing: Promise<void> | undefined;
  declare [Symbol.asyncDispose]: () => Promise<void>;

  private constructor(engine: StoreEngine, events: Events) {
    this.#engine = engine;
    this.#events = events;
    const { outcome, storeId, collections, ms } = engine.report;
    this.report = { outcome, storeId, collections: Object.fromEntries(collections), ms };
    (this as Record<symbol, unknown>)[asyncDisposeSymbol] = () => this.close();
    forgotten?.register(this, engine, this);
  }

  /**
   * Opens the store `name`, or makes it, and brings back its collections. One that is damaged is in the
   * {@link report} and hinders no other.
   *
   * @throws {CorsacError} `locked` when it is open elsewhere, `invalid_argument`, `unsupported_environment`, `storage`,
   *   `quota`, `corrupt`, `data_loss`, `unsupported_format`
   */
  static async open(name: string, options?: OpenOptions): Promise<VectorStore> {
    const checked = checkOpenOptions(options);
    throwIfAborted(checked.signal);
    if (checked.persist) await globalThis.navigator?.storage?.persist?.();
    const events = new Events();
    // What happens while the store is opened is told after whoever opened it could subscribe.
    const early: EngineEvent[] = [];
    let onEvent = (event: EngineEvent): void => void early.push(event);
    const tell = (event: EngineEvent) => onEvent(event);
    const engine = await openEngine(name, checked, tell);
    const opened = new VectorStore(engine, events);
    onEvent = (event) => relay(events, event);
    setTimeout(() => early.forEach(onEvent), 0);
    return opened;
  }

  /** Deletes the store and all it holds. @throws {CorsacError} `locked` while it is open somewhere */
  static async destroy(name: string, options?: OpenOptions): Promise<void> {
    await destroyPlace(name, checkOpenOptions(options).place);
  }

  /** @throws {CorsacError} `already_exists`, `invalid_argument`, `quota`, `storage` */
  createCollection<M extends object = JsonObject>(name: string, options?: CollectionOptions): Promise<Collection<M>> {
    return this.#collection<M>('create', name, options);
  }

  /** @throws {CorsacError} `not_found`; `corrupt`, `data_loss` or `unsupported_format` when it could not be opened */
  async getCollection<M extends object = JsonObject>(
    name: string,
    options?: { readonly embedder?: Embedder | undefined },
  ): Promise<Collection<M>> {
    const { embedder } = readOptions('getCollection', options, ['embedder']);
    return this.#collection<M>('get', name, embedder && { embedder: checkEmbedder(embedder) });
  }

  /** @throws {CorsacError} `invalid_argument` naming both values when the stored options differ in meaning from those given */
  getOrCreateCollection<M extends object = JsonObject>(
    name: string,
    options?: CollectionOptions,
  ): Promise<Collection<M>> {
    return this.#collection<M>('obtain', name, options);
  }

  /** Names, in the order they were made. */
  async collections(): Promise<string[]> {
    return this.#engine.names();
  }

  /** Gives the memory of a collection back; what it stores stays. Its objects reject with `closed` from now on. */
  async unloadCollection(name: string): Promise<void> {
    await this.#engine.unload(checkName(name));
    this.#collections.delete(name);
  }

  /** Deletes a collection and all it holds, damaged or not. @throws {CorsacError} `not_found`, `storage` */
  async deleteCollection(name: string): Promise<void> {
    await this.#engine.remove(checkName(name));
    this.#collections.delete(name);
  }

  /** Makes everything written so far survive power loss. */
  async flushAll(): Promise<void> {
    await this.#engine.flushAll();
  }

  /** Documents and bytes by collection; only what is loaded counts. */
  async stats(): Promise<StoreStats> {
    return this.#engine.stats();
  }

  /** Tells `listener` whenever `event` happens, until the subscription or `signal` ends it. */
  on<E extends keyof StoreEvents>(
    event: E,
    listener: (data: StoreEvents[E]) => void,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Subscription {
    return this.#events.on(event, listener, options);
  }

  /** Finishes what was called, makes it durable, and gives memory and lock back. Closing twice is harmless. */
  close(): Promise<void> {
    forgotten?.unregister(this);
    this.#closing ??= this.#engine.close().finally(() => {
      this.#collections.clear();
      this.#events.clear();
    });
    return this.#closing;
  }

  /**
   * Reads everything that is stored and checks it, while reads and writes go on. Each collection is opened a second
   * time for as long as that takes, so there must be memory for one more of the largest.
   *
   * @throws {CorsacError} `storage`, `closed`; damage is in the report, not thrown
   */
  async verify(options?: Pick<ExportOptions, 'signal' | 'onProgress'>): Promise<VerifyReport> {
    const { signal, onProgress } = readOptions('verify', options, ['signal', 'onProgress']);
    if (onProgress !== undefined) callback('onProgress', onProgress);
    return (await transfer()).verifyStore(this.#engine, { signal: signalOf(signal), onProgress });
  }

  /**
   * The store as bytes, each collection as it is when the first bytes are read; reads and writes go on. `native` is the
   * stored form, which {@link import} brings back as it was, indexes included; `jsonl` is one document a line:
   * `{ "id", "content", "embedding", "metadata" }`. What is wrong comes as an error of the stream: `invalid_argument`,
   * `not_found`, `corrupt`, `data_loss`, `storage`.
   *
   * @example
   * import { VectorStore } from 'corsac';
   *
   * const store = await VectorStore.open('example', { storage: 'memory' });
   * const notes = await store.createCollection('notes');
   * await notes.insert({ id: 'fox', content: 'Foxes hide their food.' });
   * console.log((await new Response(store.export({ format: 'jsonl' })).text()).trim()); // {"id":"fox","content":"Foxes hide their food."}
   * const copy = await VectorStore.open('copy', { storage: 'memory' });
   * console.log((await copy.import(store.export())).documents); // 1
   * await copy.close();
   * await store.close();
   */
  export(options?: ExportOptions): ReadableStream<Uint8Array> {
    let pieces: AsyncGenerator<Uint8Array> | undefined;
    const store = this.#forTransfer();
    const given = options && { ...options };
    return new ReadableStream(
      {
        async pull(controller) {
          if (!pieces) {
            const { checkTransfer, exportPieces } = await transfer();
            pieces = exportPieces(store, checkTransfer('export', given));
          }
          const { value, done } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => void (await pieces?.return(undefined)),
      },
      { highWaterMark: 0 },
    );
  }

  /**
   * Brings in what {@link export} gave. An archive becomes the content of this store, which must have no collections,
   * and gives it its id; all of it is read and checked before one root is switched. `jsonl` adds documents to a
   * collection: every line is checked before the first is written, and of an `insert` that fails nothing stays.
   *
   * @throws {CorsacError} `invalid_argument`, `corrupt`, `unsupported_format`, `already_exists`, `not_found`, `busy`,
   *   `quota`, `storage`; the store is then what it was
   */
  async import(source: ImportSource, options?: ImportOptions): Promise<ImportReport> {
    const { checkTransfer, importStore } = await transfer();
    const report = await importStore(this.#forTransfer(), source, checkTransfer('import', options));
    (this.report as { storeId: string }).storeId = report.storeId;
    return report;
  }

  #forTransfer(): TransferStore {
    return { engine: this.#engine, collection: (name) => this.getCollection<never>(name) };
  }

  async #collection<M extends object>(
    mode: Wanted['mode'],
    name: string,
    options: CollectionOptions | undefined,
  ): Promise<Collection<M>> {
    const { embedder, given, full } = checkCollectionOptions(options);
    const engine = await this.#engine.collection({ name: checkName(name), mode, given, full });
    const known = this.#collections.get(name);
    const collection = known?.belongsTo(engine, this) ? known : new Collection<never>(engine, this, this.#engine);
    this.#collections.set(name, collection);
    const drift = embedder && collection.useEmbedder(embedder);
    if (drift) this.#events.emit('drift', { collection: name, ...drift });
    return collection as unknown as Collection<M>;
  }
}

/** Loaded when it is asked for: few pages need it. */
const transfer = () => import('./transfer.js');

/** A safety net only: a store that nobody can close any more gives its lock back at some time. */
const forgotten =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<StoreEngine>((engine) => void engine.close().catch(() => {}))
    : undefined;

function openEngine(
  name: string,
  checked: CheckedOpenOptions,
  onEvent: (event: EngineEvent) => void,
): Promise<StoreEngine> {
  const alone = (steal: boolean, tell: typeof onEvent) => {
    const how = { ...checked, place: { ...checked.place, steal } };
    return wantsWorker(how) ? openInWorker(name, how, tell) : openHere(name, how, tell);
  };
  return sharesTabs(checked) ? openShared(name, checked, alone, onEvent) : alone(false, onEvent);
}

/** Whether other tabs are let in. */
function sharesTabs({ tabs, place: { storage } }: CheckedOpenOptions): boolean {
  if (tabs !== 'auto') return tabs !== 'exclusive';
  const page = typeof window === 'object' && typeof document === 'object' && !hasNodeBuiltins();
  const canShare = typeof globalThis.navigator?.locks?.request === 'function' && typeof BroadcastChannel === 'function';
  return page && canShare && (storage === 'auto' || storage === 'indexeddb' || storage === 'opfs');
}

async function openShared(
  name: string,
  { tabs, place, engine }: CheckedOpenOptions,
  alone: (steal: boolean, onEvent: (event: EngineEvent) => void) => Promise<StoreEngine>,
  onEvent: (event: EngineEvent) => void,
): Promise<StoreEngine> {
  const [{ SharedStore }, { browserEnvironment, requireSharing }] = await Promise.all([
    import('./tabs/shared-store.js'),
    import('./tabs/environment.js'),
  ]);
  if (typeof tabs !== 'object') requireSharing();
  return SharedStore.open({
    name: `${typeof place.storage !== 'string' ? 'own' : place.storage === 'auto' ? 'indexeddb' : place.storage}/${name}`,
    environment: typeof tabs === 'object' ? tabs : browserEnvironment,
    durability: engine.durability,
    expectStoreId: engine.expectStoreId,
    openEngine: ({ steal, onEvent: tell }) => alone(steal, tell),
    onEvent,
  });
}

async function openHere(
  name: string,
  { place, wasm, engine, signal, onProgress }: CheckedOpenOptions,
  onEvent: (event: EngineEvent) => void,
): Promise<StoreEngine> {
  // A page with a worker never loads the engine.
  const { LocalStore } = await import('./engine/local-store.js');
  const home = await openPlace(name, place);
  return LocalStore.open({ home, wasm, options: engine, control: { signal, onProgress }, onEvent });
}

function relay(events: Events, event: EngineEvent): void {
  if (event.type === 'crashed') return;
  const { type, ...data } = event;
  events.emit(type, data as never);
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && name !== '' && !name.startsWith(STAGED)) return name;
  throw invalid(
    `a collection name must be a string that is not empty and does not begin with U+E000, got ${nameOf(name)}`,
  );
}
