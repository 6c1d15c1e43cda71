// `reembed`: the vectors of another embedder, made beside the old ones while the collection is in use.
import { expect, onTestFinished, test } from 'vitest';

import { VectorStore, type Collection, type Embedder } from 'corsac';

import { FailingHome } from './support/failing-home.js';
import { FakeBrowser } from './support/fake-browser.js';
import { Letters } from './support/letters.js';
import { folder, memoryStore } from './support/stores.js';

const words = ['abba', 'cab', 'dad', 'fee', 'gala', 'hay', 'lab', 'man', 'nap', 'oats'];
const documents = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    id: `d${from + i}`,
    content: `${words[(from + i) % 10]} ${'z'.repeat((from + i) % 7)}`,
    metadata: { i: from + i },
  }));

const other = () => new Letters({ fingerprint: 'letters-2', dimension: 30 });

async function filled(store: VectorStore, embedder: Embedder, count = 300): Promise<Collection<{ i: number }>> {
  const collection = await store.createCollection<{ i: number }>('c', { embedder, index: { kind: 'flat' } });
  await collection.insertMany(documents(0, count));
  return collection;
}

/** Embeds as the other does, and calls `before` each time. */
class Watched extends Letters {
  before: () => Promise<void> = async () => {};

  override async embed(texts: any, options?: any): Promise<any> {
    await this.before();
    return super.embed(texts, options);
  }
}

test('every vector is made anew while searches and writes go on', async () => {
  const store = await memoryStore();
  const first = new Letters();
  const collection = await filled(store, first);
  await collection.insert({ id: 'bare', metadata: { i: -1 } });
  const embedder = new Watched({ fingerprint: 'letters-2', dimension: 30 });
  let next = 300;
  embedder.before = async () => {
    expect((await collection.search('abba', { k: 1 })).hits).toHaveLength(1);
    expect((await collection.searchText('cab', { k: 3 })).hits).toHaveLength(3);
    if (next >= 306) return;
    await collection.insertMany(documents(next, ++next));
    await collection.delete(`d${next - 300}`);
    await collection.upsert({ id: `d${next - 290}`, content: 'quiz', metadata: { i: 1 } });
    expect(await store.collections()).toEqual(['c']);
  };
  const progress: number[] = [];
  await collection.reembed(embedder, { batchSize: 50, onProgress: ({ stage, done }) => progress.push(done) && stage });
  embedder.before = async () => {};
  expect(next).toBe(306);
  expect(progress.length).toBeGreaterThan(5);
  expect(collection.dimension).toBe(30);
  expect(await collection.count()).toBe(301);
  expect(await collection.has('d1')).toBe(false);
  expect((await collection.get('d11'))!.content).toBe('quiz');
  const { hits } = await collection.searchVector((await new Letters({ dimension: 30 }).embed(['quiz']))[0]!, { k: 6 });
  expect(hits.map(({ content }) => content)).toEqual(Array(6).fill('quiz'));
  expect((await collection.get('d20', { include: ['embedding'] }))!.embedding).toHaveLength(30);
  await collection.insert({ id: 'late', content: 'jujube', metadata: { i: 0 } });
  expect((await collection.search('jujube')).hits[0]!.id).toBe('late');
  expect(await store.getCollection('c')).toBe(collection);
  expect(await store.collections()).toEqual(['c']);
  expect(Object.keys((await store.stats()).collections)).toEqual(['c']);
  const { documents: listed } = await collection.list({ limit: 3, include: ['metadata'] });
  expect(listed.map(({ id }) => id)).toEqual(['d0', 'd7', 'd8']);
});

test('a collection that was opened with another embedder is usable again', async () => {
  const place = { storage: folder() };
  let store = await VectorStore.open('drift', place);
  await filled(store, new Letters());
  await store.close();

  store = await VectorStore.open('drift', place);
  const drifted = await store.getCollection('c', { embedder: other() });
  await expect(drifted.search('abba')).rejects.toMatchObject({ code: 'drift' });
  await drifted.reembed(other());
  expect((await drifted.search('abba')).hits[0]!.content).toMatch(/^abba/);
  await store.close();

  store = await VectorStore.open('drift', place);
  expect(Object.keys(store.report.collections)).toEqual(['c']);
  const again = await store.getCollection('c', { embedder: other() });
  expect((await again.search('gala')).how.mode).toBe('hybrid');
  await expect((await store.getCollection('c', { embedder: new Letters() })).search('abba')).rejects.toMatchObject({
    code: 'drift',
  });
  expect((await store.verify()).ok).toBe(true);
  await store.close();
});

test('what was made stays made when it is aborted, fails, or the process dies', async () => {
  const home = new FailingHome();
  const store = await VectorStore.open('resume', { storage: home });
  const collection = await filled(store, new Letters());
  const abort = new AbortController();
  const interrupted = new Watched({ fingerprint: 'letters-2', dimension: 30 });
  interrupted.before = async () => void (interrupted.calls.length === 2 && abort.abort());
  await expect(collection.reembed(interrupted, { batchSize: 50, signal: abort.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  const failing = new Watched({ fingerprint: 'letters-2', dimension: 30 });
  failing.before = async () => void (failing.calls.length === 1 && (failing.failure = new Error('no model')));
  await expect(collection.reembed(failing, { batchSize: 50 })).rejects.toMatchObject({ code: 'model' });
  expect(collection.dimension).toBe(26);
  expect((await collection.search('abba')).hits[0]!.content).toMatch(/^abba/);

  // The home of a process that died: the store is not closed.
  const second = await VectorStore.open('resume', { storage: home });
  expect(await second.collections()).toEqual(['c']);
  expect(Object.keys(second.report.collections)).toEqual(['c']);
  const resumed = await second.getCollection('c');
  const embedder = other();
  await resumed.reembed(embedder, { batchSize: 50 });
  const embedded = embedder.calls.reduce((sum, { texts }) => sum + texts.length, 0);
  expect(embedded).toBeLessThanOrEqual(200);
  expect(embedded).toBeGreaterThanOrEqual(100);
  expect((await resumed.search('abba')).hits[0]!.content).toMatch(/^abba/);
  // Nothing of the old one is left.
  const units = new Set((await home.list()).map(({ name }) => name.split('/')[0]));
  expect(units.size).toBe(1);
  await second.close();
});

test('a third embedder starts anew, and a deleted collection leaves nothing', async () => {
  const home = new FailingHome();
  const store = await VectorStore.open('anew', { storage: home });
  onTestFinished(() => store.close());
  const collection = await filled(store, new Letters(), 50);
  const failing = new Watched({ fingerprint: 'letters-2', dimension: 30 });
  failing.before = async () => void (failing.calls.length === 1 && (failing.failure = new Error('no model')));
  await expect(collection.reembed(failing, { batchSize: 20 })).rejects.toMatchObject({ code: 'model' });
  const third = new Letters({ fingerprint: 'letters-3', dimension: 26 });
  await collection.reembed(third, { batchSize: 20 });
  expect(third.calls.reduce((sum, { texts }) => sum + texts.length, 0)).toBe(50);
  failing.failure = undefined;
  failing.calls.length = 0;
  await expect(collection.reembed(failing, { batchSize: 20 })).rejects.toMatchObject({ code: 'model' });
  await store.deleteCollection('c');
  expect((await home.list()).filter(({ name }) => /^\d/.test(name))).toEqual([]);
});

test('what cannot be embedded anew is refused, and nothing changes', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 2, index: { kind: 'flat' } });
  await collection.insert({ id: 'pair', embedding: [1, 2] });
  await expect(collection.reembed(other())).rejects.toThrow('"pair" has a vector and no content');
  await expect(collection.reembed({} as never)).rejects.toThrow(/embedder must have/);
  await expect(collection.reembed(other(), { batchSize: 0 })).rejects.toThrow(/batchSize must be .* got 0/);
  expect((await collection.searchVector([1, 2])).hits[0]!.id).toBe('pair');
  const texts = await store.createCollection('texts', { index: false });
  await expect(texts.reembed(other())).rejects.toThrow('the collection has no vectors');
  await expect(store.createCollection('\ue000c')).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('another tab is told, and never mixes the vectors of two embedders', async () => {
  const browser = new FakeBrowser();
  const tabs = [browser.tab(), browser.tab()];
  const stores: VectorStore[] = [];
  for (const tab of tabs) stores.push(await VectorStore.open('test', { storage: tab.home(), tabs: tab }));
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const first = await filled(stores[0]!, new Letters(), 60);
  const second = await stores[1]!.getCollection('c', { embedder: new Letters() });
  await second.reembed(other(), { batchSize: 20 });
  expect((await second.search('abba')).hits[0]!.content).toMatch(/^abba/);
  await expect(first.insert({ id: 'x', content: 'old', metadata: { i: 0 } })).rejects.toMatchObject({ code: 'drift' });
  await expect(first.search('abba')).rejects.toMatchObject({ code: 'drift' });
  const again = await stores[0]!.getCollection<{ i: number }>('c', { embedder: other() });
  await again.insert({ id: 'x', content: 'new', metadata: { i: 0 } });
  expect(await second.count()).toBe(61);
  expect((await second.search('new')).hits[0]!.id).toBe('x');
});
