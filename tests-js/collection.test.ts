import { describe, expect, test } from 'vitest';

import { filter as f, type Collection } from 'corsac';

import { memoryStore, vectors } from './support/stores.js';

const PLACES = [
  {
    id: 'oslo',
    content: 'Oslo is the capital of Norway',
    embedding: [1, 0, 0],
    metadata: { country: 'no', people: 700, tags: ['fjord', 'cold'] },
  },
  {
    id: 'rome',
    content: 'Rome is the capital of Italy',
    embedding: [0, 1, 0],
    metadata: { country: 'it', people: 2800, tags: ['old', 'warm'] },
  },
  {
    id: 'bergen',
    content: 'Bergen is a rainy city in Norway',
    embedding: [0.8, 0, 0.6],
    metadata: { country: 'no', people: 290, seen: null },
  },
];

async function places(): Promise<Collection> {
  const store = await memoryStore();
  const collection = await store.createCollection('places', { dimension: 3 });
  await collection.insertMany(PLACES);
  return collection;
}

const ids = (results: Iterable<{ id: string }>) => Array.from(results, ({ id }) => id);

describe('writing', () => {
  test('an id is taken once', async () => {
    const collection = await places();
    await expect(collection.insert({ id: 'oslo' })).rejects.toMatchObject({
      name: 'CorsacError',
      code: 'already_exists',
    });
    expect((await collection.get('oslo'))?.content).toBe('Oslo is the capital of Norway');
    expect(await collection.count()).toBe(3);
  });

  test('concurrent inserts of one id let exactly one through', async () => {
    const collection = await places();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => collection.insert({ id: 'new' })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('upsert replaces the whole document, in every search at once', async () => {
    const collection = await places();
    await collection.upsert({ id: 'oslo', content: 'A harbour', embedding: [0, 0, 1] });
    expect(await collection.get('oslo')).toEqual({ id: 'oslo', content: 'A harbour' });
    expect(ids(await collection.searchText('Norway'))).toEqual(['bergen']);
    expect((await collection.searchVector([0, 0, 1], { k: 1 })).hits[0]).toMatchObject({
      id: 'oslo',
      score: 1,
      distance: 0,
    });
    expect(ids(await collection.searchVector([1, 0, 0], { filter: { country: 'no' } }))).toEqual(['bergen']);
    expect(await collection.count()).toBe(3);
  });

  test('update merges metadata at the top level, removes by null, and keeps the rest', async () => {
    const collection = await places();
    await collection.update('oslo', { metadata: { people: null, tags: ['new'], river: 'Akerselva' } });
    expect(await collection.get('oslo', { include: ['content', 'metadata', 'embedding'] })).toEqual({
      id: 'oslo',
      content: 'Oslo is the capital of Norway',
      metadata: { country: 'no', tags: ['new'], river: 'Akerselva' },
      embedding: Float32Array.of(1, 0, 0),
    });
    expect(ids(await collection.searchVector([1, 0, 0], { k: 1 }))).toEqual(['oslo']);
    expect(await collection.count({ river: { $exists: true } })).toBe(1);
  });

  test('updates of one document that are called together are all in the result', async () => {
    const collection = await places();
    await Promise.all(Array.from({ length: 20 }, (_, i) => collection.update('rome', { metadata: { [`k${i}`]: i } })));
    expect(Object.keys((await collection.get('rome'))!.metadata!)).toHaveLength(23);
  });

  test('update of an unknown id is not_found', async () => {
    const collection = await places();
    await expect(collection.update('paris', { content: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('delete takes an id, ids, or a filter, and counts what was there', async () => {
    const collection = await places();
    expect(await collection.delete('paris')).toBe(0);
    expect(await collection.delete(['oslo', 'oslo', 'paris'])).toBe(1);
    expect(await collection.delete({ country: 'no' })).toBe(1);
    expect(ids(await collection.searchVector([1, 0, 0]))).toEqual(['rome']);
    expect(await collection.searchText('Norway')).toMatchObject({ hits: [] });
    expect(await collection.delete({})).toBe(1);
    expect(await collection.count()).toBe(0);
  });

  test('metadata comes back as it was, hostile keys included', async () => {
    const collection = await places();
    const metadata = JSON.parse(
      '{"__proto__":{"a":1},"constructor":"c","toString":null,"deep":{"list":[1,2.5,"x",{"y":[]}]},"":0}',
    );
    await collection.insert({ id: 'x', metadata });
    const back = (await collection.get('x'))!.metadata!;
    expect(JSON.stringify(back)).toBe(JSON.stringify(metadata));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(await collection.count(JSON.parse('{"__proto__.a":1}'))).toBe(1);
    await collection.update('x', { metadata: JSON.parse('{"__proto__":{"b":2}}') });
    expect(await collection.count(JSON.parse('{"__proto__.b":2}'))).toBe(1);
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });

  test('ids and content of any language come back', async () => {
    const collection = await places();
    const id = 'путь/日本 🦊\u0000\n';
    await collection.insert({ id, content: 'été 🦊 \u0000 東京' });
    expect(await collection.get(id)).toEqual({ id, content: 'été 🦊 \u0000 東京' });
    expect(ids(await collection.searchText('東京'))).toEqual([id]);
    expect(ids(await collection.searchText('été'))).toEqual([id]);
  });
});

test('a byte order mark is a character like any other', async () => {
  const collection = await places();
  const id = '\ufeffid';
  await collection.insert({ id, content: '\ufeffcontent', metadata: { '\ufeffk': '\ufeffv' } });
  expect(await collection.get(id)).toEqual({ id, content: '\ufeffcontent', metadata: { '\ufeffk': '\ufeffv' } });
  expect((await collection.searchText('content')).hits[0]!.id).toBe(id);
  expect((await collection.list()).documents.map((document) => document.id)).toContain(id);
});

describe('every shape of collection', () => {
  test('without vectors: update and delete work on text alone', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    await collection.insertMany([
      { id: 'a', content: 'old words' },
      { id: 'b', metadata: { x: 1 } },
    ]);
    await collection.update('a', { content: 'new words', metadata: { x: 2 } });
    await collection.update('b', { content: 'words at last' });
    expect(ids(await collection.searchText('words'))).toEqual(['a', 'b']);
    expect(await collection.searchText('old')).toMatchObject({ hits: [] });
    expect(await collection.get('a')).toEqual({ id: 'a', content: 'new words', metadata: { x: 2 } });
    await expect(collection.searchVector([1])).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(collection.insert({ id: 'v', embedding: [1] })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('without text: words are not a question', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 2, text: false });
    await collection.insert({ id: 'a', content: 'kept, not indexed', embedding: [1, 2] });
    await expect(collection.searchText('kept')).rejects.toMatchObject({ code: 'invalid_query' });
    await expect(collection.searchHybrid({ text: 'kept', vector: [1, 2] })).rejects.toMatchObject({
      code: 'invalid_query',
    });
    expect((await collection.get('a'))!.content).toBe('kept, not indexed');
  });

  test('without originals: get gives the vector as the code remembers it', async () => {
    const store = await memoryStore();
    const index = { kind: 'flat', codec: 'sq8' } as const;
    const collection = await store.createCollection('c', { dimension: 32, metric: 'l2', index, originals: 'none' });
    const [row] = vectors(1, 32);
    await collection.insert({ id: 'a', embedding: row! });
    const back = (await collection.get('a', { include: ['embedding'] }))!.embedding!;
    expect(back).not.toEqual(row);
    back.forEach((value, i) => expect(value).toBeCloseTo(row![i]!, 1));
    await collection.checkpoint();
    expect((await collection.get('a', { include: ['embedding'] }))!.embedding).toEqual(back);
  });

  test('documents with and without vectors and text live together', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 2 });
    await collection.insertMany([
      { id: 'both', content: 'fox', embedding: [1, 0] },
      { id: 'text', content: 'fox' },
      { id: 'vector', embedding: [1, 0] },
      { id: 'bare' },
    ]);
    expect(ids(await collection.searchVector([1, 0])).sort()).toEqual(['both', 'vector']);
    expect(ids(await collection.searchText('fox')).sort()).toEqual(['both', 'text']);
    const hybrid = await collection.searchHybrid({ text: 'fox', vector: [1, 0] }, { include: ['parts'] });
    expect(hybrid.hits[0]!.id).toBe('both');
    expect(hybrid.hits.find(({ id }) => id === 'text')!.parts!.vector).toBeUndefined();
    expect(hybrid.hits.find(({ id }) => id === 'text')).not.toHaveProperty('distance');
  });
});

describe('asking', () => {
  test('has, count and get answer for what is there and what is not', async () => {
    const collection = await places();
    expect(await collection.has('oslo')).toBe(true);
    expect(await collection.has('paris')).toBe(false);
    expect(await collection.get('paris')).toBeUndefined();
    expect(await collection.get(['rome', 'paris', 'oslo', 'rome'], { include: [] })).toEqual([
      { id: 'rome' },
      undefined,
      { id: 'oslo' },
      { id: 'rome' },
    ]);
    expect(await collection.count(f.or(f.eq('tags', 'fjord'), f.gt('people', 1000)))).toBe(2);
    expect(await collection.count({ seen: { $isNull: true } })).toBe(1);
    expect(await collection.count({ country: { $ne: 'no' } })).toBe(1);
    expect(await collection.count({ country: undefined })).toBe(3);
  });

  test('list walks every document once, in the order of the last write', async () => {
    const collection = await places();
    await collection.upsert({ ...PLACES[0]! });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await collection.list({ limit: 1, after });
      seen.push(...ids(page.documents));
      after = page.after;
    } while (after !== undefined);
    expect(seen).toEqual(['rome', 'bergen', 'oslo']);
    expect(ids((await collection.list({ filter: { country: 'no' } })).documents)).toEqual(['bergen', 'oslo']);
  });

  test('a cursor survives a compaction, and a document that was rewritten behind it is said so', async () => {
    const collection = await places();
    const first = await collection.list({ limit: 2 });
    await collection.delete('oslo');
    await collection.compact();
    expect(ids((await collection.list({ after: first.after })).documents)).toEqual(['bergen']);
    await collection.delete('rome');
    await collection.compact();
    await expect(collection.list({ after: first.after })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('start again'),
    });
  });

  test('compact drops what was deleted and changes no answer', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 16, index: { kind: 'hnsw' } });
    const rows = vectors(400, 16);
    await collection.insertMany(
      rows.map((embedding, i) => ({ id: `d${i}`, content: `text ${i % 10}`, embedding, metadata: { i } })),
    );
    await collection.delete(f.lt('i', 150));
    const before = await collection.searchVector(rows[200]!, { k: 20 });
    const progress: number[] = [];
    expect(await collection.compact({ onProgress: ({ done, total }) => progress.push(done / total!) })).toMatchObject({
      removed: 150,
      documents: 250,
    });
    const after = await collection.searchVector(rows[200]!, { k: 20 });
    expect(after.hits).toEqual(before.hits);
    expect(progress.length).toBeGreaterThan(0);
    expect((await collection.stats()).deleted).toBe(0);
    expect((await collection.get('d399', { include: ['embedding'] }))!.embedding).toEqual(rows[399]);
  });

  test('stats and the checkpoint report name bytes by part', async () => {
    const collection = await places();
    const report = await collection.checkpoint();
    expect(report.bytesBefore).toBeGreaterThan(0);
    expect(report.sections.map(({ name }) => name)).toContain('documents');
    expect(report.sections.reduce((sum, { ms }) => sum + ms, 0)).toBeLessThanOrEqual(report.ms + 1);
    const stats = await collection.stats();
    expect(stats).toMatchObject({ documents: 3, deleted: 0, vectors: 3, index: 'flat f32', threads: 1 });
    expect(stats.bytes.snapshot).toBeGreaterThan(0);
  });
});
