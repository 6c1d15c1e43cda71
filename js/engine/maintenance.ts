// Who builds the new form while the old one serves? Compaction, the move of an automatic index and what was asked for
// (rebuild.ts), in slices between writes; only the switch at the end runs alone.
import { throwIfAborted } from '../abort.js';
import { CorsacError } from '../errors.js';
import { unwrap } from '../core/outcome.js';
import { encodeMaintain } from '../operation.js';
import type { CoreCollection } from '../core/module.js';
import type { Checkpointer } from './checkpointer.js';
import type { Context } from './context.js';
import type { Control } from './engine.js';
import type { RangeReader } from './range-reader.js';
import type { WriteQueue } from './write-queue.js';

const COMPACTION = 1;
const MIGRATION = 2;
export const REBUILD = 3;
/** After background work failed it is tried again no sooner than this. */
const RETRY_MS = 60_000;

export interface Task {
  /** The core's number, for the log. */
  readonly what: number;
  readonly stage: string;
  /** Starts it in the core; what it throws changed nothing. */
  readonly begin: (handle: CoreCollection) => void;
  readonly control: Control;
}

const own = (what: number, control: Control): Task => ({
  what,
  stage: 'compact',
  begin: (handle) => handle.beginMaintenance(what),
  control,
});

interface Request extends Task {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Maintenance {
  readonly #context: Context;
  readonly #ranges: RangeReader;
  readonly #checkpointer: Checkpointer;
  readonly #waiting: Request[] = [];
  #serving: Request | undefined;
  #what = 0;
  #startedAt = 0;
  #retryAt = 0;
  #queue: WriteQueue | undefined;

  constructor(context: Context, ranges: RangeReader, checkpointer: Checkpointer) {
    this.#context = context;
    this.#ranges = ranges;
    this.#checkpointer = checkpointer;
  }

  attach(queue: WriteQueue): void {
    this.#queue = queue;
  }

  /** Resolves when a compaction that was started after this call is done. */
  compact(control: Control): Promise<void> {
    return this.run(own(COMPACTION, control));
  }

  /** Resolves when what was started after this call is done. */
  run(task: Task): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...task, resolve, reject });
      this.#queue!.wake();
    });
  }

  /** One slice of what is due or was asked for; true while there is more. */
  async turn(): Promise<boolean> {
    try {
      if (this.#what === 0 && !(await this.#begin())) return false;
      await this.#step();
    } catch (error) {
      this.#fail(error);
    }
    await this.#context.pacer.pause();
    return this.#what !== 0 || this.#waiting.length > 0;
  }

  /** Gives up what is under way; its requests are rejected. */
  end(error: CorsacError): void {
    this.#abandon();
    for (const { reject } of [...(this.#serving ? [this.#serving] : []), ...this.#waiting.splice(0)]) reject(error);
    this.#serving = undefined;
  }

  async #begin(): Promise<boolean> {
    const request = this.#waiting.shift();
    const due = performance.now() < this.#retryAt ? 0 : this.#context.ask((handle) => handle.due());
    const task = request ?? own(due, {});
    if (task.what === 0) return false;
    this.#serving = request;
    this.#startedAt = performance.now();
    this.#context.ask((handle) => task.begin(handle));
    this.#what = task.what;
    await this.#queue!.commit(encodeMaintain(this.#what, 'begin'), 'relaxed');
    return true;
  }

  async #step(): Promise<void> {
    const { signal, onProgress } = this.#serving?.control ?? {};
    throwIfAborted(signal);
    const context = this.#context;
    const step = context.pacer.take((budget) => context.ask((handle) => handle.stepMaintenance(budget)));
    if (step.failed) unwrap(step.failed);
    await this.#ranges.supplyBlocks(step.blocks);
    if (step.originals.length > 0) {
      const rows = await this.#ranges.originals(step.originals);
      unwrap(context.ask((handle) => handle.supplyOriginals(step.originals, rows)));
    }
    const elapsedMs = performance.now() - this.#startedAt;
    onProgress?.({ stage: this.#serving!.stage, done: step.done, total: step.total, elapsedMs });
    if (step.finished) await this.#finish();
  }

  /** The switch, and the checkpoint that makes it last: until then the old form is what is on disk. */
  async #finish(): Promise<void> {
    const context = this.#context;
    await context.gate.alone(async () => {
      await this.#queue!.commit(encodeMaintain(this.#what, 'finish'), 'relaxed');
      context.ask((handle) => handle.finishMaintenance());
      context.version++;
      if (this.#what !== MIGRATION) context.renumbered++;
      this.#what = 0;
    });
    await this.#checkpointer.run();
    this.#serving?.resolve();
    this.#serving = undefined;
  }

  #fail(error: unknown): void {
    this.#abandon();
    if (this.#serving) {
      this.#serving.reject(error);
    } else {
      this.#retryAt = performance.now() + RETRY_MS;
      if (error instanceof CorsacError) this.#context.report(error);
    }
    this.#serving = undefined;
  }

  #abandon(): void {
    if (this.#what !== 0 && !this.#context.core.crashed) this.#context.ask((handle) => handle.abandonMaintenance());
    this.#what = 0;
  }
}
