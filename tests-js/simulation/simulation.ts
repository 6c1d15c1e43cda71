/**
 * A store, three tabs, changes of the leader and faults under one seed: tabs that die, freeze and close, a disk that
 * is slow, full and failing, a power failure. What every tab was told must have one order per document, no call may
 * hang, and what is left must be whole.
 */
import { type CorsacError, VectorStore, type Collection } from 'corsac';

import { FakeBrowser } from '../support/fake-browser.js';
import { isLinearizable, type Operation } from '../support/linearizable.js';
import { Scheduler } from './scheduler.js';
import { type PlantedBug, SimulatedDisk } from './simulated-disk.js';
import { SimulatedTab } from './simulated-tab.js';

const TABS = 3;
const STEPS = 70;
const IDS = ['a', 'b', 'c', 'd'];
/** Of simulated time: longer than any patience in the code. */
const LIMIT_MS = 180_000;

interface Page {
  readonly tab: SimulatedTab;
  readonly store: VectorStore;
  readonly notes: Collection;
}

export interface SimulationReport {
  readonly seed: number;
  /** The same number for the same order of events. */
  readonly trace: number;
  readonly calls: number;
  readonly errors: number;
  readonly deaths: number;
  readonly powerFailures: number;
}

/** @throws {Error} that says what does not hold */
export async function simulate(seed: number, bug?: PlantedBug): Promise<SimulationReport> {
  await (loaded ??= load());
  const world = new World(seed, bug);
  const giveBack = world.scheduler.install();
  try {
    return await world.run();
  } catch (error) {
    throw new Error(`seed ${seed}${bug ? ` with "${bug}"` : ''}: ${(error as Error).message}`, { cause: error });
  } finally {
    giveBack();
  }
}

/** What is imported and compiled once is so before, at the platform's own pace. */
async function load(): Promise<void> {
  const browser = new FakeBrowser();
  const tab = browser.tab();
  const store = await VectorStore.open('loaded', { storage: tab.home(), tabs: tab });
  await (await store.createCollection('notes', { dimension: 2 })).upsert({ id: 'a', content: 'a', embedding: [1, 1] });
  await store.verify();
  await store.close();
}
let loaded: Promise<void> | undefined;

class World {
  readonly scheduler: Scheduler;
  readonly #seed: number;
  readonly #browser = new FakeBrowser();
  readonly #disk: SimulatedDisk;
  readonly #pages: (Page | undefined)[] = [];
  readonly #histories = new Map<string, Operation[]>(IDS.map((id) => [id, []]));
  /** Calls by the tab that made them. */
  readonly #waiting = new Map<SimulatedTab, Set<string>>();
  /** Whether the power may fail; then every write is strict, else none of its acknowledgements would count. */
  readonly #powerFails: boolean;
  #clock = 0;
  readonly #counts = { calls: 0, errors: 0, deaths: 0, powerFailures: 0 };

  constructor(seed: number, bug: PlantedBug | undefined) {
    this.#seed = seed;
    this.scheduler = new Scheduler(seed);
    this.#disk = new SimulatedDisk(this.scheduler, bug);
    this.#powerFails = this.scheduler.chance() < 0.5;
  }

  async run(): Promise<SimulationReport> {
    for (let i = 0; i < TABS; i++) await this.#replace(i);
    this.#disk.faults = this.scheduler.pick([0, 0.01, 0.05]);
    for (let step = 0; step < STEPS; step++) {
      await this.#step(step);
      await this.scheduler.advance(this.scheduler.pick([0, 5, 50, 500]));
    }
    await this.#settle();
    await this.#judge();
    return { seed: this.#seed, trace: this.scheduler.trace, ...this.#counts };
  }

  // ---- what happens -----------------------------------------------------------------------------

  async #step(step: number): Promise<void> {
    const { chance } = this.scheduler;
    const dice = chance();
    const at = Math.floor(chance() * TABS);
    const page = this.#pages[at];
    if (!page) return this.#replace(at);
    if (dice < 0.8) return this.#use(page, step, dice / 0.8);
    if (dice < 0.86) return this.#lifecycle(page);
    if (dice < 0.9) {
      void page.store.close().catch(() => {});
      return this.#replace(at);
    }
    if (dice < 0.935) {
      this.#kill(page);
      return this.#replace(at);
    }
    if (dice < 0.965) return this.#powerFails ? this.#failPower() : undefined;
    this.#disk.full = dice < 0.98;
  }

  #use({ tab, notes }: Page, step: number, dice: number): void {
    const id = this.scheduler.pick(IDS);
    const value = `v${step}`;
    const document = { id, content: `word${step}`, metadata: { value }, embedding: [step, 1] };
    if (dice < 0.4) this.#record(tab, id, 'write', value, async () => void (await notes.upsert(document)));
    else if (dice < 0.5) this.#record(tab, id, 'write', undefined, async () => void (await notes.delete(id)));
    else if (dice < 0.9) {
      this.#record(tab, id, 'read', undefined, async () => (await notes.get(id))?.metadata?.['value'] as string);
    } else if (dice < 0.95) this.#track(tab, 'checkpoint', notes.checkpoint());
    else if (dice < 0.97) this.#track(tab, 'compact', notes.compact());
    else this.#track(tab, 'search', notes.searchText(`word${step}`));
  }

  async #lifecycle({ tab }: Page): Promise<void> {
    tab.freeze();
    await this.scheduler.advance(this.scheduler.chance() * 30_000);
    tab.thaw();
  }

  #kill({ tab }: Page): void {
    this.#counts.deaths++;
    tab.kill();
    this.#waiting.delete(tab);
  }

  async #failPower(): Promise<void> {
    this.#counts.powerFailures++;
    for (const page of this.#pages) if (page) this.#kill(page);
    this.#disk.losePower();
    for (let i = 0; i < TABS; i++) await this.#replace(i);
  }

  /** A new tab in the place of one that is gone; a disk that fails may prevent it for now. */
  async #replace(at: number): Promise<void> {
    this.#pages[at] = undefined;
    const tab = new SimulatedTab(this.#browser, this.scheduler, this.#disk);
    const opening = this.#open(tab);
    let settled = false;
    opening.finally(() => (settled = true)).catch(() => {});
    if (!(await this.scheduler.until(() => settled, LIMIT_MS))) {
      throw new Error('opening a store hangs');
    }
    this.#pages[at] = await opening.catch((error: unknown) => {
      this.#countError(error);
      tab.kill();
      return undefined;
    });
  }

  async #open(tab: SimulatedTab): Promise<Page> {
    const durability = this.#powerFails ? 'strict' : 'relaxed';
    const store = await VectorStore.open('simulated', { storage: tab.home(), tabs: tab, durability });
    const options = { dimension: 2, checkpoint: undefined };
    const { outcome, error } = store.report.collections['notes'] ?? {};
    if (outcome === 'failed') throw new Broken(`the collection cannot be opened: ${error?.message}`);
    const notes = (await store.getOrCreateCollection('notes', { dimension: options.dimension })) as Collection;
    return { tab, store, notes };
  }

  // ---- what is remembered -----------------------------------------------------------------------

  #record(
    tab: SimulatedTab,
    id: string,
    kind: Operation['kind'],
    value: string | undefined,
    work: () => Promise<string | undefined>,
  ): void {
    // Of a call that failed, or whose tab died, nobody knows what became of it.
    const operation = { start: this.#clock++, end: Infinity, kind, value };
    this.#histories.get(id)!.push(operation);
    const done = work().then((seen) => {
      if (tab.dead) return;
      Object.assign(operation, { end: this.#clock++, ...(kind === 'read' && { value: seen }) });
    });
    this.#track(tab, `${kind} ${id} ${value ?? ''}`, done);
  }

  #track(tab: SimulatedTab, label: string, call: Promise<unknown>): void {
    const waiting = this.#waiting.get(tab) ?? new Set();
    this.#waiting.set(tab, waiting);
    const name = `${label} #${this.#counts.calls++}`;
    waiting.add(name);
    call.catch((error: unknown) => this.#countError(error)).finally(() => waiting.delete(name));
  }

  #countError(error: unknown): void {
    this.#counts.errors++;
    // The disk is made of sources, the store of the package: each has a class of errors of its own.
    const { name, code } = error as CorsacError;
    if (name !== 'CorsacError' || DAMAGE.includes(code)) this.#broken ??= error as Error;
  }
  #broken: Error | undefined;

  // ---- what must hold ---------------------------------------------------------------------------

  /** The faults end, and then every call of a living tab does. */
  async #settle(): Promise<void> {
    this.#disk.faults = 0;
    this.#disk.full = false;
    const pending = () => [...this.#waiting.values()].flatMap((each) => [...each]);
    if (!(await this.scheduler.until(() => pending().length === 0, LIMIT_MS))) {
      throw new Error(`calls hang: ${pending().join(', ')}`);
    }
    if (this.#broken) throw this.#broken;
  }

  async #judge(): Promise<void> {
    for (const page of this.#pages) if (page) await this.#within(page.store.close());
    const page = await this.#last();
    for (const id of IDS) {
      this.#record(page.tab, id, 'read', undefined, async () => {
        const found = await page.notes.get(id);
        const hits = found ? (await page.notes.searchText(found.content!)).hits : [];
        if (found && hits[0]?.id !== id) throw new Broken(`"${found.content}" is stored and not found`);
        return found?.metadata?.['value'] as string;
      });
    }
    await this.#settle();
    const { ok } = await this.#within(page.store.verify());
    if (!ok) throw new Error('verify() found damage');
    for (const [id, operations] of this.#histories) {
      if (!isLinearizable(operations)) throw new Error(`no order explains what was seen of ${id}: ${said(operations)}`);
    }
    await this.#within(page.store.close());
  }

  /** A tab that was closed while it took over may hold the disk for a moment. */
  async #last(): Promise<Page> {
    for (let i = 0; i < 5; i++) {
      await this.#replace(0);
      if (this.#broken) throw this.#broken;
      if (this.#pages[0]) return this.#pages[0];
      await this.scheduler.advance(5_000);
    }
    throw new Error('the store cannot be opened at the end');
  }

  async #within<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    work.finally(() => (settled = true)).catch(() => {});
    if (!(await this.scheduler.until(() => settled, LIMIT_MS))) throw new Error('a call hangs at the end');
    return work;
  }
}

const DAMAGE = ['corrupt', 'data_loss', 'unsupported_format', 'internal', 'crashed'];

class Broken extends Error {}

const said = (operations: readonly Operation[]): string =>
  operations.map(({ start, end, kind, value }) => `${kind} ${value ?? '-'} [${start}, ${end}]`).join('; ');
