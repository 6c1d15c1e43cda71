// One store in many tabs: the tab that holds a lock has the engine, the others ask it over a channel. When it closes,
// crashes or stops answering the next one opens the store, and what waits is asked again under the same numbers, so that
// nothing is lost or done twice.
import { reasonOf } from '../abort.js';
import type { CollectionEngine, Control, EngineEvent, EngineReport, StoreEngine, Wanted } from '../engine/engine.js';
import { CorsacError } from '../errors.js';
import type { ArchiveLimits } from '../engine/archive.js';
import type { JobKind, JobStep } from '../engine/jobs.js';
import type { StoreStats } from '../schema.js';
import type { Durability } from '../storage/byte-store.js';
import { CONTROL, errorOf, eventMessage, eventOf, reportOf, type EngineReportMessage } from '../worker/protocol.js';
import type { HeldLock, TabChannel, TabsEnvironment } from './environment.js';
import { Leading } from './leading.js';
import { type Answered, infoOf, keyOf, type InfoMessage, type TabMessage } from './messages.js';
import { SharedCollection } from './shared-collection.js';

const PING_MS = 2_000;
/** A leader that was silent for so long is replaced; a little later in some tabs, so that not all do it at once. */
const SILENCE_MS = 10_000;
/** Nobody answers a call any more. */
const GIVE_UP_MS = 45_000;
/** A tab that stood still for so long may have lost the lock without being told. */
const STALL_MS = 5_000;
/** The leader before may take so long to let its files go. */
const PATIENCE_MS = 5_000;
/** An opener that meets a store opened as `exclusive` is told soon. */
const FIRST_PATIENCE_MS = 500;

export interface SharedStoreInput {
  readonly name: string;
  readonly environment: TabsEnvironment;
  readonly durability: Durability;
  readonly expectStoreId: string | undefined;
  /** Opens the store itself. `steal`: from a tab that does not answer. */
  openEngine(how: { readonly steal: boolean; readonly onEvent: (event: EngineEvent) => void }): Promise<StoreEngine>;
  onEvent(event: EngineEvent): void;
}

/** Methods whose last argument is a Control. */
const CONTROLLED = new Set(['compact', 'checkpoint', 'tune', 'reindex', 'train', 'stepJob']);

interface Call {
  readonly id: number;
  readonly collection: string | undefined;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly control: Control;
  readonly since: number;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: () => void;
}

export class SharedStore implements StoreEngine {
  readonly #input: SharedStoreInput;
  readonly #environment: TabsEnvironment;
  readonly #channel: TabChannel;
  readonly #lockName: string;
  readonly #id = crypto.getRandomValues(new Uint32Array(4)).join('-');
  readonly #patience = SILENCE_MS * (1 + Math.random() / 4);
  readonly #calls = new Map<number, Call>();
  readonly #collections = new Map<string, SharedCollection>();
  #lastCall = 0;
  #report!: EngineReport;
  #leading: Leading | undefined;
  #lock: HeldLock | undefined;
  #leader: string | undefined;
  #heardAt: number;
  #tickAt: number;
  #stopWatch: (() => void) | undefined;
  #queued: AbortController | undefined;
  #ended: CorsacError | undefined;

  private constructor(input: SharedStoreInput) {
    this.#input = input;
    this.#environment = input.environment;
    this.#lockName = `corsac/tabs/${input.name}`;
    this.#heardAt = this.#tickAt = input.environment.now();
    this.#channel = input.environment.channel(this.#lockName, (message) => this.#receive(message as TabMessage));
  }

  /** Opens the store here, or through the tab that has it open. @throws {CorsacError} as opening it; `busy`, `data_loss` */
  static async open(input: SharedStoreInput): Promise<SharedStore> {
    const store = new SharedStore(input);
    store.#watch();
    try {
      const lock = await input.environment.lock(store.#lockName, { ifAvailable: true });
      if (lock) await store.#lead(lock, false, true);
      else {
        store.#queue();
        const { collections, ...report } = (await store.#ask<EngineReportMessage>('report', [])) as EngineReportMessage;
        store.#report = { ...report, collections: collections.map(([name, how]) => [name, reportOf(how)] as const) };
      }
      const { storeId } = store.#report;
      const { expectStoreId } = input;
      if (expectStoreId !== undefined && expectStoreId !== storeId) {
        throw new CorsacError('data_loss', `expected the store ${expectStoreId}, found ${storeId}`);
      }
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get report(): EngineReport {
    return this.#report;
  }

  async collection(wanted: Wanted): Promise<CollectionEngine> {
    const info = infoOf((await this.#ask<InfoMessage>('collection', [wanted])) as InfoMessage);
    const known = this.#collections.get(info.name);
    if (known && known.info.options === info.options) return known;
    const fresh = new SharedCollection(info, this.#input.durability, (method, args, control) =>
      this.#call(keyOf(info), method, args, control),
    );
    this.#collections.set(info.name, fresh);
    return fresh;
  }

  names = () => this.#ask<string[]>('names', []);
  unload = (name: string) => this.#ask<void>('unload', [name]);
  remove = (name: string) => this.#ask<void>('remove', [name]);
  replace = (name: string, by: string, version: number) => this.#ask<boolean>('replace', [name, by, version]);
  flushAll = () => this.#ask<void>('flushAll', []);
  stats = () => this.#ask<StoreStats>('stats', []);
  startJob = (kind: JobKind, limits: ArchiveLimits) => this.#ask<number>('startJob', [kind, limits]);
  stepJob = (job: number, bytes: Uint8Array | undefined, control: Control) =>
    this.#ask<JobStep>('stepJob', [job, bytes?.slice()], control);
  endJob = (job: number) => this.#ask<void>('endJob', [job]);

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = new CorsacError('closed', 'the store is closed');
    this.#stopWatch?.();
    this.#queued?.abort();
    const leading = this.#leading;
    const lock = this.#lock;
    this.#leading = this.#lock = undefined;
    leading?.end();
    try {
      // What was called before is finished here where that is possible.
      await leading?.engine.close();
    } finally {
      this.#channel.post({ type: 'bye', from: this.#id } satisfies TabMessage);
      this.#channel.close();
      await lock?.release();
      for (const call of [...this.#calls.values()]) this.#settle(call, () => call.reject(this.#ended));
    }
  }

  abandon(): void {
    this.#leading?.engine.abandon();
    void this.close();
  }

  // ---- calls ----------------------------------------------------------------------------------

  async #ask<T>(method: string, args: readonly unknown[], control?: Control): Promise<T> {
    return (await this.#call(undefined, method, args, control)).value as T;
  }

  #call(
    collection: string | undefined,
    method: string,
    args: readonly unknown[],
    control: Control = {},
  ): Promise<Answered> {
    const { signal } = control;
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal?.aborted) return Promise.reject(reasonOf(signal));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastCall;
      const abort = () => this.#channel.post({ type: 'abort', from: this.#id, id } satisfies TabMessage);
      signal?.addEventListener('abort', abort, { once: true });
      const stopListening = () => signal?.removeEventListener('abort', abort);
      const all = CONTROLLED.has(method) ? [...args, CONTROL] : args;
      const since = this.#environment.now();
      const call = { id, collection, method, args: all, control, since, resolve, reject, stopListening };
      this.#calls.set(id, call);
      this.#dispatch(call);
    });
  }

  #dispatch(call: Call): void {
    if (this.#leading) return void this.#execute(this.#leading, call);
    const { id, collection, method, args } = call;
    this.#channel.post({ type: 'call', from: this.#id, id, collection, method, args } satisfies TabMessage);
  }

  /** Here. What fails because this tab leads no more is asked again of the one that does. */
  async #execute(leading: Leading, call: Call): Promise<void> {
    try {
      await this.#checkStall();
      if (leading !== this.#leading) return; // it was sent when the lead was lost
      // The engine may give the bytes away to its worker, and they may be needed again.
      const args = call.args.map((arg) => (arg instanceof Uint8Array ? arg.slice() : arg));
      const answered = await leading.execute({ ...call, args }, call.control);
      this.#settle(call, () => call.resolve(answered));
    } catch (error) {
      if (leading !== this.#leading && !this.#ended) return;
      if ((error as CorsacError).code === 'locked') return this.#stepDown();
      const { signal } = call.control;
      this.#settle(call, () => call.reject(signal?.aborted ? reasonOf(signal) : error));
    }
  }

  #settle(call: Call, how: () => void): void {
    if (!this.#calls.delete(call.id)) return;
    call.stopListening();
    how();
  }

  #receive(message: TabMessage): void {
    if (this.#ended) return;
    if ('leader' in message) return this.#fromLeader(message);
    if (message.type === 'ping') {
      if (this.#lock) this.#channel.post({ type: 'alive', leader: this.#id } satisfies TabMessage);
    } else if (message.type === 'bye') this.#leading?.forget(message.from);
    else if (message.type === 'abort') this.#leading?.abort(message.from, message.id);
    else if (this.#leading) {
      const leading = this.#leading;
      void this.#checkStall().then(() => (leading === this.#leading ? leading.serve(message) : undefined));
    }
  }

  #fromLeader(message: Extract<TabMessage, { leader: string }>): void {
    // An answer of a tab that led before this one may be out of date.
    const current = message.type === 'leader' || message.type === 'alive' || message.leader === this.#leader;
    if (!current && this.#leader !== undefined) return;
    this.#heardAt = this.#environment.now();
    if (message.type === 'alive') return;
    // A tab that opens the store tells of it before it leads: what waits is sent to it when it does.
    if (message.type === 'event') return this.#input.onEvent(eventOf(message.event));
    const changed = this.#leader !== message.leader;
    this.#leader = message.leader;
    if (message.type === 'leader') {
      if (changed) for (const call of this.#calls.values()) this.#dispatch(call);
      return;
    }
    const call = message.to === this.#id ? this.#calls.get(message.id) : undefined;
    if (!call) return;
    if (message.type === 'progress') return call.control.onProgress?.(message.progress);
    const { error, value } = message;
    const { signal } = call.control;
    if (error) this.#settle(call, () => call.reject(signal?.aborted ? reasonOf(signal) : errorOf(error)));
    else this.#settle(call, () => call.resolve(value as Answered));
  }

  // ---- the lead -------------------------------------------------------------------------------

  /** Waits for the lock behind the others. */
  #queue(): void {
    const queued = (this.#queued = new AbortController());
    const request = this.#environment.lock(this.#lockName, { signal: queued.signal });
    request
      .then((lock) => {
        if (!lock) return undefined;
        return queued.signal.aborted || this.#ended ? lock.release() : this.#lead(lock, false);
      })
      .catch((error: unknown) => this.#cannotLead(error));
  }

  async #steal(): Promise<void> {
    this.#queued?.abort();
    this.#heardAt = this.#environment.now();
    try {
      const lock = await this.#environment.lock(this.#lockName, { steal: true });
      if (lock && this.#ended) await lock.release();
      else if (lock) await this.#lead(lock, true);
    } catch (error) {
      this.#cannotLead(error);
    }
  }

  async #lead(lock: HeldLock, steal: boolean, first = false): Promise<void> {
    this.#lock = lock;
    void lock.lost.then(() => this.#lock === lock && this.#stepDown());
    this.#channel.post({ type: 'alive', leader: this.#id } satisfies TabMessage);
    try {
      const engine = await this.#openEngine(steal, first ? FIRST_PATIENCE_MS : PATIENCE_MS);
      if (this.#lock !== lock || this.#ended) return engine.abandon();
      this.#report = engine.report;
      this.#tickAt = this.#environment.now();
      const post = (message: TabMessage) => this.#ended || this.#channel.post(message);
      this.#leading = new Leading(engine, this.#id, post, () => this.#stepDown());
      this.#leader = this.#id;
      this.#channel.post({ type: 'leader', leader: this.#id } satisfies TabMessage);
      this.#input.onEvent({ type: 'leader', leading: true });
      for (const call of this.#calls.values()) this.#dispatch(call);
    } catch (error) {
      if (this.#lock === lock) this.#lock = undefined;
      await lock.release();
      throw error;
    }
  }

  async #openEngine(steal: boolean, patienceMs: number): Promise<StoreEngine> {
    const environment = this.#environment;
    const onEvent = (event: EngineEvent) => this.#onEngineEvent(event);
    for (const until = environment.now() + patienceMs; ;) {
      try {
        return await this.#input.openEngine({ steal, onEvent });
      } catch (error) {
        if ((error as CorsacError).code !== 'locked' || environment.now() > until || this.#ended) throw error;
        await new Promise<void>((resolve) => void environment.after(100, resolve));
      }
    }
  }

  /** Somebody else may; whoever waits here learns why. */
  #cannotLead(error: unknown): void {
    if (this.#ended) return;
    for (const call of [...this.#calls.values()]) this.#settle(call, () => call.reject(error));
    this.#environment.after(1_000, () => this.#ended || this.#lock || this.#queue());
  }

  #onEngineEvent(event: EngineEvent): void {
    this.#input.onEvent(event);
    if (event.type === 'crashed') this.#stepDown();
    else if (!this.#ended) {
      this.#channel.post({ type: 'event', leader: this.#id, event: eventMessage(event) } satisfies TabMessage);
    }
  }

  /** Leads no more: another tab has the lock, or the engine is gone. */
  #stepDown(): void {
    const leading = this.#leading;
    const lock = this.#lock;
    if (!lock && !leading) return;
    this.#leading = this.#lock = undefined;
    this.#leader = undefined;
    this.#heardAt = this.#environment.now();
    leading?.end();
    leading?.engine.abandon();
    void lock?.release().catch(() => {});
    if (this.#ended) return;
    if (leading) this.#input.onEvent({ type: 'leader', leading: false });
    this.#queue();
    for (const call of this.#calls.values()) this.#dispatch(call);
  }

  /** A page that was frozen must not answer from a store that another tab has taken over. */
  async #checkStall(): Promise<void> {
    const { now } = this.#environment;
    if (now() - this.#tickAt < STALL_MS) return;
    if (this.#lock && !(await this.#lock.held())) this.#stepDown();
    this.#tickAt = now();
  }

  #watch(): void {
    this.#stopWatch = this.#environment.after(PING_MS, () => {
      const now = this.#environment.now();
      void this.#checkStall().then(() => (this.#tickAt = this.#environment.now()));
      if (!this.#lock && this.#calls.size > 0) {
        for (const call of [...this.#calls.values()]) {
          if (now - Math.max(call.since, this.#heardAt) > GIVE_UP_MS) this.#settle(call, () => call.reject(silent()));
        }
        if (now - Math.max(this.#heardAt, this.#oldest()) > this.#patience) void this.#steal();
        else this.#channel.post({ type: 'ping', from: this.#id } satisfies TabMessage);
      }
      if (!this.#ended) this.#watch();
    });
  }

  /** When the call that waits longest was made. */
  #oldest(): number {
    for (const { since } of this.#calls.values()) return since;
    return this.#environment.now();
  }
}

const silent = () =>
  new CorsacError('busy', 'the tab that has the store open does not answer, and its files cannot be taken over', {
    hint: 'close the other tabs of this site',
  });
