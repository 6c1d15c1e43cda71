/** A tab of a fake browser whose clock, messages and disk follow the scheduler. */
import type { ByteStore } from 'corsac';

import type { TabChannel } from '../../js/tabs/environment.js';
import { FakeTab, type FakeBrowser } from '../support/fake-browser.js';
import type { Scheduler } from './scheduler.js';
import type { SimulatedDisk } from './simulated-disk.js';

type Listener = { readonly tab: FakeTab; readonly hear: (message: unknown) => void };

export class SimulatedTab extends FakeTab {
  readonly #browser: FakeBrowser;
  readonly #scheduler: Scheduler;
  readonly #disk: SimulatedDisk;

  constructor(browser: FakeBrowser, scheduler: Scheduler, disk: SimulatedDisk) {
    super(browser);
    this.#browser = browser;
    this.#scheduler = scheduler;
    this.#disk = disk;
  }

  override now = () => this.#scheduler.time;

  override after(ms: number, run: () => void): () => void {
    let cancelled = false;
    const cancel = this.#scheduler.after(ms, 'timer', () => {
      void this.whenAwake().then(() => cancelled || this.dead || run());
    });
    return () => {
      cancelled = true;
      cancel();
    };
  }

  /** Messages between two tabs keep their order, each pair its own pace. */
  override channel(name: string, onMessage: (message: unknown) => void): TabChannel {
    const listeners: Set<Listener> = this.#browser.channels.get(name) ?? new Set();
    this.#browser.channels.set(name, listeners);
    const own: Listener = { tab: this, hear: onMessage };
    listeners.add(own);
    const lines = new Map<Listener, Promise<void>>();
    const deliver = async (to: Listener, before: Promise<void> | undefined, message: unknown, delay: number) => {
      await this.#scheduler.pause(delay, 'message');
      await before;
      await to.tab.whenAwake();
      if (listeners.has(to)) to.hear(message);
    };
    return {
      post: (message) => {
        if (this.dead) return;
        for (const to of listeners) {
          if (to === own) continue;
          lines.set(to, deliver(to, lines.get(to), structuredClone(message), this.#scheduler.chance() * 20));
        }
      },
      close: () => void listeners.delete(own),
    };
  }

  override home(): ByteStore {
    return this.#disk.home(this);
  }
}
