import { expect, test } from 'vitest';

import { type Collection, type Results } from 'corsac';

import { memoryStore, random, vectors } from './support/stores.js';

const WORDS = ['fox', 'bear', 'red', 'snow', 'tree', 'river', 'stone', 'night'];

async function filled(count: number, index: object = { kind: 'flat' }) {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 8, index: index as never });
  const next = random(7);
  const rows = vectors(count, 8).map((embedding, i) => ({
    id: `d${i}`,
    content: Array.from({ length: 5 }, () => WORDS[Math.floor(next() * WORDS.length)]).join(' '),
    embedding,
    metadata: { n: i },
  }));
  await collection.insertMany(rows);
  return collection;
}

const query = Float32Array.from({ length: 8 }, (_, i) => 1 - i / 4);
const ids = (results: Results) => results.hits.map(({ id }) => id);

async function pages(ask: (after: string | undefined) => Promise<Results>, most = 1000): Promise<string[]> {
  const all: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < most; page++) {
    const results = await ask(after);
    all.push(...ids(results));
    if ((after = results.after) === undefined) break;
  }
  return all;
}

const MODES: [string, (c: Collection, options: object) => Promise<Results>][] = [
  ['vector', (c, options) => c.searchVector(query, options)],
  ['text', (c, options) => c.searchText('fox snow', options)],
  ['hybrid', (c, options) => c.searchHybrid({ text: 'fox snow', vector: query }, options)],
];

test.each(MODES)('pages of a %s search hold every hit once, in the order of one long search', async (mode, ask) => {
  const collection = await filled(500);
  const whole = ids(await ask(collection, { k: 1000 }));
  const paged = await pages((after) => ask(collection, { k: 7, after }));
  expect(new Set(paged).size).toBe(paged.length);
  expect(new Set(paged)).toEqual(new Set(whole));
  if (mode !== 'hybrid') expect(paged).toEqual(whole);
  // The page may change its size and what it brings along.
  const { after } = await ask(collection, { k: 7 });
  const second = await ask(collection, { k: 20, after, include: [], facets: ['n'] });
  expect(ids(second)).toEqual(paged.slice(7, 27));
  expect(second.facets).toBeDefined();
});

test('pages of a graph walk hold no hit twice, and the whole collection', async () => {
  const collection = await filled(2000, { kind: 'hnsw' });
  const paged = await pages((after) => collection.searchVector(query, { k: 50, after }));
  expect(new Set(paged).size).toBe(paged.length);
  expect(paged).toHaveLength(2000);
});

test('a page may be empty, and nothing follows the last one', async () => {
  const collection = await filled(20);
  const first = await collection.searchVector(query, { k: 20 });
  expect(first.after).toBeTypeOf('string');
  const second = await collection.searchVector(query, { k: 20, after: first.after });
  expect([second.hits.length, second.after]).toEqual([0, undefined]);
  expect((await collection.searchVector(query, { k: 21 })).after).toBeUndefined();
});

test('a cursor is stale after a write and foreign to another question', async () => {
  const collection = await filled(50);
  const { after } = await collection.searchText('fox', { k: 5 });
  await expect(collection.searchText('bear', { k: 5, after })).rejects.toThrow(/another search/);
  await expect(collection.searchText('fox', { k: 5, after, filter: { n: 1 } as never })).rejects.toThrow(
    /another search/,
  );
  await expect(collection.searchVector(query, { after })).rejects.toMatchObject({ code: 'invalid_argument' });
  await collection.searchText('fox', { k: 5, after });
  await collection.delete('d0');
  const stale = collection.searchText('fox', { k: 5, after });
  await expect(stale).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('stale') });
  for (const nonsense of ['', 'x', 's1.1.2.3', 's1.a.b.c.d', 's1.0.1.1.1', 's1.1.1.1.1.1'])
    await expect(collection.searchText('fox', { after: nonsense })).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('a stream brings every hit until it is stopped', async () => {
  const collection = await filled(300);
  const all: string[] = [];
  for await (const hit of collection.stream({ vector: query })) all.push(hit.id);
  expect(all).toEqual(ids(await collection.searchVector(query, { k: 1000 })));
  const some: string[] = [];
  for await (const hit of collection.stream({ text: 'fox snow', vector: query }, { snippet: true })) {
    expect(hit.snippet).toBeDefined();
    if (some.push(hit.id) === 100) break;
  }
  expect(new Set(some).size).toBe(100);
});

test('a stream goes on over writes and brings no hit twice', async () => {
  const collection = await filled(200);
  const all: string[] = [];
  for await (const { id } of collection.stream({ vector: query })) {
    all.push(id);
    if (all.length % 20 === 0) await collection.upsert({ id: `new${all.length}`, embedding: query });
  }
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((id) => id.startsWith('d'))).toHaveLength(200);
});

test.each(['k', 'after', 'facets', 'diversify'])('a stream has no %s', async (name) => {
  const collection = await filled(5);
  const stream = collection.stream('fox', { [name]: name === 'k' ? 3 : name === 'after' ? 's1' : [] } as never);
  await expect(stream.next()).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining(name),
  });
});
