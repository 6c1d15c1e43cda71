// `reindex` and `train`: another index, and codes that learn anew, while the collection is in use.
import { expect, test } from 'vitest';

import { VectorStore, type Collection, type IndexOptions, type Progress } from 'corsac';

import { FailingHome } from './support/failing-home.js';
import { folder, memoryStore, vectors } from './support/stores.js';

const DIMENSION = 16;
const COUNT = 1500;
const base = vectors(COUNT + 300, DIMENSION, 5);
const PQ: IndexOptions = { kind: 'flat', codec: { pq: { subvectors: 8, iterations: 4 } }, rerank: 'none' };

const documents = (from: number, to: number) =>
  base.slice(from, to).map((embedding, i) => ({ id: `d${from + i}`, content: `word${(from + i) % 7}`, embedding }));

async function filled(store: VectorStore, index: IndexOptions, count = COUNT): Promise<Collection> {
  const collection = await store.createCollection('c', { dimension: DIMENSION, index });
  await collection.insertMany(documents(0, count));
  return collection;
}

const nearest = async (collection: Collection, i: number, k = 1) =>
  (await collection.searchVector(base[i]!, { k, include: [] })).hits.map(({ id }) => id);

test('reindex makes another index while searches and writes go on', async () => {
  const store = await memoryStore();
  const collection = await filled(store, { kind: 'flat' });
  const seen: Progress[] = [];
  const indexes = new Set<string>();
  let ended = false;
  const reindexing = collection
    .reindex({ kind: 'hnsw', codec: 'sq8' }, { onProgress: (progress) => seen.push(progress) })
    .finally(() => (ended = true));
  let next = COUNT;
  while (!ended) {
    expect(await nearest(collection, 777)).toEqual(['d777']);
    expect((await collection.searchText('word3', { k: 2 })).hits).toHaveLength(2);
    indexes.add((await collection.stats()).index);
    if (next < COUNT + 300) await collection.insertMany(documents(next, ++next));
    await collection.delete(`d${next - COUNT}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await reindexing;
  expect(indexes).toContain('flat f32');
  expect((await collection.stats()).index).toBe('hnsw sq8');
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.at(-1)).toMatchObject({ stage: 'reindex', done: seen.at(-1)!.total });
  expect(await nearest(collection, next - 1)).toEqual([`d${next - 1}`]);
  expect(await collection.has('d1')).toBe(false);
  expect((await collection.searchVector(base[1]!, { k: 5, include: [] })).hits.map(({ id }) => id)).not.toContain('d1');
});

test('a collection opens with the index that it was given last', async () => {
  const place = { storage: folder() };
  let store = await VectorStore.open('reindex', place);
  const collection = await filled(store, { kind: 'flat' });
  await collection.reindex({ kind: 'hnsw', codec: 'sq4', m: 12 });
  const before = await nearest(collection, 9, 10);
  await collection.insertMany(documents(COUNT, COUNT + 10));
  await store.close();

  store = await VectorStore.open('reindex', place);
  const again = await store.getOrCreateCollection('c', { index: { kind: 'hnsw', codec: 'sq4', m: 12 } });
  expect((await again.stats()).index).toBe('hnsw sq4');
  expect(await nearest(again, 9, 10)).toEqual(before);
  expect(await nearest(again, COUNT + 5)).toEqual([`d${COUNT + 5}`]);
  await expect(store.getOrCreateCollection('c', { index: { kind: 'flat' } })).rejects.toThrow(
    /index.kind is "hnsw" in the stored collection, asked for "flat"/,
  );
  expect((await store.verify()).ok).toBe(true);
  await again.reindex({ kind: 'auto' });
  await store.close();

  store = await VectorStore.open('reindex', place);
  const automatic = await store.getOrCreateCollection('c', { index: { kind: 'auto' } });
  expect((await automatic.stats()).index).toBe('flat f32');
  await store.close();
});

test('what a crash cut short leaves the old index and every document', async () => {
  const home = new FailingHome();
  const first = await VectorStore.open('crash', { storage: home });
  const collection = await filled(first, { kind: 'flat' });
  const checkpointed = home.batches.length;
  const reindexing = collection.reindex({ kind: 'hnsw' }).catch(() => 'cut short');
  await collection.insertMany(documents(COUNT, COUNT + 20));
  // The last thing that a home sees of a process that dies: everything from some batch on is lost.
  home.failure = new Error('the process is gone');
  home.failing = (ops) => ops.some(({ op }) => op === 'root');
  await reindexing;
  expect(home.batches.length).toBeGreaterThan(checkpointed);
  home.failure = undefined;

  const second = await VectorStore.open('crash', { storage: home });
  const recovered = await second.getOrCreateCollection('c', { index: { kind: 'flat' } });
  expect((await recovered.stats()).index).toBe('flat f32');
  expect(await recovered.count()).toBe(COUNT + 20);
  expect(await nearest(recovered, COUNT + 7)).toEqual([`d${COUNT + 7}`]);
  await recovered.reindex({ kind: 'hnsw' });
  expect((await recovered.stats()).index).toBe('hnsw f32');
  await second.close();
});

test('reindex and train can be aborted, and everything is as it was', async () => {
  const store = await memoryStore();
  const collection = await filled(store, PQ, 900);
  for (const work of [
    (options: object) => collection.reindex({ kind: 'hnsw' }, options),
    (options: object) => collection.train(options),
  ]) {
    const abort = new AbortController();
    const working = work({ signal: abort.signal, onProgress: () => abort.abort() });
    await expect(working).rejects.toMatchObject({ name: 'AbortError' });
    expect((await collection.stats()).index).toBe('flat pq');
    expect(await nearest(collection, 5)).toEqual(['d5']);
  }
});

test('train teaches codes from a sample or from their own vectors, the same every time', async () => {
  const codes: number[] = [];
  for (const sample of [undefined, base.slice(0, 400)]) {
    const scores: number[][] = [];
    for (let round = 0; round < 2; round++) {
      const place = { storage: folder() };
      const store = await VectorStore.open('train', place);
      const collection = await filled(store, PQ, 600);
      const stages = new Set<string>();
      const report = await collection.train({ sample, onProgress: ({ stage }) => stages.add(stage) });
      expect(report.vectors).toBe(sample?.length ?? 600);
      expect(stages).toEqual(new Set(['train']));
      codes.push((await collection.stats()).bytes.codes);
      await collection.insertMany(documents(600, 700));
      await store.close();
      const reopened = await VectorStore.open('train', place);
      const { hits } = await (await reopened.getCollection('c')).searchVector(base[3]!, { k: 20, include: [] });
      scores.push(hits.map(({ score }) => score));
      await reopened.close();
    }
    expect(scores[0]).toEqual(scores[1]);
  }
  // Eight bytes a vector and the centroids, where there were vectors.
  expect(new Set(codes)).toEqual(new Set([600 * 8 + 256 * DIMENSION * 4]));
});

test('what cannot be is refused with the value that is wrong', async () => {
  const store = await memoryStore();
  const collection = await filled(store, { kind: 'flat', codec: 'sq8' }, 20);
  await expect(collection.train()).rejects.toThrow('the codec "sq8" learns nothing: there is nothing to train');
  await expect(collection.train({ sample: [[1, 2]] })).rejects.toMatchObject({ code: 'dimension_mismatch' });
  await expect(collection.reindex({ kind: 'hnsw', m: 3 })).rejects.toThrow(/index\.m must be .* 4 to 64, got 3/);
  await expect(collection.reindex({ kind: 'tree' } as never)).rejects.toThrow(/index.kind .*"tree"/);
  await expect(collection.reindex(false as never)).rejects.toThrow(/index must be an object, got false/);
  await expect(collection.reindex({ kind: 'flat' }, { speed: 1 } as never)).rejects.toThrow(/unknown option "speed"/);
  expect((await collection.stats()).index).toBe('flat sq8');
  const texts = await store.createCollection('texts', { index: false });
  await expect(texts.reindex({ kind: 'flat' })).rejects.toMatchObject({ code: 'invalid_query' });
  await expect(texts.train()).rejects.toMatchObject({ code: 'invalid_argument' });
  const empty = await store.createCollection('empty', {
    dimension: 2,
    index: { kind: 'flat', codec: { pq: { subvectors: 1 } } },
  });
  await expect(empty.train()).rejects.toThrow('no vectors to learn from');
  const coarse = await store.createCollection('coarse', {
    dimension: 2,
    originals: 'none',
    index: { kind: 'flat', codec: 'sq4' },
  });
  await expect(coarse.reindex({ kind: 'flat' })).rejects.toThrow(/finer than what the collection has/);
});
