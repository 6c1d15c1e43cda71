/**
 * One seeded order of everything that happens: timers, delays of a disk and of messages, chance itself. While it is
 * installed the code under test has no clock, no timer and no randomness but this one's. What is left to the platform
 * is how long it takes to load a core, which is waited for.
 */
import { random } from '../support/stores.js';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly label: string;
  readonly run: () => void;
}

const LOOK_MS = 0.4;
/** In so many turns of the real event loop a promise of the platform that needs no waiting is kept. */
const TURNS = 4;
/** After which no core is loaded: the store that asked was closed meanwhile. */
const CORE_TURNS = 100;

const realTurn = setImmediate;
const turn = () => new Promise<void>((resolve) => void realTurn(resolve));

export class Scheduler {
  readonly #events = new Set<Event>();
  readonly chance: () => number;
  /** Milliseconds. */
  time = 0;
  #order = 0;
  /** How often the code looked at the clock since the last event: it goes on a little each time. */
  #looks = 0;
  /** Chance of the code itself, apart from that of the world. */
  readonly #own: () => number;
  /** Work that the platform does at its own pace, and that is waited for. */
  #foreign = 0;
  /** A core is about to be instantiated: so many turns are given to what comes before it. */
  #patience = 0;
  #trace = 0;

  constructor(seed: number) {
    this.chance = random(seed);
    this.#own = random(~seed);
  }

  /** A number that is the same exactly when everything happened in the same order at the same times. */
  get trace(): number {
    return this.#trace;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.chance() * items.length)]!;
  }

  /** Runs later, after what is due at the same time already. The returned function prevents it. */
  after(ms: number, label: string, run: () => void): () => void {
    const event = { at: this.time + Math.max(0, ms), order: this.#order++, label, run };
    this.#events.add(event);
    return () => void this.#events.delete(event);
  }

  pause = (ms: number, label: string) => new Promise<void>((resolve) => void this.after(ms, label, resolve));

  /** Lets so much time pass. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    while (await this.#next(end));
    this.time = end;
  }

  /** Lets time pass until `done`; false when that takes longer than `limitMs`. */
  async until(done: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.time + limitMs;
    await this.#quiet();
    while (!done()) if (!(await this.#next(end))) return false;
    return true;
  }

  async #next(end: number): Promise<boolean> {
    await this.#quiet();
    let first: Event | undefined;
    for (const event of this.#events) {
      if (!first || event.at < first.at || (event.at === first.at && event.order < first.order)) first = event;
    }
    if (!first || first.at > end) return false;
    this.#events.delete(first);
    this.time = first.at;
    this.#looks = 0;
    for (const sign of `${first.label}@${first.at}`)
      this.#trace = (Math.imul(this.#trace, 31) + sign.charCodeAt(0)) | 0;
    first.run();
    await this.#quiet();
    return true;
  }

  /** Until nothing happens any more by itself. */
  async #quiet(): Promise<void> {
    do {
      for (let i = 0; i < TURNS; i++) await turn();
    } while (this.#foreign > 0 || this.#patience-- > 0);
    this.#patience = 0;
  }

  /** Nothing else happens before the core that is being loaded is there. */
  expectCore(): void {
    this.#patience = CORE_TURNS;
  }

  /** Takes the place of clock, timers and chance; the returned function gives them back. */
  install(): () => void {
    const handles = new Map<number, () => void>();
    let last = 0;
    const timer = (ms: number, label: string, run: () => void) => {
      const id = ++last;
      handles.set(id, this.after(ms, label, run));
      return id;
    };
    const cancel = (id: unknown) => handles.get(Number(id))?.();
    const bytes = <T extends ArrayBufferView>(view: T): T => {
      const out = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      for (let i = 0; i < out.length; i++) out[i] = this.#own() * 256;
      return view;
    };
    const instantiate = WebAssembly.instantiate as (...args: unknown[]) => Promise<unknown>;
    const awaited = (...args: unknown[]) => {
      this.#foreign++;
      this.#patience = 0;
      return instantiate(...args).finally(() => void this.#foreign--);
    };
    const replaced: [object, string, unknown][] = [
      [performance, 'now', () => this.time + LOOK_MS * this.#looks++],
      [globalThis, 'setTimeout', (run: () => void, ms = 0) => timer(ms, 'timeout', run)],
      [globalThis, 'clearTimeout', cancel],
      [globalThis, 'setImmediate', (run: () => void) => timer(this.chance(), 'turn', run)],
      [Math, 'random', this.#own],
      [crypto, 'getRandomValues', bytes],
      [WebAssembly, 'instantiate', awaited],
    ];
    const before = replaced.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
    for (const [target, name, value] of replaced) {
      Object.defineProperty(target, name, { value, configurable: true, writable: true });
    }
    return () =>
      replaced.forEach(([target, name], i) => {
        if (before[i]) Object.defineProperty(target, name, before[i]);
        else delete (target as Record<string, unknown>)[name];
      });
  }
}
