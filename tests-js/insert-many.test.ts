import { describe, expect, test } from 'vitest';

import type { Document, Progress } from 'corsac';

import { Letters } from './support/letters.js';
import { memoryStore } from './support/stores.js';

const documents = (count: number): Document[] =>
  Array.from({ length: count }, (_, i) => ({ id: `d${i}`, content: `text ${i}` }));

describe('insertMany', () => {
  test('takes arrays, iterables and async iterables', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    await collection.insertMany(documents(3));
    await collection.insertMany(new Set([{ id: 'set' }]));
    await collection.insertMany(
      (async function* () {
        yield { id: 'async' };
      })(),
    );
    expect(await collection.count()).toBe(5);
    expect(await collection.insertMany([])).toMatchObject({ documentsIndexed: 0, batches: 0, errors: [] });
  });

  test('tells its progress with rate and estimate', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    const seen: Progress[] = [];
    const result = await collection.insertMany(documents(250), { batchSize: 100, onProgress: (p) => seen.push(p) });
    expect(result).toMatchObject({ documentsIndexed: 250, batches: 3, errors: [] });
    expect(seen.map(({ done, total, batch }) => [done, total, batch])).toEqual([
      [100, 250, 1],
      [200, 250, 2],
      [250, 250, 3],
    ]);
    expect(seen.at(-1)).toMatchObject({ stage: 'insert', etaMs: 0 });
    expect(seen[0]!.perSecond).toBeGreaterThan(0);
  });

  test('by default a batch with a bad document changes nothing, earlier ones stand', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    const bad = [...documents(5), { id: 'd1', content: 'again' }, { id: 'x' }];
    await expect(collection.insertMany(bad, { batchSize: 3 })).rejects.toMatchObject({ code: 'already_exists' });
    expect((await collection.list()).documents.map(({ id }) => id)).toEqual(['d0', 'd1', 'd2']);
    const invalid = [{ id: 'y' }, { id: '' }];
    await expect(collection.insertMany(invalid)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('documents[1].id'),
    });
    expect(await collection.has('y')).toBe(false);
  });

  test('with collect the good documents of a batch go in and the others are listed', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 2 });
    await collection.insert({ id: 'there' });
    const input: unknown[] = [
      { id: 'a' },
      { id: 'there' },
      { id: 'b', embedding: [1] },
      null,
      { id: 'a', content: 'second' },
      { id: 'c', metadata: { when: new Date(0) } },
      { id: 'd', embedding: [1, 2] },
    ];
    const result = await collection.insertMany(input as Document[], { onError: 'collect' });
    expect(result.documentsIndexed).toBe(2);
    expect(result.errors.map(({ index, id, error }) => [index, id, error.code]).sort()).toEqual([
      [1, 'there', 'already_exists'],
      [2, 'b', 'dimension_mismatch'],
      [3, undefined, 'invalid_argument'],
      [4, 'a', 'already_exists'],
      [5, 'c', 'invalid_argument'],
    ]);
    expect(await collection.count()).toBe(3);
    expect(await collection.get('a')).toEqual({ id: 'a' });
  });

  test('upsert mode replaces, and the last of two equal ids wins', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    await collection.insertMany(documents(2));
    await collection.insertMany([{ id: 'd0', content: 'new' }], { mode: 'upsert' });
    expect((await collection.get('d0'))!.content).toBe('new');
    expect(await collection.count()).toBe(2);
  });

  test('abort rejects with the reason, and finished batches stand', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    const abort = new AbortController();
    const reason = new Error('stop');
    const run = collection.insertMany(documents(1000), {
      batchSize: 10,
      signal: abort.signal,
      onProgress: ({ batch }) => batch === 3 && abort.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    const count = await collection.count();
    expect(count % 10).toBe(0);
    expect(count).toBeGreaterThanOrEqual(30);
    expect(count).toBeLessThan(1000);
  });

  test('embeds each batch in one run, and only what lacks a vector', async () => {
    const letters = new Letters();
    const store = await memoryStore();
    const collection = await store.createCollection('c', { embedder: letters });
    const own = new Float32Array(26).fill(1);
    await collection.insertMany([...documents(3), { id: 'own', content: 'x', embedding: own }, { id: 'bare' }], {
      batchSize: 4,
    });
    expect(letters.calls).toEqual([{ texts: ['text 0', 'text 1', 'text 2'], as: 'document' }]);
    expect((await collection.get('own', { include: ['embedding'] }))!.embedding).toEqual(own);
    expect((await collection.stats()).vectors).toBe(4);
  });

  test('a generator may fill one array again and again', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 2, text: false });
    const row = new Float32Array(2);
    await collection.insertMany(
      (function* () {
        for (let i = 0; i < 3; i++) {
          row.set([i, 1]);
          yield { id: String(i), embedding: row };
        }
      })(),
    );
    expect((await collection.get('0', { include: ['embedding'] }))!.embedding).toEqual(Float32Array.of(0, 1));
  });

  test('an iterable that throws rejects with its own error, and earlier batches stand', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    const failure = new Error('the source broke');
    const source = (function* () {
      yield* documents(10);
      throw failure;
    })();
    await expect(collection.insertMany(source, { batchSize: 5 })).rejects.toBe(failure);
    expect(await collection.count()).toBe(10);
  });

  test('large documents make smaller batches', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { text: false });
    const content = 'x'.repeat(12 << 20);
    const result = await collection.insertMany(Array.from({ length: 4 }, (_, i) => ({ id: `d${i}`, content })));
    expect(result).toMatchObject({ documentsIndexed: 4, batches: 2 });
    expect((await collection.get('d3'))!.content).toHaveLength(content.length);
  });
});
