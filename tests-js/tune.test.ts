// `tune` and `target`: a recall asked for becomes a width of the search.
import { expect, test } from 'vitest';

import { VectorStore } from 'corsac';

import { folder, memoryStore, vectors as random } from './support/stores.js';

const DIMENSION = 24;
const vectors = (count: number, seed: number) => random(count, DIMENSION, seed);

async function filled(store: VectorStore, count = 1500) {
  const collection = await store.createCollection('numbers', {
    dimension: DIMENSION,
    text: false,
    index: { kind: 'hnsw', codec: 'sq8' },
  });
  await collection.insertMany(vectors(count, 7).map((embedding, i) => ({ id: `${i}`, embedding })));
  return collection;
}

test('a target recall is measured once, reached, and kept', async () => {
  const place = { storage: folder() };
  let store = await VectorStore.open('tune', place);
  const collection = await filled(store);
  const [query] = vectors(1, 99);
  const target = { recall: 0.95 };
  const first = await collection.searchVector(query!, { target, include: [] });
  const narrow = await collection.searchVector(query!, { efSearch: 12, target, include: [] });
  expect(narrow.how.examined).toBeLessThan(first.how.examined); // efSearch overrides
  await store.close();

  store = await VectorStore.open('tune', place);
  const reopened = await store.getCollection('numbers');
  const again = await reopened.searchVector(query!, { target, include: [] });
  expect(again.how.examined).toBe(first.how.examined);
  await store.close();
});

test('tune with a sample answers with the width that the sample needs, and searches follow it', async () => {
  const store = await memoryStore();
  const collection = await filled(store);
  const stages: string[] = [];
  const report = await collection.tune({
    recall: 0.9,
    sample: vectors(60, 3),
    onProgress: ({ stage }) => stages.push(stage),
  });
  expect(report).toMatchObject({ recall: 0.9, queries: 60 });
  expect(report.measured).toBeGreaterThanOrEqual(0.9);
  expect(report.efSearch).toBeGreaterThanOrEqual(10);
  expect(stages).toContain('tune');
  const [query] = vectors(1, 99);
  const byTarget = await collection.searchVector(query!, { target: { recall: 0.9 }, include: [] });
  const byWidth = await collection.searchVector(query!, { efSearch: report.efSearch, include: [] });
  expect(byTarget.how.examined).toBe(byWidth.how.examined);
});

test('tune can be aborted, and searches go on', async () => {
  const store = await memoryStore();
  const collection = await filled(store, 600);
  const abort = new AbortController();
  const tuning = collection.tune({ signal: abort.signal, onProgress: () => abort.abort() });
  await expect(tuning).rejects.toMatchObject({ name: 'AbortError' });
  expect((await collection.searchVector(vectors(1, 5)[0]!, { target: { recall: 0.9 } })).hits).toHaveLength(10);
});

test('what cannot be tuned is refused with the value that is wrong', async () => {
  const store = await memoryStore();
  const collection = await filled(store, 20);
  await expect(collection.tune({ recall: 1 })).rejects.toThrow(/recall must be .*0\.999.*got 1/);
  await expect(collection.tune({ sample: [] })).rejects.toThrow(/1 to 10,000 queries, got 0/);
  await expect(collection.tune({ sample: [new Float32Array(3)] })).rejects.toMatchObject({
    code: 'dimension_mismatch',
  });
  await expect(collection.searchVector(vectors(1, 1)[0]!, { target: { recall: 2 } })).rejects.toThrow(/target\.recall/);
  const texts = await store.createCollection('texts', { index: false });
  await expect(texts.tune()).rejects.toMatchObject({ code: 'invalid_argument' });
});
