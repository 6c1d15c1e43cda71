// How long may the core keep the thread? Work is cut into slices of about 5 ms; between two slices the event
// loop has its turn. With the piece that a slice may overshoot by, a search waits for about 8 ms at most.
const SLICE_MS = 5;

const now = () => performance.now();

/** Resolves after the event loop had a turn, without the 4 ms that browsers add to nested timers. */
export const breathe: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => void setImmediate(resolve))
    : typeof MessageChannel === 'function'
      ? () =>
          new Promise((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              port1.close();
              resolve();
            };
            port2.postMessage(undefined);
          })
      : () => new Promise((resolve) => void setTimeout(resolve, 0));

/** Learns how many units of work a slice holds, and knows when the last pause was. */
export class Pacer {
  #unitsPerMs = 2_000;
  #pausedAt = now();

  /** Runs `work` in slices until it says that it is done. */
  async run(work: (budget: number) => boolean): Promise<void> {
    while (!this.slice(work)) await this.pause();
    await this.pause();
  }

  /** One slice; true when the work is done. */
  slice(work: (budget: number) => boolean): boolean {
    const started = now();
    const budget = this.#budget(started);
    const done = work(budget);
    const ms = now() - started;
    // A slice that ended early says little; one that used its budget says what a unit costs.
    if (!done) this.#learn(budget, ms);
    else if (ms > SLICE_MS * 2) this.#unitsPerMs = Math.max(10, this.#unitsPerMs / 2);
    return done;
  }

  /** One slice of work that says itself how much of the budget it used. */
  take<T extends { readonly spent: number }>(work: (budget: number) => T): T {
    const started = now();
    const result = work(this.#budget(started));
    this.#learn(result.spent, now() - started);
    return result;
  }

  #budget(started: number): number {
    const left = Math.max(1, SLICE_MS - (started - this.#pausedAt));
    return Math.max(100, Math.floor(this.#unitsPerMs * left));
  }

  #learn(units: number, ms: number): void {
    if (ms > 0.5) this.#unitsPerMs = Math.min(1e6, Math.max(10, 0.5 * this.#unitsPerMs + (0.5 * units) / ms));
  }

  /** Whether the slice is used up: pause() would give the event loop a turn. */
  get due(): boolean {
    return now() - this.#pausedAt >= SLICE_MS;
  }

  /** Gives the event loop a turn when the slice is used up. */
  async pause(): Promise<void> {
    if (!this.due) return;
    await breathe();
    this.#pausedAt = now();
  }
}
