import { expect, test } from 'vitest';

import { filter as f, type Results } from 'corsac';

import { memoryStore, random, vectors } from './support/stores.js';

const ids = (results: Results<any>) => results.hits.map(({ id }) => id);

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};

/** Maximal marginal relevance, written plainly. */
function mmr(rows: { id: string; embedding: Float32Array; score: number }[], lambda: number, k: number): string[] {
  const left = [...rows];
  const chosen: typeof rows = [];
  while (chosen.length < k && left.length > 0) {
    const value = (row: (typeof rows)[number]) =>
      lambda * row.score -
      (1 - lambda) * (chosen.length ? Math.max(...chosen.map((c) => cosine(c.embedding, row.embedding))) : 0);
    left.sort((a, b) => value(b) - value(a));
    chosen.push(left.shift()!);
  }
  return chosen.map(({ id }) => id);
}

async function filled(count: number, groups: number, index: object = { kind: 'flat', codec: 'f32' }) {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 8, index: index as never });
  const next = random(3);
  const rows = vectors(count, 8).map((embedding, i) => ({
    id: `d${i}`,
    content: `fox ${'snow '.repeat(i % 5)}`,
    embedding,
    metadata: { group: Math.floor(next() ** 3 * groups) },
  }));
  await collection.insertMany(rows);
  return { collection, rows };
}

const query = Float32Array.from({ length: 8 }, (_, i) => 1 - i / 4);

test.each([0, 0.3, 0.7, 1])('lambda %f ranks as maximal marginal relevance does', async (lambda) => {
  const { collection, rows } = await filled(80, 5);
  const scored = rows.map((row) => ({ ...row, score: cosine(row.embedding, query) })).sort((a, b) => b.score - a.score);
  const results = await collection.searchVector(query, { k: 10, diversify: { lambda } });
  expect(ids(results)).toEqual(mmr(scored, lambda, 10));
  expect(results.after).toBeUndefined();
  if (lambda === 1) expect(ids(results)).toEqual(ids(await collection.searchVector(query, { k: 10 })));
});

test('twins do not stand side by side, in a text search neither', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 2 });
  await collection.insertMany([
    { id: 'a', content: 'fox fox fox', embedding: [1, 0] },
    { id: 'b', content: 'fox fox and', embedding: [1, 0.001] },
    { id: 'c', content: 'fox and snow', embedding: [0, 1] },
  ]);
  expect(ids(await collection.searchText('fox', { k: 2 }))).toEqual(['a', 'b']);
  expect(ids(await collection.searchText('fox', { k: 2, diversify: { lambda: 0.5 } }))).toEqual(['a', 'c']);
  const hybrid = await collection.searchHybrid({ text: 'fox', vector: [1, 0] }, { k: 2, diversify: { lambda: 0.3 } });
  expect(ids(hybrid)).toEqual(['a', 'c']);
});

const MODES: [string, (c: any, options: object) => Promise<Results<any>>][] = [
  ['vector', (c, options) => c.searchVector(query, options)],
  ['text', (c, options) => c.searchText('fox snow', options)],
  ['hybrid', (c, options) => c.searchHybrid({ text: 'fox snow', vector: query }, options)],
];

test.each(MODES)('at most so many hits per value in a %s search, and k of them where they exist', async (mode, ask) => {
  const { collection, rows } = await filled(1500, 40);
  for (const max of [1, 3]) {
    const results = await ask(collection, { k: 25, diversify: { field: 'group', max } });
    const counts = new Map<number, number>();
    for (const { metadata } of results.hits) counts.set(metadata.group, (counts.get(metadata.group) ?? 0) + 1);
    expect(results.hits).toHaveLength(25);
    expect(Math.max(...counts.values())).toBe(max);
    if (mode === 'hybrid') continue;
    const group = new Map(rows.map((row) => [row.id, row.metadata.group]));
    const taken = new Map<number, number>();
    const expected = ids(await ask(collection, { k: 2000 })).filter((id) => {
      const count = taken.get(group.get(id)!) ?? 0;
      taken.set(group.get(id)!, count + 1);
      return count < max;
    });
    expect(ids(results)).toEqual(expected.slice(0, 25));
  }
});

test('the last of few values is found behind thousands of others', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 2, index: { kind: 'flat' } });
  const rows = Array.from({ length: 12_000 }, (_, i) => ({
    id: `d${i}`,
    embedding: [1, i / 100_000],
    metadata: { doc: i < 11_998 ? 'big' : `small${i}`, keep: i % 2 === 1 },
  }));
  await collection.insertMany(rows);
  const spread = { field: 'doc', max: 2 };
  expect(ids(await collection.searchVector([1, 0], { k: 5, diversify: spread }))).toEqual([
    'd0',
    'd1',
    'd11998',
    'd11999',
  ]);
  const filtered = await collection.searchVector([1, 0], {
    k: 5,
    diversify: spread,
    filter: f.eq('keep', true) as never,
  });
  expect(ids(filtered)).toEqual(['d1', 'd3', 'd11999']);
});

test("a document without the field is in nobody's way, one with several values in the way of each", async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 2 });
  await collection.insertMany([
    { id: 'a', embedding: [1, 0], metadata: { tags: ['x', 'y'] } },
    { id: 'b', embedding: [1, 0.1], metadata: { tags: ['y', 'z'] } },
    { id: 'c', embedding: [1, 0.2], metadata: {} },
    { id: 'd', embedding: [1, 0.3] },
    { id: 'e', embedding: [1, 0.4], metadata: { tags: 'z' } },
  ]);
  const results = await collection.searchVector([1, 0], { diversify: { field: 'tags', max: 1 } });
  expect(ids(results)).toEqual(['a', 'c', 'd', 'e']);
});

test('explain parts of a hybrid search add up to its score', async () => {
  const { collection } = await filled(100, 5);
  const { hits } = await collection.searchHybrid({ text: 'snow', vector: query }, { include: ['parts'] });
  for (const { score, parts } of hits) {
    expect(parts!.vector!.score).toBeTypeOf('number');
    expect(parts!.text!.score).toBeTypeOf('number');
    expect(parts!.fusion!.vector + parts!.fusion!.text).toBeCloseTo(score, 5);
  }
  const [hit] = (await collection.searchVector(query, { k: 1, include: ['parts'] })).hits;
  expect(hit!.parts).toEqual({ vector: { score: hit!.score, rank: 1 } });
});

test.each([
  [{}],
  [{ lambda: 2 }],
  [{ lambda: 0.5, field: 'a', max: 1 }],
  [{ field: 'a' }],
  [{ field: 'a', max: 0 }],
  [{ field: '$or', max: 1 }],
  [{ field: 1, max: 1 }],
  [true],
])('%j is refused', async (diversify) => {
  const { collection } = await filled(3, 2);
  const refused = { code: 'invalid_argument' };
  await expect(collection.searchVector(query, { diversify: diversify as never })).rejects.toMatchObject(refused);
});

test('what cannot be combined or compared is refused', async () => {
  const { collection } = await filled(30, 2);
  const { after } = await collection.searchVector(query, { k: 3 });
  const refused = { code: 'invalid_argument' };
  await expect(collection.searchVector(query, { after, diversify: { lambda: 1 } })).rejects.toMatchObject(refused);
  await expect(collection.searchVector(query, { k: 1001, diversify: { lambda: 1 } })).rejects.toMatchObject(refused);
  const store = await memoryStore();
  const words = await store.createCollection('w');
  await words.insert({ id: 'a', content: 'fox', metadata: { g: 1 } });
  await expect(words.searchText('fox', { diversify: { lambda: 0.5 } })).rejects.toThrow(/field and max/);
  expect(ids(await words.searchText('fox', { diversify: { field: 'g', max: 1 } }))).toEqual(['a']);
});
