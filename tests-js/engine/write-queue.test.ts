import { describe, expect, test, vi } from 'vitest';

import { VectorStore, type Collection, type OpenOptions } from 'corsac';

import { FailingHome, quotaError } from '../support/failing-home.js';

async function open(
  options: OpenOptions = {},
): Promise<{ home: FailingHome; store: VectorStore; collection: Collection }> {
  const home = new FailingHome();
  const store = await VectorStore.open('test', { storage: home, ...options });
  const collection = await store.getOrCreateCollection('c', { dimension: 2 });
  home.batches.length = 0;
  return { home, store, collection };
}

const document = (id: string) => ({ id, content: `text ${id}`, embedding: [1, 2] });

describe('writes', () => {
  test('that are called together share one append', async () => {
    const { home, store, collection } = await open();
    await Promise.all(Array.from({ length: 20 }, (_, i) => collection.insert(document(`d${i}`))));
    expect(home.batches.length).toBeLessThanOrEqual(2);
    expect(await collection.count()).toBe(20);
    await store.close();
  });

  test('are relaxed by default, and flushed after flushEvery operations', async () => {
    const { home, store, collection } = await open({ flushEvery: 3 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await collection.insert(document(id));
    // The first batch makes the log's segment, which is strict in itself.
    expect(home.batches.map(({ level }) => level)).toEqual([
      'strict',
      'relaxed',
      'relaxed',
      'strict',
      'relaxed',
      'relaxed',
    ]);
    await store.close();
  });

  test('are flushed within 2 seconds, without keeping the process', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { home, store, collection } = await open();
      await collection.insert(document('a'));
      await collection.insert(document('b'));
      expect(home.batches.at(-1)!.level).toBe('relaxed');
      await vi.advanceTimersByTimeAsync(2_000);
      await collection.flush();
      expect(home.batches.at(-1)!.level).toBe('strict');
      await store.close();
    } finally {
      vi.useRealTimers();
    }
  });

  test('are strict when the store or the call says so', async () => {
    const { home, store, collection } = await open();
    await collection.insert(document('a'), { durability: 'strict' });
    expect(home.batches.map(({ level }) => level)).toEqual(['strict']);
    await collection.insert(document('b'));
    await collection.flush();
    expect(home.batches.at(-1)!.level).toBe('strict');
    const asked = home.batches.length;
    await collection.flush();
    expect(home.batches).toHaveLength(asked);
    await store.close();
    const strict = await open({ durability: 'strict' });
    await strict.collection.insert(document('a'));
    expect(strict.home.batches.at(-1)!.level).toBe('strict');
    await strict.store.close();
  });

  test('of an earlier session are flushed when that is asked for', async () => {
    const { home, store, collection } = await open();
    await collection.insert(document('a'));
    home.failure = quotaError();
    await store.close();
    home.failure = undefined;
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getCollection('c');
    home.batches.length = 0;
    await reopened.flush();
    expect(home.batches.map(({ level }) => level)).toEqual(['strict']);
    await again.close();
  });

  test('that cannot be stored reject, and leave memory and disk as they were', async () => {
    const { home, store, collection } = await open();
    await collection.insert(document('a'));
    const told: string[] = [];
    store.on('quota', ({ collection: name }) => told.push(name));
    home.failure = quotaError();
    const failed = await Promise.allSettled([
      collection.insert(document('b')),
      collection.upsert({ id: 'a', content: 'new' }),
      collection.delete('a'),
    ]);
    expect(failed.map((each) => each.status === 'rejected' && (each.reason as { code: string }).code)).toEqual([
      'quota',
      'quota',
      'quota',
    ]);
    expect(told).toContain('c');
    expect(await collection.count()).toBe(1);
    expect((await collection.get('a'))!.content).toBe('text a');
    expect((await collection.searchVector([1, 2])).hits).toHaveLength(1);
    home.failure = undefined;
    await collection.insert(document('b'));
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    expect((await (await again.getCollection('c')).list()).documents.map(({ id }) => id)).toEqual(['a', 'b']);
    await again.close();
  });

  test('of another kind of failure are storage, with the cause', async () => {
    const { home, store, collection } = await open();
    home.failure = new Error('EIO');
    await expect(collection.insert(document('a'))).rejects.toMatchObject({ code: 'storage', cause: home.failure });
    home.failure = undefined;
    await store.close();
  });

  test('a collection that could not be stored does not exist', async () => {
    const { home, store } = await open();
    home.failure = quotaError();
    await expect(store.createCollection('d')).rejects.toMatchObject({ code: 'quota' });
    expect(await store.collections()).toEqual(['c']);
    home.failure = undefined;
    await (await store.createCollection('d')).insert({ id: 'x' });
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    expect(await again.collections()).toEqual(['c', 'd']);
    await again.close();
  });

  test('a store whose last flush fails still closes, and nothing acknowledged is lost', async () => {
    const { home, store, collection } = await open();
    await collection.insert(document('a'));
    home.failure = quotaError();
    await store.close();
    home.failure = undefined;
    const again = await VectorStore.open('test', { storage: home });
    expect(await (await again.getCollection('c')).count()).toBe(1);
    await again.close();
  });

  test('beyond maxMemoryBytes are out_of_memory, reads and deletes go on', async () => {
    const { store, collection } = await open({ maxMemoryBytes: 200_000 });
    await collection.insert(document('a'));
    await expect(collection.insert({ id: 'b', content: 'x'.repeat(300_000) })).rejects.toMatchObject({
      code: 'out_of_memory',
      message: expect.stringContaining('200000'),
    });
    expect(await collection.count()).toBe(1);
    const full = await open({ maxMemoryBytes: 1 });
    await expect(full.collection.upsert(document('a'))).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(await full.collection.delete(['a', 'b'])).toBe(0);
    await full.store.close();
    expect(await collection.delete('a')).toBe(1);
    await store.close();
  });
});

describe('checkpoints', () => {
  test('happen by themselves, and one that fails is tried again later', async () => {
    const { home, store, collection } = await open({ checkpoint: { operations: 10, codec: 'zstd', keep: 1 } });
    home.failure = quotaError();
    home.failing = (ops) => ops.some(({ op }) => op === 'root');
    await collection.insertMany(Array.from({ length: 12 }, (_, i) => document(`d${i}`)));
    await collection.flush();
    expect((await collection.stats()).generation).toBe(0);
    expect(collection.needsCheckpoint).toBe(true);
    expect(await collection.count()).toBe(12);
    home.failure = undefined;
    await collection.checkpoint();
    expect((await collection.stats()).generation).toBe(1);
    expect(collection.needsCheckpoint).toBe(false);
    await collection.insertMany(Array.from({ length: 12 }, (_, i) => document(`e${i}`)));
    await collection.flush();
    expect((await collection.stats()).generation).toBe(2);
    await store.close();
  });

  test('move documents out of memory, and searches bring them back', async () => {
    const { home, store, collection } = await open();
    await collection.insertMany(
      Array.from({ length: 200 }, (_, i) => ({ ...document(`d${i}`), content: `common text ${i} `.repeat(50) })),
    );
    await collection.checkpoint();
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getCollection('c');
    let reads = 0;
    home.beforeRead = async () => void reads++;
    await reopened.searchText('common', { k: 10, include: [] });
    await reopened.searchVector([1, 2], { k: 10, include: [] });
    expect(reads).toBe(0);
    expect(
      (await reopened.searchText('common', { k: 200 })).hits.every(({ content }) => content!.startsWith('common text')),
    ).toBe(true);
    expect(reads).toBeGreaterThan(0);
    const cold = reads;
    await reopened.searchText('common', { k: 200 });
    expect(reads).toBe(cold);
    expect((await reopened.get('d7', { include: ['embedding'] }))!.embedding).toEqual(Float32Array.of(1, 2));
    await again.close();
  });

  test('a read that fails is the error of that search, not of the store', async () => {
    const { home, store, collection } = await open();
    await collection.insert({ ...document('a'), content: 'x '.repeat(40_000) });
    await collection.checkpoint();
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getCollection('c');
    home.beforeRead = () => Promise.reject(new Error('EIO'));
    await expect(reopened.searchText('x')).rejects.toMatchObject({ code: 'storage' });
    home.beforeRead = async () => {};
    expect((await reopened.searchText('x')).hits).toHaveLength(1);
    await again.close();
  });
});
