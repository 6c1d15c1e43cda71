import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { VectorStore, type Collection, type StoreEvents } from 'corsac';

import { FakeBrowser, type FakeTab } from '../support/fake-browser.js';
import { isLinearizable, type Operation } from '../support/linearizable.js';
import { random } from '../support/stores.js';

interface Page {
  readonly tab: FakeTab;
  readonly store: VectorStore;
  readonly notes: Collection;
}

const open = async (tab: FakeTab) => VectorStore.open('test', { storage: tab.home(), tabs: tab });

async function page(browser: FakeBrowser): Promise<Page> {
  const tab = browser.tab();
  const store = await open(tab);
  onTestFinished(async () => {
    if (!tab.dead && !tab.frozen) await store.close();
  });
  return { tab, store, notes: await store.getOrCreateCollection('notes') };
}

const document = (id: string, value = id) => ({ id, content: value, metadata: { value } });

/** Moves the clock until `promise` settles. */
async function settled<T>(browser: FakeBrowser, promise: Promise<T>, limitMs = 120_000): Promise<T> {
  let done = false;
  void promise.then(
    () => (done = true),
    () => (done = true),
  );
  for (let ms = 0; !done && ms < limitMs; ms += 500) await browser.advance(500);
  if (!done) throw new Error(`pending after ${limitMs} ms of the browser's time`);
  return promise;
}

describe('a shared store', () => {
  test('is one store in every tab', async () => {
    const browser = new FakeBrowser();
    const pages = [await page(browser), await page(browser), await page(browser)];
    const changes: StoreEvents['change'][] = [];
    pages[2]!.store.on('change', (event) => changes.push(event));
    await pages[1]!.notes.insert(document('fox'));
    await pages[0]!.notes.insertMany([document('bear'), document('owl')]);
    for (const { store, notes } of pages) {
      expect(await notes.count()).toBe(3);
      expect((await notes.searchText('fox')).hits[0]).toMatchObject({ id: 'fox', metadata: { value: 'fox' } });
      expect(await store.collections()).toEqual(['notes']);
      expect(store.report.storeId).toBe(pages[0]!.store.report.storeId);
      expect((await store.verify()).ok).toBe(true);
    }
    await expect(pages[2]!.notes.insert(document('fox'))).rejects.toMatchObject({ code: 'already_exists' });
    expect(await pages[2]!.notes.delete(['owl', 'none'])).toBe(1);
    expect(changes.map(({ documents }) => documents)).toEqual([1, 2, 1]);
    const copy = await VectorStore.open('copy', { storage: 'memory' });
    await copy.import(pages[1]!.store.export());
    expect(await (await copy.getCollection('notes')).count()).toBe(2);
    await copy.close();
  });

  test('goes on in the next tab when the leading one closes, and says so', async () => {
    const browser = new FakeBrowser();
    const [first, second] = [await page(browser), await page(browser)];
    const led: boolean[] = [];
    second.store.on('leader', ({ leading }) => led.push(leading));
    const writes = Array.from({ length: 100 }, (_, i) => second.notes.insert(document(`d${i}`)));
    await first.store.close();
    await settled(browser, Promise.all(writes));
    expect(led).toEqual([true]);
    expect(await second.notes.count()).toBe(100);
    await expect(first.notes.count()).rejects.toMatchObject({ code: 'closed' });
  });

  test('loses and doubles nothing when the leading tab dies amid writes', async () => {
    for (let turns = 0; turns < 40; turns += 3) {
      const browser = new FakeBrowser();
      const [first, second] = [await page(browser), await page(browser)];
      const writes = Array.from({ length: 60 }, (_, i) => second.notes.insert(document(`d${i}`)));
      const removed = writes[7]!.then(() => second.notes.delete('d7'));
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      first.tab.kill();
      await settled(browser, Promise.all(writes));
      await settled(browser, removed);
      expect(await second.notes.count(), `killed after ${turns} turns`).toBe(59);
      await second.store.close();
    }
  });

  test('is taken over from a leading tab that is frozen, which follows when it wakes', async () => {
    const browser = new FakeBrowser();
    const [first, second] = [await page(browser), await page(browser)];
    const led: boolean[] = [];
    first.store.on('leader', ({ leading }) => led.push(leading));
    await second.notes.insert(document('a'));
    first.tab.freeze();
    const late = first.notes.insert(document('from the frozen tab'));
    await settled(browser, second.notes.insert(document('b')), 30_000);
    first.tab.thaw();
    await settled(browser, late);
    expect(led.filter((leading) => !leading)).toEqual([false]); // That it led at first may be heard late.
    expect(led.at(-1)).toBe(false);
    expect(await settled(browser, first.notes.count())).toBe(3);
    expect(await settled(browser, second.notes.count())).toBe(3);
  });

  test('leaves no call pending when nobody can answer', async () => {
    const browser = new FakeBrowser();
    const [first, second] = [await page(browser), await page(browser)];
    first.tab.freeze();
    second.tab.home = () => first.tab.home();
    const stuck = second.notes.count();
    const third = browser.tab();
    third.lock = async (_name, { ifAvailable }) => (ifAvailable ? undefined : new Promise(() => {}));
    const opening = VectorStore.open('test', { storage: first.tab.home(), tabs: third });
    await settled(browser, Promise.allSettled([stuck, opening]));
    expect(await stuck).toBe(0);
    await opening.then((store) => store.close());
  });

  test('is refused where tabs cannot share', async () => {
    vi.stubGlobal('navigator', {});
    try {
      const alone = VectorStore.open('test', { storage: 'memory', tabs: 'shared' });
      await expect(alone).rejects.toMatchObject({ code: 'unsupported_environment' });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('has one order of events per document, whatever tabs do and suffer', async () => {
    for (let seed = 1; seed <= 8; seed++) await history(seed);
  });
});

/** Five tabs under random operations, deaths, freezes and closes; every document must have one order of events. */
async function history(seed: number): Promise<void> {
  const next = random(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const browser = new FakeBrowser();
  let pages: Page[] = [];
  for (let i = 0; i < 5; i++) pages.push(await page(browser));
  const histories = new Map<string, Operation[]>(['a', 'b', 'c'].map((id) => [id, []]));
  const waiting: Promise<unknown>[] = [];
  let clock = 0;
  const run = (
    id: string,
    kind: Operation['kind'],
    value: string | undefined,
    work: () => Promise<string | undefined>,
  ) => {
    // Of a tab that dies nobody knows what became of its calls.
    const operation = { start: clock++, end: Infinity, kind, value };
    histories.get(id)!.push(operation);
    const done = work().then(
      (seen) => Object.assign(operation, { end: clock++, ...(kind === 'read' && { value: seen }) }),
      () => undefined,
    );
    waiting.push(done);
  };
  for (let step = 0; step < 120; step++) {
    const dice = next();
    const { notes, store, tab } = pick(pages);
    const id = pick(['a', 'b', 'c']);
    if (dice < 0.45) run(id, 'write', `v${step}`, async () => void (await notes.upsert(document(id, `v${step}`))));
    else if (dice < 0.55) run(id, 'write', undefined, async () => void (await notes.delete(id)));
    else if (dice < 0.9) run(id, 'read', undefined, async () => (await notes.get(id))?.metadata?.['value'] as string);
    else if (dice < 0.93) {
      void store.close().catch(() => {});
      pages = [...pages.filter((each) => each.tab !== tab), await settled(browser, page(browser))];
    } else if (dice < 0.96) {
      tab.kill();
      pages = [...pages.filter((each) => each.tab !== tab), await settled(browser, page(browser))];
    } else {
      tab.freeze();
      await browser.advance(Math.floor(next() * 30_000));
      tab.thaw();
    }
    if (next() < 0.4) await browser.advance(250);
  }
  await Promise.race([Promise.allSettled(waiting), browser.advance(90_000)]);
  for (const [id, operations] of histories) {
    expect(isLinearizable(operations), `seed ${seed}, document ${id}`).toBe(true);
  }
  expect(await settled(browser, pages[0]!.notes.count())).toBeLessThanOrEqual(3);
}
