// How do several callers wait for one run, each with a signal of its own?

/** One run of an embedder that any number of callers join. It is aborted when the last of them has given up. */
export class SharedRun {
  readonly vectors: Promise<ReadonlyMap<string, Float32Array>>;
  readonly #controller = new AbortController();
  #waiting = 0;

  constructor(start: (signal: AbortSignal) => Promise<ReadonlyMap<string, Float32Array>>) {
    this.vectors = start(this.#controller.signal);
    this.vectors.catch(() => {}); // Every caller gets the failure through join().
  }

  /** Aborts when nobody waits any more. */
  get abandoned(): AbortSignal {
    return this.#controller.signal;
  }

  /** The result, or the reason of the caller's own signal. */
  join(signal: AbortSignal | undefined): Promise<ReadonlyMap<string, Float32Array>> {
    this.#waiting += 1;
    if (!signal) return this.vectors;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(signal.reason as Error);
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#controller.abort(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.vectors.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
  }
}
