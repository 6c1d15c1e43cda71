// What does a recall cost in this collection? Measured in slices beside everything else, and kept by an operation
// in the log like any other change.
import { throwIfAborted } from '../abort.js';
import { unwrap } from '../core/outcome.js';
import type { TuneReport } from '../schema.js';
import type { Context } from './context.js';
import type { Control } from './engine.js';
import type { WriteQueue } from './write-queue.js';

const NONE = new Float32Array();

export class Calibration {
  readonly #context: Context;
  readonly #queue: WriteQueue;
  /** Throws once the collection has ended. */
  readonly #check: () => void;
  /** The core measures one sample at a time. */
  #last: Promise<void> = Promise.resolve();

  constructor(context: Context, queue: WriteQueue, check: () => void) {
    this.#context = context;
    this.#queue = queue;
    this.#check = check;
  }

  /** Measures the collection's own vectors unless that was done meanwhile. */
  async ready(): Promise<void> {
    await this.#alone(async () => {
      if (this.#context.ask((handle) => handle.needsCalibration())) await this.#measure(NONE, {});
    });
  }

  async tune(recall: number, sample: Float32Array | undefined, control: Control): Promise<TuneReport> {
    const started = performance.now();
    await this.#alone(() => this.#measure(sample ?? NONE, control));
    this.#check();
    const { ef, recall: measured, queries } = this.#context.ask((handle) => handle.target(recall));
    return { recall, efSearch: ef, measured, queries, ms: performance.now() - started };
  }

  #alone(task: () => Promise<void>): Promise<void> {
    const result = this.#last.then(() => {
      this.#check();
      return task();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #measure(sample: Float32Array, { signal, onProgress }: Control): Promise<void> {
    const context = this.#context;
    const started = performance.now();
    unwrap(context.ask((handle) => handle.beginCalibration(sample)));
    for (;;) {
      throwIfAborted(signal);
      const { finished, done, total } = context.pacer.take((budget) =>
        context.ask((handle) => handle.stepCalibration(budget)),
      );
      onProgress?.({ stage: 'tune', done, total, elapsedMs: performance.now() - started });
      if (finished) break;
      await context.pacer.pause();
      this.#check();
    }
    const operation = context.ask((handle) => handle.finishCalibration());
    await this.#queue.write(operation, 'relaxed');
  }
}
