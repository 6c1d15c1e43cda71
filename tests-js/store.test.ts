import { describe, expect, test } from 'vitest';

import { VectorStore, capabilities, VERSION, type Progress, type StoreEvents } from 'corsac';

import { FailingHome } from './support/failing-home.js';
import { folder, memoryStore, vectors } from './support/stores.js';

describe('collections of a store', () => {
  test('are made, found, listed and deleted by name', async () => {
    const store = await memoryStore();
    const a = await store.createCollection('a', { dimension: 2 });
    await store.createCollection('b');
    expect(await store.collections()).toEqual(['a', 'b']);
    expect(await store.getCollection('a')).toBe(a);
    expect(await store.getOrCreateCollection('a', { dimension: 2, metric: 'cosine' })).toBe(a);
    await store.deleteCollection('a');
    expect(await store.collections()).toEqual(['b']);
    await expect(a.count()).rejects.toMatchObject({ code: 'closed' });
    const again = await store.createCollection('a', { dimension: 3 });
    expect([again.name, again.dimension, again.metric, await again.count()]).toEqual(['a', 3, 'cosine', 0]);
  });

  test('concurrent getOrCreate makes one', async () => {
    const store = await memoryStore();
    const all = await Promise.all(Array.from({ length: 5 }, () => store.getOrCreateCollection('c')));
    expect(new Set(all).size).toBe(1);
  });

  test('have the defaults that the options promise', async () => {
    const store = await memoryStore();
    const dimension = async (options?: object) =>
      (await store.createCollection(`c${await store.collections().then(({ length }) => length)}`, options)).dimension;
    expect(await dimension()).toBe(0);
    expect(await dimension({ index: { kind: 'flat' } })).toBe(384);
    expect(await dimension({ dimension: 7 })).toBe(7);
    expect(await dimension({ dimension: 7, index: false })).toBe(0);
    expect(await dimension({ index: false, text: false })).toBe(0);
  });

  test('unload gives memory back, and the same documents come again', async () => {
    const store = await memoryStore();
    const first = await store.createCollection('c', { dimension: 2 });
    await first.insert({ id: 'a', content: 'x', embedding: [1, 2] });
    await store.unloadCollection('c');
    await expect(first.insert({ id: 'b' })).rejects.toMatchObject({ code: 'closed' });
    expect(await store.collections()).toEqual(['c']);
    const second = await store.getCollection('c');
    expect(second).not.toBe(first);
    expect(await second.get('a', { include: ['content', 'embedding'] })).toEqual({
      id: 'a',
      content: 'x',
      embedding: Float32Array.of(1, 2),
    });
  });

  test('stats add up over collections', async () => {
    const store = await memoryStore();
    for (const name of ['a', 'b']) await (await store.createCollection(name)).insertMany([{ id: '1' }, { id: '2' }]);
    const stats = await store.stats();
    expect(stats).toMatchObject({
      documents: 4,
      home: 'memory',
      threads: 1,
      collections: { a: { documents: 2 }, b: { documents: 2 } },
    });
    expect(capabilities()).toMatchObject({
      variant: stats.variant,
      simd: true,
      threads: 1,
      homes: ['memory', 'files'],
    });
    expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('a store in files', () => {
  test('is as it was after it was opened again, without a rebuild', async () => {
    const storage = folder();
    const rows = vectors(300, 8);
    const first = await VectorStore.open('test', { storage });
    const written = await first.createCollection('c', { dimension: 8, index: { kind: 'hnsw', codec: 'sq8' } });
    await written.insertMany(
      rows.map((embedding, i) => ({ id: `d${i}`, content: `word${i % 9}`, embedding, metadata: { i } })),
    );
    await written.delete(['d5', 'd6']);
    await written.checkpoint();
    await written.update('d7', { content: 'changed' });
    const ask = async (c: typeof written) => [
      await c.searchVector(rows[9]!, { k: 5, filter: { i: { $lt: 200 } } }).then(({ hits }) => hits),
      await c.searchText('word3 changed', { k: 5 }).then(({ hits }) => hits),
      await c.list({ limit: 1000 }).then(({ documents }) => documents),
    ];
    const before = await ask(written);
    await first.close();
    const store = await VectorStore.open('test', { storage, expectStoreId: first.report.storeId });
    expect(store.report).toMatchObject({
      outcome: 'clean',
      storeId: first.report.storeId,
      collections: { c: { outcome: 'clean', dropped: 0, lost: [], replayed: expect.any(Number) } },
    });
    expect(store.report.collections['c']!.replayed).toBeLessThanOrEqual(2);
    expect(await ask(await store.getCollection('c'))).toEqual(before);
    await store.close();
  });

  test('has one writer', async () => {
    const storage = folder();
    const store = await VectorStore.open('test', { storage });
    await expect(VectorStore.open('test', { storage })).rejects.toMatchObject({ code: 'locked' });
    await expect(VectorStore.destroy('test', { storage })).rejects.toMatchObject({ code: 'locked' });
    await store.close();
    await store.close();
    await VectorStore.destroy('test', { storage });
    const fresh = await VectorStore.open('test', { storage });
    expect(await fresh.collections()).toEqual([]);
    await fresh.close();
  });

  test('that is not the expected one is data_loss', async () => {
    const storage = folder();
    await expect(VectorStore.open('test', { storage, expectStoreId: 'x' })).rejects.toMatchObject({
      code: 'data_loss',
    });
    const store = await VectorStore.open('test', { storage });
    const { storeId } = store.report;
    await store.close();
    await expect(
      VectorStore.open('test', { storage, expectStoreId: storeId.replace(/^./, 'x') }),
    ).rejects.toMatchObject({ code: 'data_loss' });
    await (await VectorStore.open('test', { storage, expectStoreId: storeId })).close();
  });

  test('of which one collection is damaged opens, and says which', async () => {
    const storage = new FailingHome();
    const first = await VectorStore.open('test', { storage });
    for (const name of ['good', 'bad']) {
      const collection = await first.createCollection(name, { dimension: 2 });
      await collection.insert({ id: name, embedding: [1, 2] });
      await collection.checkpoint();
    }
    await first.close();
    const roots = await storage.readRoots();
    const damaged = roots
      .filter(({ name }) => name === '2')
      .map(({ name, slot, bytes }) => ({ op: 'root' as const, name, slot, bytes: bytes.map((byte) => byte ^ 0x55) }));
    await storage.apply([...damaged, { op: 'delete', name: '2/wal-1' }], 'strict');
    const store = await VectorStore.open('test', { storage });
    const told: StoreEvents['corrupt'][] = [];
    store.on('corrupt', (event) => told.push(event));
    expect(store.report.collections).toMatchObject({
      good: { outcome: 'clean' },
      bad: { outcome: 'failed', error: { name: 'CorsacError' } },
    });
    expect(await (await store.getCollection('good')).has('good')).toBe(true);
    await expect(store.getCollection('bad')).rejects.toMatchObject({
      code: expect.stringMatching(/corrupt|data_loss/),
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(told.map(({ collection }) => collection)).toEqual(['bad']);
    await store.deleteCollection('bad');
    expect(await store.collections()).toEqual(['good']);
    await store.close();
  });

  test('tells how far opening has come, and stops when told', async () => {
    const storage = folder();
    const first = await VectorStore.open('test', { storage });
    await (
      await first.createCollection('c')
    ).insertMany(Array.from({ length: 500 }, (_, i) => ({ id: String(i), content: `text ${i}` })));
    await first.close();
    const seen: Progress[] = [];
    const store = await VectorStore.open('test', { storage, onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(({ stage, done, total }) => stage === 'open' && done <= total!)).toBe(true);
    await store.close();
    const reason = new Error('not now');
    await expect(VectorStore.open('test', { storage, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    await expect(
      VectorStore.open('test', { storage, signal: abort.signal, onProgress: () => abort.abort(reason) }),
    ).rejects.toBe(reason);
    await (await VectorStore.open('test', { storage })).close();
  });
});

describe('events', () => {
  test('change tells what was written, until the subscription or its signal ends', async () => {
    const store = await memoryStore();
    const told: number[] = [];
    const abort = new AbortController();
    const subscription = store.on('change', ({ documents }) => told.push(documents));
    store.on('change', () => told.push(-1), { signal: abort.signal });
    const collection = await store.createCollection('c');
    await collection.insertMany([{ id: 'a' }, { id: 'b' }]);
    expect(told).toEqual([2, -1]);
    abort.abort();
    await collection.delete('a');
    expect(told).toEqual([2, -1, 1]);
    subscription.dispose();
    await collection.delete('b');
    expect(told).toHaveLength(3);
  });
});

describe('closing', () => {
  test('finishes what was called before, and refuses what comes after', async () => {
    const storage = folder();
    const store = await VectorStore.open('test', { storage });
    const collection = await store.createCollection('c');
    const writes = Array.from({ length: 50 }, (_, i) => collection.insert({ id: String(i) }));
    await Promise.all([...writes, store.close()]);
    for (const call of [
      () => collection.insert({ id: 'x' }),
      () => collection.count(),
      () => collection.searchText('x'),
      () => store.collections(),
      () => store.createCollection('d'),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'closed' });
    }
    const again = await VectorStore.open('test', { storage });
    expect(await (await again.getCollection('c')).count()).toBe(50);
    await again.close();
  });

  test('is what asyncDispose does', async () => {
    const store = await VectorStore.open('test', { storage: 'memory' });
    const dispose = (Symbol as { asyncDispose?: symbol }).asyncDispose ?? Symbol.for('Symbol.asyncDispose');
    await (store as unknown as Record<symbol, () => Promise<void>>)[dispose]!();
    await expect(store.collections()).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('memory of the core', () => {
  test('is given back by unloading: it does not grow with every opening', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 64 });
    await collection.insertMany(
      vectors(2000, 64).map((embedding, i) => ({ id: `d${i}`, content: `text ${i}`, embedding })),
    );
    await collection.checkpoint();
    const reopen = async () => {
      await store.unloadCollection('c');
      expect(await (await store.getCollection('c')).count()).toBe(2000);
      return (await store.stats()).memoryBytes;
    };
    for (let i = 0; i < 3; i++) await reopen();
    const settled = await reopen();
    for (let i = 0; i < 20; i++) await reopen();
    expect(await reopen()).toBeLessThanOrEqual(settled);
  });
});
