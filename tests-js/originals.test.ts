// Vectors as they were given: kept in full or as halves, and what a search may rescore with.
import { describe, expect, test } from 'vitest';

import { VectorStore, type Collection, type IndexOptions, type Metric } from 'corsac';

import { folder, memoryStore, vectors } from './support/stores.js';

const DIMENSION = 24;
const base = vectors(800, DIMENSION, 4);
const queries = vectors(20, DIMENSION, 9);
const documents = base.map((embedding, i) => ({ id: `d${i}`, content: `word${i % 5}`, embedding, metadata: { i } }));

const COARSE: IndexOptions = { kind: 'flat', codec: 'binary', rerank: 'originals' };

async function filled(store: VectorStore, options: object): Promise<Collection> {
  const collection = await store.createCollection('c', { dimension: DIMENSION, ...options });
  await collection.insertMany(documents);
  return collection;
}

const scoresOf = async (collection: Collection, query: Float32Array, options: object = {}) =>
  (await collection.searchVector(query, { include: [], ...options })).hits.map(({ id, score }) => [id, score] as const);

describe('originals as halves', () => {
  test('are what get returns, before and after a checkpoint, and what reindex builds from', async () => {
    const place = { storage: folder() };
    let store = await VectorStore.open('halves', place);
    const collection = await filled(store, { originals: 'f16', index: { kind: 'flat', codec: 'sq8' } });
    const read = async (from: Collection) => (await from.get('d7', { include: ['embedding'] }))!.embedding!;
    const before = await read(collection);
    expect(before).not.toEqual(base[7]);
    before.forEach((x, i) => expect(Math.abs(x - base[7]![i]!)).toBeLessThan(2 ** -11));
    const { sections } = await collection.checkpoint();
    expect(sections.find(({ name }) => name === 'originals')!.bytesBefore).toBe(800 * DIMENSION * 2);
    expect(await read(collection)).toEqual(before);
    await collection.reindex({ kind: 'flat' });
    expect((await collection.searchVector(base[7]!, { k: 1 })).hits[0]!.score).toBeGreaterThan(0.999);
    expect(await read(collection)).toEqual(before);
    await store.close();
    store = await VectorStore.open('halves', place);
    const again = await store.getOrCreateCollection('c', { originals: 'f16' });
    expect(await read(again)).toEqual(before);
    await expect(store.getOrCreateCollection('c', { originals: 'f32' })).rejects.toThrow(/originals is "f16"/);
    expect((await store.verify()).ok).toBe(true);
    await store.close();
  });
});

describe('rescoring from the originals', () => {
  test.each<[Metric, string]>([
    ['cosine', 'f32'],
    ['dot', 'f32'],
    ['l2', 'f16'],
  ])('gives the exact scores of the best candidates under %s from %s', async (metric, originals) => {
    const store = await memoryStore();
    const collection = await filled(store, { metric, originals, index: COARSE });
    const exact = await store.createCollection('exact', { dimension: DIMENSION, metric, index: { kind: 'flat' } });
    await exact.insertMany(documents);
    let right = 0;
    for (const query of queries) {
      const truth = await scoresOf(exact, query);
      const found = await scoresOf(collection, query, { rerank: { store: 'originals', candidates: 400 } });
      right += found.filter(([id]) => truth.some(([each]) => each === id)).length;
      for (const [id, score] of found) {
        const same = truth.find(([each]) => each === id);
        if (same) expect(score).toBeCloseTo(same[1], originals === 'f16' ? 1 : 4);
      }
      expect(found.map(([, score]) => score)).toEqual(found.map(([, score]) => score).sort((a, b) => b - a));
    }
    expect(right).toBeGreaterThan(20 * 10 * 0.95);
  });

  test('is what an index does that names it, and what a query may ask of another', async () => {
    const place = { storage: folder() };
    let store = await VectorStore.open('named', place);
    const collection = await filled(store, { index: COARSE });
    const usual = await scoresOf(collection, queries[0]!);
    expect(await scoresOf(collection, queries[0]!, { rerank: { store: 'originals', candidates: 20 } })).toEqual(usual);
    expect(await scoresOf(collection, queries[0]!, { rerank: 'none' })).not.toEqual(usual);
    await store.close();
    store = await VectorStore.open('named', place);
    const again = await store.getOrCreateCollection('c', { index: COARSE });
    expect(await scoresOf(again, queries[0]!)).toEqual(usual);
    expect((await again.stats()).bytes.rerank).toBe(0);
    const [one, two] = await again.searchMany([
      { vector: queries[0]!, include: [] },
      { vector: queries[1]!, include: [] },
    ]);
    expect(one!.hits.map(({ id, score }) => [id, score])).toEqual(usual);
    expect(two!.hits.map(({ id, score }) => [id, score])).toEqual(await scoresOf(again, queries[1]!));
    await again.reindex({ kind: 'flat', codec: 'sq8' });
    const plane = await scoresOf(again, queries[0]!);
    const exact = await scoresOf(again, queries[0]!, { rerank: 'originals' });
    expect(exact.map(([id]) => id)).toEqual(plane.map(([id]) => id));
    expect(exact).not.toEqual(plane);
    await store.close();
  });

  test('goes with filters, least scores, pages and hits that differ', async () => {
    const store = await memoryStore();
    const collection = await filled(store, { index: COARSE });
    const query = queries[3]!;
    const all = await collection.searchVector(query, { k: 12, rerank: { store: 'originals', candidates: 800 } });
    const least = all.hits[4]!.score;
    const some = await collection.searchVector(query, {
      k: 12,
      minScore: least,
      rerank: { store: 'originals', candidates: 800 },
    });
    expect(some.hits.map(({ id }) => id)).toEqual(all.hits.slice(0, 5).map(({ id }) => id));
    expect(some.hits[0]!.content).toMatch(/^word/);
    const filter = { i: { $lt: 100 } };
    for (const { metadata } of await collection.searchVector(query, { filter }))
      expect(metadata!['i']).toBeLessThan(100);
    const first = await collection.searchVector(query, { k: 5 });
    const next = await collection.searchVector(query, { k: 5, after: first.after });
    expect(new Set([...first, ...next].map(({ id }) => id)).size).toBe(10);
    expect((await collection.searchVector(query, { diversify: { field: 'i', max: 1 } })).hits).toHaveLength(10);
  });

  test('is refused where it cannot be', async () => {
    const store = await memoryStore();
    await expect(store.createCollection('c', { dimension: 2, originals: 'none', index: COARSE })).rejects.toThrow(
      'index.rerank "originals" needs originals, got originals "none"',
    );
    await expect(
      store.createCollection('c', { dimension: 2, index: { kind: 'flat', codec: 'f32', rerank: 'originals' } }),
    ).rejects.toMatchObject({ code: 'invalid_argument' });
    const none = await store.createCollection('none', { dimension: 2, originals: 'none' });
    await none.insert({ id: 'a', content: 'word', embedding: [1, 2] });
    await expect(none.searchVector([1, 2], { rerank: 'originals' })).rejects.toThrow('needs originals');
    await expect(none.searchHybrid({ text: 'word', vector: [1, 2] }, { rerank: 'originals' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});
