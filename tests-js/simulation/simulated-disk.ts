/** The one disk of a simulated browser: slow at times, full at times, failing, and without power. */
import type { ByteStore, Durability, Op } from 'corsac';

import { MemoryMedium, MemoryStore } from '../../js/storage/memory.js';
import type { FakeTab } from '../support/fake-browser.js';
import type { Scheduler } from './scheduler.js';

/** A fault of the disk that no store can outlive: with it a simulation must fail. */
export type PlantedBug = 'strict writes are not made durable';

interface Contents {
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  readonly roots: MemoryMedium['roots'];
}

const SLOW = 0.02;

export class SimulatedDisk {
  readonly #scheduler: Scheduler;
  readonly #bug: PlantedBug | undefined;
  readonly #medium = new MemoryMedium();
  #durable: Contents = { blobs: new Map(), roots: new Map() };
  #owner: FakeTab | undefined;
  /** In order, since the last strict batch. */
  #unsynced: Op[] = [];
  /** How likely a call fails. */
  faults = 0;
  full = false;

  constructor(scheduler: Scheduler, bug?: PlantedBug) {
    this.#scheduler = scheduler;
    this.#bug = bug;
  }

  /** The disk as one tab reaches it, opened anew after each close: taken from tabs that are dead or stand still. */
  home(tab: FakeTab): ByteStore {
    let inner: MemoryStore | undefined;
    let isNew = true;
    const awake = tab.whenAwake;
    const store = (): MemoryStore => {
      if (!inner) {
        if (this.#owner?.dead || this.#owner?.frozen) this.#medium.owner = undefined;
        inner = MemoryStore.open(this.#medium);
        this.#owner = tab;
      }
      return inner;
    };
    const reach = async <T>(label: string, work: (home: MemoryStore) => Promise<T>): Promise<T> => {
      await this.#scheduler.pause(this.#delay(), label);
      await awake();
      const result = await work(store());
      await this.#scheduler.pause(this.#scheduler.chance() * 2, `${label} done`);
      await awake();
      return result;
    };
    return {
      caps: { ...MemoryStore.open().caps, atomicBatch: false },
      apply: (ops, level) => reach('write', (home) => this.#write(home, ops, level)),
      read: (name, offset, length) => reach('read', (home) => this.#maybe(() => home.read(name, offset, length))),
      size: (name) => reach('size', (home) => home.size(name)),
      list: () => reach('list', (home) => home.list()),
      // The first thing that is read, before the core is loaded.
      readRoots: async () => {
        const roots = await reach('roots', (home) => home.readRoots());
        if (isNew) this.#scheduler.expectCore();
        isNew = false;
        return roots;
      },
      close: async () => {
        isNew = true;
        await inner?.close();
        inner = undefined;
      },
    };
  }

  /** Of what was not made durable a beginning is left, the last write of it perhaps in part. */
  losePower(): void {
    const { chance } = this.#scheduler;
    const kept = new MemoryMedium();
    this.#set(kept, this.#durable);
    const count = Math.floor(chance() * (this.#unsynced.length + 1));
    for (const op of this.#unsynced.slice(0, count)) put(kept, op);
    const torn = this.#unsynced[count];
    if (torn && 'bytes' in torn) put(kept, { ...torn, bytes: torn.bytes.slice(0, chance() * torn.bytes.length) });
    this.#set(this.#medium, kept);
    this.#medium.owner = undefined;
    this.#sync();
  }

  #delay(): number {
    const { chance } = this.#scheduler;
    return chance() < SLOW ? 500 + chance() * 2_500 : chance() * 5;
  }

  async #write(home: MemoryStore, ops: readonly Op[], level: Durability): Promise<void> {
    const { chance } = this.#scheduler;
    if (this.full && ops.some(({ op }) => op !== 'delete')) throw new DOMException('no space', 'QuotaExceededError');
    const fate = chance() < this.faults ? chance() : undefined;
    // Of a batch that fails a beginning may be there all the same, or all of it.
    const count = fate === undefined ? ops.length : Math.floor(fate * (ops.length + 1));
    for (const op of ops.slice(0, count)) {
      await home.apply([op], level);
      this.#unsynced.push('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op);
    }
    if (fate !== undefined) throw new Error('injected: the write failed');
    if (ops.length === 0) await home.apply(ops, level);
    if (level === 'strict' && this.#bug !== 'strict writes are not made durable') this.#sync();
  }

  async #maybe<T>(work: () => Promise<T>): Promise<T> {
    if (this.#scheduler.chance() < this.faults / 4) throw new Error('injected: the read failed');
    return work();
  }

  #sync(): void {
    this.#durable = { blobs: new Map(this.#medium.blobs), roots: new Map(this.#medium.roots) };
    this.#unsynced = [];
  }

  #set(medium: MemoryMedium, { blobs, roots }: Contents): void {
    medium.blobs.clear();
    medium.roots.clear();
    for (const [name, bytes] of blobs) medium.blobs.set(name, bytes);
    for (const [name, root] of roots) medium.roots.set(name, root);
  }
}

function put({ blobs, roots }: MemoryMedium, op: Op): void {
  switch (op.op) {
    case 'put':
      blobs.set(op.name, op.bytes);
      break;
    case 'append': {
      const out = new Uint8Array(op.offset + op.bytes.length);
      out.set(blobs.get(op.name)?.subarray(0, op.offset) ?? []);
      out.set(op.bytes, op.offset);
      blobs.set(op.name, out);
      break;
    }
    case 'root':
      roots.set(`${op.name}/${op.slot}`, { name: op.name, slot: op.slot, bytes: op.bytes });
      break;
    case 'delete':
      blobs.delete(op.name);
      for (const slot of [0, 1]) roots.delete(`${op.name}/${slot}`);
  }
}
