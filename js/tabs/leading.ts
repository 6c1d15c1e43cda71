// The tab that leads: it has the engine, and answers its own calls and those of all other tabs.
import type { CollectionEngine, Control, StoreEngine, Wanted } from '../engine/engine.js';
import { CorsacError } from '../errors.js';
import type { Progress } from '../schema.js';
import { CONTROL, errorData, reportMessage } from '../worker/protocol.js';
import { COLLECTION_METHODS, STORE_METHODS } from '../worker/methods.js';
import { type Answered, type CallMessage, infoMessage, keyOf, type TabMessage } from './messages.js';

export type Asked = Pick<CallMessage, 'collection' | 'method' | 'args'>;

export class Leading {
  readonly engine: StoreEngine;
  readonly #id: string;
  readonly #post: (message: TabMessage) => void;
  readonly #onFenced: () => void;
  /** By name; `key` says which embedder it has. */
  readonly #collections = new Map<string, Promise<{ readonly engine: CollectionEngine; readonly key: string }>>();
  /** Calls of other tabs: one that is sent again is answered once. */
  readonly #seen = new Map<string, Set<number>>();
  readonly #aborts = new Map<string, AbortController>();
  /** Jobs by the tab that began them. */
  readonly #jobs = new Map<string, Set<number>>();
  #ended = false;

  /** `onFenced`: another writer took over. */
  constructor(engine: StoreEngine, id: string, post: (message: TabMessage) => void, onFenced: () => void) {
    this.engine = engine;
    this.#onFenced = onFenced;
    this.#id = id;
    this.#post = post;
  }

  /** Answers a call, of this tab or another. */
  async execute({ collection, method, args }: Asked, control: Control): Promise<Answered> {
    const given = args.map((arg) => (arg === CONTROL ? control : arg));
    if (collection === undefined) return { value: await this.#ofStore(method, given), needsCheckpoint: false };
    if (!(COLLECTION_METHODS as readonly string[]).includes(method)) throw new Error(`no ${method} of a collection`);
    const name = collection.slice(0, collection.indexOf('/'));
    for (let attempt = 1; ; attempt++) {
      const { engine, key } = await this.#collection(name);
      if (key !== collection)
        throw new CorsacError('drift', `the collection "${name}" was embedded anew: get it again, with its embedder`);
      try {
        const run = (engine as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[method]!;
        const value = await run.apply(engine, given);
        return { value, needsCheckpoint: wantsCheckpoint(engine) };
      } catch (error) {
        // Another tab may have unloaded it: then it is opened again.
        if (this.#ended || attempt > 1 || (error as CorsacError).code !== 'closed') throw error;
        this.#collections.delete(name);
      }
    }
  }

  async serve(call: CallMessage): Promise<void> {
    const { from, id } = call;
    const seen = this.#seen.get(from) ?? new Set();
    this.#seen.set(from, seen);
    if (seen.has(id)) return;
    seen.add(id);
    const abort = new AbortController();
    const key = `${from}/${id}`;
    this.#aborts.set(key, abort);
    const progress = (each: Progress) =>
      this.#post({ type: 'progress', leader: this.#id, to: from, id, progress: each });
    try {
      const value = await this.execute(call, { signal: abort.signal, onProgress: progress });
      if (call.method === 'startJob') this.#jobsOf(from).add(value.value as number);
      if (!this.#ended) this.#post({ type: 'answer', leader: this.#id, to: from, id, value });
    } catch (error) {
      const { code } = error as CorsacError;
      if (code === 'locked') this.#onFenced();
      // The next leader is asked again.
      if (!this.#ended && code !== 'locked')
        this.#post({ type: 'answer', leader: this.#id, to: from, id, error: errorData(error) });
    } finally {
      this.#aborts.delete(key);
    }
  }

  abort(from: string, id: number): void {
    this.#aborts.get(`${from}/${id}`)?.abort();
  }

  /** A tab has closed the store. */
  forget(from: string): void {
    this.#seen.delete(from);
    for (const job of this.#jobsOf(from)) void this.engine.endJob(job).catch(() => {});
    this.#jobs.delete(from);
  }

  /** Answers nothing more. */
  end(): void {
    this.#ended = true;
  }

  #jobsOf(from: string): Set<number> {
    const jobs = this.#jobs.get(from) ?? new Set();
    this.#jobs.set(from, jobs);
    return jobs;
  }

  async #ofStore(method: string, args: readonly unknown[]): Promise<unknown> {
    if (method === 'report') {
      const { collections, ...report } = this.engine.report;
      return { ...report, collections: collections.map(([name, how]) => [name, reportMessage(how)] as const) };
    }
    if (method === 'collection') {
      const engine = await this.engine.collection(args[0] as Wanted);
      const { info } = engine;
      this.#collections.set(info.name, Promise.resolve({ engine, key: keyOf(info) }));
      return infoMessage(info);
    }
    if (method === 'close' || !(STORE_METHODS as readonly string[]).includes(method)) throw new Error(`no ${method}`);
    if (method === 'unload' || method === 'remove' || method === 'replace') this.#collections.delete(args[0] as string);
    return (this.engine as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[method]!(...args);
  }

  #collection(name: string) {
    const known = this.#collections.get(name);
    if (known) return known;
    const opening = this.engine
      .collection({ name, mode: 'get', given: '', full: '' })
      .then((engine) => ({ engine, key: keyOf(engine.info) }));
    this.#collections.set(name, opening);
    opening.catch(() => this.#collections.delete(name));
    return opening;
  }
}

function wantsCheckpoint(engine: CollectionEngine): boolean {
  try {
    return engine.needsCheckpoint;
  } catch {
    return false;
  }
}
