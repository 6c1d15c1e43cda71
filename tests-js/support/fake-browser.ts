/** Several tabs of one browser on one thread: locks, channels, a clock that a test moves, tabs that die and freeze. */
import type { BlobInfo, ByteStore, Durability, Op, RootSlot } from 'corsac';

import { MemoryMedium, MemoryStore } from '../../js/storage/memory.js';
import type { HeldLock, LockRequest, TabChannel, TabsEnvironment } from '../../js/tabs/environment.js';

interface Holder {
  readonly tab: FakeTab;
  readonly takeAway: () => void;
}

interface Waiting {
  readonly tab: FakeTab;
  readonly grant: () => void;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class FakeBrowser {
  readonly medium = new MemoryMedium();
  readonly #holders = new Map<string, Holder>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly channels = new Map<string, Set<{ readonly tab: FakeTab; readonly hear: (message: unknown) => void }>>();
  readonly timers = new Set<{ readonly at: number; readonly tab: FakeTab; readonly run: () => void }>();
  time = 0;

  tab(): FakeTab {
    return new FakeTab(this);
  }

  holder(name: string): FakeTab | undefined {
    return this.#holders.get(name)?.tab;
  }

  /** Moves the clock in small steps, and lets everything that follows happen. */
  async advance(ms: number): Promise<void> {
    for (const end = this.time + ms; this.time < end;) {
      this.time = Math.min(end, this.time + 250);
      for (const timer of [...this.timers]) {
        if (timer.at > this.time || timer.tab.frozen) continue;
        this.timers.delete(timer);
        if (!timer.tab.dead) timer.run();
      }
      await turn();
    }
  }

  request(tab: FakeTab, name: string, { ifAvailable, steal, signal }: LockRequest): Promise<HeldLock | undefined> {
    return new Promise((resolve) => {
      const grant = () => {
        let takeAway = () => {};
        const lost = new Promise<void>((tell) => (takeAway = () => void tab.whenAwake().then(tell)));
        const holder = { tab, takeAway };
        this.#holders.set(name, holder);
        const held = async () => this.#holders.get(name) === holder;
        resolve({ lost, held, release: async () => void ((await held()) && this.#release(name)) });
      };
      const holder = this.#holders.get(name);
      if (!holder || steal) {
        grant();
        if (holder) holder.takeAway();
      } else if (ifAvailable) resolve(undefined);
      else {
        const waiting = { tab, grant };
        const queue = this.#waiting.get(name) ?? [];
        this.#waiting.set(name, [...queue, waiting]);
        signal?.addEventListener('abort', () => {
          const rest = this.#waiting.get(name)?.filter((each) => each !== waiting) ?? [];
          this.#waiting.set(name, rest);
          resolve(undefined);
        });
      }
    });
  }

  /** What a browser does when a tab ends. */
  forget(tab: FakeTab): void {
    for (const [name, queue] of this.#waiting) {
      const rest = queue.filter((each) => each.tab !== tab);
      this.#waiting.set(name, rest);
    }
    for (const [name, holder] of [...this.#holders]) if (holder.tab === tab) this.#release(name);
    for (const listeners of this.channels.values()) {
      for (const listener of [...listeners]) if (listener.tab === tab) listeners.delete(listener);
    }
  }

  #release(name: string): void {
    this.#holders.delete(name);
    const [next, ...rest] = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, rest);
    next?.grant();
  }
}

export class FakeTab implements TabsEnvironment {
  readonly #browser: FakeBrowser;
  dead = false;
  #thaw: (() => void) | undefined;
  #awake: Promise<void> = Promise.resolve();

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
  }

  get frozen(): boolean {
    return this.#thaw !== undefined;
  }

  whenAwake = () => this.#awake;

  freeze(): void {
    if (!this.frozen) this.#awake = new Promise((resolve) => (this.#thaw = resolve));
  }

  thaw(): void {
    this.#thaw?.();
    this.#thaw = undefined;
  }

  /** Nothing of it is ever heard again. */
  kill(): void {
    this.dead = true;
    this.#awake = new Promise(() => {});
    this.#browser.forget(this);
  }

  lock = (name: string, request: LockRequest) => this.#browser.request(this, name, request);
  now = () => this.#browser.time;

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#browser.time + ms, tab: this, run };
    this.#browser.timers.add(timer);
    return () => void this.#browser.timers.delete(timer);
  }

  channel(name: string, onMessage: (message: unknown) => void): TabChannel {
    const listeners = this.#browser.channels.get(name) ?? new Set();
    this.#browser.channels.set(name, listeners);
    const own = { tab: this, hear: onMessage };
    listeners.add(own);
    return {
      post: (message) => {
        if (this.dead) return;
        const copy = structuredClone(message);
        for (const other of listeners) {
          if (other === own) continue;
          void turn()
            .then(() => other.tab.whenAwake())
            .then(() => listeners.has(other) && other.hear(structuredClone(copy)));
        }
      },
      close: () => void listeners.delete(own),
    };
  }

  /** The home of all tabs as this one reaches it: opened anew after each close, and fenced by the next opener. */
  home(): ByteStore {
    const { medium } = this.#browser;
    let inner: MemoryStore | undefined;
    const store = (): MemoryStore => {
      if (!inner) {
        medium.owner = undefined;
        inner = MemoryStore.open(medium);
      }
      return inner;
    };
    // A tab that is frozen or dead neither writes nor hears that it has written.
    const reach = async <T>(work: (home: MemoryStore) => Promise<T>): Promise<T> => {
      await turn();
      await this.#awake;
      const result = await work(store());
      await this.#awake;
      return result;
    };
    return {
      get caps() {
        return { ...MEMORY_CAPS };
      },
      apply: (ops: readonly Op[], level: Durability) => reach((home) => home.apply(ops, level)),
      read: (name: string, offset: number, length: number) => reach((home) => home.read(name, offset, length)),
      size: (name: string) => reach((home) => home.size(name)),
      list: (): Promise<BlobInfo[]> => reach((home) => home.list()),
      readRoots: (): Promise<RootSlot[]> => reach((home) => home.readRoots()),
      async close() {
        await inner?.close();
        inner = undefined;
      },
    };
  }
}

const MEMORY_CAPS = {
  kind: 'memory',
  persistent: false,
  atomicBatch: true,
  orderedWrites: true,
  fence: true,
  maxBlob: 2 ** 31,
};
