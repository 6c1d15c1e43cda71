// In what order do writes happen, and when is a promise kept? One group at a time passes through prepare, store,
// apply; what is called while a group is being stored forms the next one.
import { CorsacError } from '../errors.js';
import { unwrap } from '../core/outcome.js';
import { KIND_WRITE } from '../operation.js';
import type { Durability } from '../storage/byte-store.js';
import type { Context } from './context.js';
import type { CallId } from './engine.js';

const GROUP_BYTES = 256 << 10;
const FLUSH_MS = 2_000;

interface Write {
  readonly kind: 'write';
  readonly operation: Uint8Array;
  readonly call: CallId | undefined;
  readonly strict: boolean;
  readonly resolve: (affected: number) => void;
  readonly reject: (error: unknown) => void;
}

interface Task {
  readonly kind: 'task';
  /** Keeps its own promise; never rejects. */
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

type Timer = ReturnType<typeof setTimeout>;

export class WriteQueue {
  readonly #context: Context;
  readonly #jobs: (Write | Task)[] = [];
  /** One slice of background work; true while there is more. */
  readonly #background: () => Promise<boolean>;
  readonly #client = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
  #number = 0;
  #running: Promise<void> | undefined;
  #ended: CorsacError | undefined;
  #unflushed = 0;
  #timer: Timer | undefined;

  /** `recovered`: there is what an earlier session wrote and may not have flushed. */
  constructor(context: Context, recovered: boolean, background: () => Promise<boolean>) {
    this.#context = context;
    this.#background = background;
    if (recovered) this.#unflushed = 1;
  }

  /** How many documents the operation wrote or removed. */
  write(operation: Uint8Array, level: Durability | undefined, call?: CallId): Promise<number> {
    return new Promise((resolve, reject) => {
      const strict = (level ?? this.#context.options.durability) === 'strict';
      this.#add({ kind: 'write', operation, call, strict, resolve, reject });
    });
  }

  /** Runs `task` between two groups, alone. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#add({ kind: 'task', run: () => task().then(resolve, reject), reject });
    });
  }

  /** Commits now. Only inside a task. */
  commit(operation: Uint8Array, level: Durability | undefined, call?: CallId): Promise<number> {
    return new Promise((resolve, reject) => {
      const strict = (level ?? this.#context.options.durability) === 'strict';
      this.#commit([{ kind: 'write', operation, call, strict, resolve, reject }]).catch(reject);
    });
  }

  /** Makes everything so far durable. Only inside a task. */
  async flush(): Promise<void> {
    if (this.#unflushed === 0) return;
    const covered = this.#unflushed;
    await this.#context.storeReported(this.#context.ask((handle) => handle.flush()));
    this.#unflushed -= covered;
    if (this.#unflushed === 0) this.#stopTimer();
  }

  /** Has the background looked after. */
  wake(): void {
    if (this.#ended) return;
    // Only a core that crashed, or a defect, ends the loop: then nothing may stay pending.
    this.#running ??= this.#run().catch((error: CorsacError) => this.end(error));
  }

  /** Refuses everything from now on; what waits is rejected. */
  end(error: CorsacError): void {
    this.#ended = error;
    this.#stopTimer();
    for (const job of this.#jobs.splice(0)) job.reject(error);
  }

  #add(job: Write | Task): void {
    if (this.#ended) return job.reject(this.#ended);
    this.#jobs.push(job);
    this.wake();
  }

  async #run(): Promise<void> {
    // Calls made in the same turn of the event loop share a group.
    await Promise.resolve();
    for (let more = true; more && !this.#ended;) {
      await this.#next();
      const background = !this.#ended && (await this.#background());
      more = this.#jobs.length > 0 || background;
    }
    this.#running = undefined;
    if (this.#jobs.length > 0) this.wake();
  }

  async #next(): Promise<void> {
    const job = this.#jobs.shift();
    if (!job) return;
    if (job.kind === 'task') return job.run();
    const group = [job];
    for (let bytes = job.operation.length; this.#jobs[0]?.kind === 'write';) {
      bytes += this.#jobs[0].operation.length;
      if (bytes > GROUP_BYTES) break;
      group.push(this.#jobs.shift() as Write);
    }
    await this.#commit(group).catch((error: unknown) => group.forEach(({ reject }) => reject(error)));
  }

  async #commit(group: readonly Write[], isSecond = false): Promise<void> {
    const context = this.#context;
    const accepted = group.filter((write) => this.#prepare(write));
    if (accepted.length === 0) return;
    // Validating and framing a large write take milliseconds each.
    await context.pacer.pause();
    const strict = accepted.some((write) => write.strict);
    const batch = context.ask((handle) => handle.takeGroup(strict));
    try {
      await context.store(batch);
    } catch (error) {
      context.ask((handle) => handle.groupFailed());
      // What frees space goes through while anything can be given up for it.
      const frees = !isSecond && accepted.every(({ operation }) => operation[0] !== KIND_WRITE);
      if (frees && (error as CorsacError).code === 'quota' && (await context.ballast.release().catch(() => false))) {
        return this.#commit(accepted, true);
      }
      context.report(error as CorsacError);
      for (const { reject } of accepted) reject(error);
      return;
    }
    context.ask((handle) => handle.groupStored(strict));
    await context.pacer.run((budget) => {
      context.version++;
      return context.ask((handle) => handle.apply(budget));
    });
    const affected = context.ask((handle) => handle.affected());
    accepted.forEach(({ resolve }, i) => resolve(affected[i] ?? 0));
    const documents = affected.reduce((sum, each) => sum + each, 0);
    if (documents > 0) context.emit({ type: 'change', collection: context.name, documents });
    await this.#written(accepted.length, strict);
  }

  /** Whether the operation can be applied after those before it; rejects it when not. */
  #prepare(write: Write): boolean {
    const { operation, reject } = write;
    const { client, number } = write.call ?? { client: this.#client, number: ++this.#number };
    try {
      // What frees memory is never refused for want of it.
      if (operation[0] === KIND_WRITE) this.#context.admit(operation.length);
      const fresh = unwrap(this.#context.ask((handle) => handle.prepare(operation, client, number)));
      if (!fresh) this.#repeated(write).catch(reject);
      return fresh;
    } catch (error) {
      reject(error);
      return false;
    }
  }

  /** It was sent before, to a writer that did not live to answer. What a remove removed then is not known any more. */
  async #repeated({ operation, strict, resolve }: Write): Promise<void> {
    if (strict) await this.flush();
    const at = operation.byteOffset + (operation[0] === KIND_WRITE ? 2 : 1);
    resolve(new DataView(operation.buffer).getUint32(at, true));
  }

  async #written(operations: number, strict: boolean): Promise<void> {
    if (strict) {
      this.#unflushed = 0;
      return this.#stopTimer();
    }
    this.#unflushed += operations;
    this.#armTimer();
    if (this.#unflushed >= this.#context.options.flushEvery) {
      await this.flush().catch((error: CorsacError) => this.#context.report(error));
    }
  }

  #armTimer(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#flushInBackground(), FLUSH_MS);
    // Node: an open store does not keep the process alive by itself.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #flushInBackground(): void {
    this.#timer = undefined;
    if (this.#ended) return;
    this.alone(() => this.flush()).catch((error: CorsacError) => {
      this.#context.report(error);
      if (!this.#ended) this.#armTimer();
    });
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
