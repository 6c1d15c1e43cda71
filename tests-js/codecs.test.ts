// Every codec and rerank store through the public API: what they find, keep and refuse.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { VectorStore, type Collection, type IndexOptions } from 'corsac';

const directory = mkdtempSync(join(tmpdir(), 'corsac-codecs-'));
afterAll(() => rmSync(directory, { recursive: true }));

const DIMENSION = 64;
const COUNT = 1200;

/** Clouds around forty centres, the same on every run. */
function vectors(count: number, seed: number): number[][] {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
  return Array.from({ length: count }, () => {
    const centre = Math.floor(((random() + 1) / 2) * 40);
    return Array.from({ length: DIMENSION }, (_, i) => Math.sin(centre * 31 + i * (centre + 3)) + 0.7 * random());
  });
}

const base = vectors(COUNT, 7);
const queries = vectors(25, 99);

async function filled(store: VectorStore, name: string, index: IndexOptions): Promise<Collection> {
  const collection = await store.createCollection(name, { dimension: DIMENSION, index });
  await collection.insertMany(base.map((embedding, i) => ({ id: `v${i}`, embedding })));
  return collection;
}

const idsOf = async (collection: Collection, query: number[], options = {}) =>
  (await collection.searchVector(query, { k: 10, include: [], ...options })).hits.map((hit) => hit.id);

describe('codecs', () => {
  const cases: [name: string, index: IndexOptions][] = [
    ['sq4', { kind: 'hnsw', codec: 'sq4' }],
    ['binary', { kind: 'hnsw', codec: 'binary' }],
    ['two-bits', { kind: 'flat', codec: { binary: { bits: 2 } } }],
    ['halves', { kind: 'flat', codec: 'binary', rerank: 'f16' }],
    ['many', { kind: 'flat', codec: 'binary', rerank: { store: 'f32', candidates: 400 } }],
    ['pq', { kind: 'hnsw', codec: { pq: { subvectors: 16, iterations: 5 } } }],
    ['sq8-f32', { kind: 'hnsw', codec: 'sq8', rerank: 'f32' }],
  ];

  test('find what an exact index finds, also after opening again', async () => {
    const options = { storage: { directory: join(directory, 'all') } };
    let store = await VectorStore.open('all', options);
    const exact = await filled(store, 'exact', { kind: 'flat' });
    const truth = await Promise.all(queries.map((query) => idsOf(exact, query)));
    const before = new Map<string, string[][]>();
    for (const [name, index] of cases) {
      const collection = await filled(store, name, index);
      const found: string[][] = [];
      for (const query of queries) found.push(await idsOf(collection, query));
      const right = found.flatMap((ids, q) => ids.filter((id) => truth[q]!.includes(id))).length;
      expect(right / (10 * queries.length), name).toBeGreaterThan(0.95);
      before.set(name, found);
    }
    await store.close();
    store = await VectorStore.open('all', options);
    for (const [name, index] of cases) {
      const collection = await store.getOrCreateCollection(name, { dimension: DIMENSION, index });
      for (const [q, query] of queries.entries()) expect(await idsOf(collection, query)).toEqual(before.get(name)![q]);
    }
    await expect(
      store.getOrCreateCollection('binary', { index: { kind: 'hnsw', codec: { binary: { bits: 2 } } } }),
    ).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('index.bits') });
    await store.close();
  });

  test('cost the bytes that they promise', async () => {
    const store = await VectorStore.open('bytes', { storage: 'memory' });
    const collection = await filled(store, 'c', { kind: 'flat', codec: 'binary' });
    const { bytes } = await collection.stats();
    expect(bytes.codes / COUNT).toBe(DIMENSION / 8 + 12);
    expect(bytes.rerank / COUNT).toBe(DIMENSION + DIMENSION / 8 + 16);
    await store.close();
  });

  test('rescore as a query asks', async () => {
    const store = await VectorStore.open('rerank', { storage: 'memory' });
    const collection = await filled(store, 'c', { kind: 'flat', codec: 'binary' });
    const [query] = queries;
    const usual = await idsOf(collection, query!);
    expect(await idsOf(collection, query!, { rerank: { store: 'sq8', candidates: 1200 } })).toEqual(usual);
    const coarse = await collection.searchVector(query!, { rerank: 'none', include: [] });
    expect(coarse.hits.map((hit) => hit.score)).not.toEqual(
      (await collection.searchVector(query!, { include: [] })).hits.map((hit) => hit.score),
    );
    await expect(collection.searchVector(query!, { rerank: 'f16' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: 'rerank must be "none" or "sq8", which the collection has, got "f16"',
    });
    await expect(collection.searchVector(query!, { rerank: { store: 'sq8', candidates: 0 } })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await store.close();
  });

  test.each<[string, object, string]>([
    ['a width', { codec: { binary: { bits: 3 } } }, 'index.codec.binary.bits must be an integer from 1 to 2, got 3'],
    ['a store', { codec: 'sq8', rerank: 'sq8' }, 'index.rerank must be one of "plane", "none", "f16", "f32"'],
    ['a plane', { codec: 'binary', rerank: 'plane' }, 'index.rerank must be one of "sq8", "none", "f16", "f32"'],
    ['pieces', { codec: { pq: { bits: 5, subvectors: 2 } } }, 'index.codec.pq.bits must be 4 or 8, got 5'],
    ['a number', { codec: 'sq4', rerank: { store: 'sq8' } }, 'index.rerank.candidates must be an integer from 1'],
  ])('refuse %s that does not exist', async (_, index, message) => {
    const store = await VectorStore.open('refused', { storage: 'memory' });
    await expect(
      store.createCollection('c', { dimension: 4, index: { kind: 'flat', ...index } as IndexOptions }),
    ).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(message) });
    await store.close();
  });
});
