import { describe, expect, onTestFinished, test } from 'vitest';

import { VectorStore, type OpenOptions, type StoreEvents } from 'corsac';

import { MemoryMedium, MemoryStore } from '../../js/storage/memory.js';
import { FailingHome, quotaError } from '../support/failing-home.js';
import { folder, random } from '../support/stores.js';

interface Pair {
  home: MemoryMedium;
  mirror: MemoryMedium;
}

const newPair = (): Pair => ({ home: new MemoryMedium(), mirror: new MemoryMedium() });

/** What a medium holds now, as another one: as if the process had died here. */
function copyOf(medium: MemoryMedium): MemoryMedium {
  const copy = new MemoryMedium();
  for (const [name, bytes] of medium.blobs) copy.blobs.set(name, bytes.slice());
  for (const [name, root] of medium.roots) copy.roots.set(name, { ...root, bytes: root.bytes.slice() });
  return copy;
}

async function open(pair: Pair, options: OpenOptions & { maxBytes?: number } = {}): Promise<VectorStore> {
  const { maxBytes, ...rest } = options;
  const store = await VectorStore.open('test', {
    storage: MemoryStore.open(pair.home),
    mirror: { store: MemoryStore.open(pair.mirror), maxBytes },
    ...rest,
  });
  onTestFinished(() => store.close());
  return store;
}

const document = (i: number) => ({ id: `d${i}`, content: `document ${i}`, metadata: { i } });
const outcomes = (store: VectorStore) => Object.values(store.report.collections).map(({ outcome }) => outcome);

/** A store with a snapshot and a log behind it, closed. */
async function filled(options: OpenOptions & { maxBytes?: number } = {}): Promise<Pair> {
  const pair = newPair();
  const store = await open(pair, options);
  const notes = await store.createCollection('notes', { dimension: 2 });
  await notes.insertMany([1, 2, 3].map((i) => ({ ...document(i), embedding: [i, 1] })));
  await notes.checkpoint();
  await notes.insertMany([4, 5, 6].map(document));
  await (await store.createCollection('other')).insert(document(9));
  await store.close();
  return pair;
}

async function expectAll(store: VectorStore): Promise<void> {
  const notes = await store.getCollection('notes');
  expect((await notes.list()).documents.map(({ id }) => id)).toEqual(['d1', 'd2', 'd3', 'd4', 'd5', 'd6']);
  expect((await notes.searchText('document', { k: 9 })).hits).toHaveLength(6);
  expect(await (await store.getCollection('other')).has('d9')).toBe(true);
  expect((await store.verify()).ok).toBe(true);
}

describe('a mirror', () => {
  test('brings back a home that was wiped, says so, and goes on', async () => {
    const pair = await filled();
    pair.home = new MemoryMedium();
    const store = await open(pair);
    const recovered: StoreEvents['recovered'][] = [];
    store.on('recovered', (event) => recovered.push(event));
    expect(store.report.outcome).toBe('restored');
    expect(outcomes(store)).toEqual(['restored', 'restored']);
    await expectAll(store);
    await (await store.getCollection('notes')).insert(document(7));
    await store.close();
    expect(recovered.map(({ collection, report }) => [collection, report.outcome])).toEqual([
      ['notes', 'restored'],
      ['other', 'restored'],
    ]);
    pair.home = new MemoryMedium();
    const again = await open(pair, { expectStoreId: store.report.storeId });
    expect(await (await again.getCollection('notes')).count()).toBe(7);
  });

  test('brings back what a home rolled back has lost', async () => {
    const pair = await filled();
    const old = copyOf(pair.home);
    const store = await open(pair);
    await (await store.getCollection('notes')).delete('d6');
    await (await store.createCollection('new')).insert(document(1));
    await store.close();
    pair.home = old;
    const again = await open(pair);
    expect(again.report.outcome).toBe('restored');
    expect(await (await again.getCollection('notes')).has('d6')).toBe(false);
    expect(await (await again.getCollection('new')).count()).toBe(1);
  });

  test('notices a log whose last acknowledged frames are gone, which alone reads as a torn tail', async () => {
    const pair = newPair();
    const store = await open(pair);
    const notes = await store.createCollection('notes');
    for (const i of [1, 2, 3]) await notes.insert(document(i), { durability: 'strict' });
    await store.close();
    const [name, log] = [...pair.home.blobs].find(([each]) => each.includes('wal'))!;
    pair.home.blobs.set(name, log.slice(0, log.length - 100));
    const again = await open(pair);
    expect(outcomes(again)).toEqual(['restored']);
    expect(await (await again.getCollection('notes')).count()).toBe(3);
  });

  test('beyond its limit remembers that something was there, and nothing starts empty', async () => {
    const pair = await filled({ maxBytes: 100 });
    expect(pair.mirror.blobs.size).toBe(0);
    pair.home = new MemoryMedium();
    for (let i = 0; i < 2; i++) {
      await expect(open(pair, { maxBytes: 100 })).rejects.toMatchObject({ code: 'data_loss' });
      expect(pair.home.roots.size + pair.home.blobs.size).toBe(0);
    }
    await VectorStore.destroy('test', {
      storage: MemoryStore.open(pair.home),
      mirror: { store: MemoryStore.open(pair.mirror) },
    });
    pair.home.owner = pair.mirror.owner = undefined;
    expect(await (await open(pair)).collections()).toEqual([]);
  });

  test('beyond its limit reports the one collection that lost something, and hinders no other', async () => {
    const pair = await filled({ maxBytes: 100 });
    const old = copyOf(pair.home);
    const store = await open(pair, { maxBytes: 100 });
    const notes = await store.getCollection('notes');
    await notes.insert(document(7));
    await notes.checkpoint();
    await store.close();
    for (const [name, root] of [...pair.home.roots])
      if (name.startsWith('1/')) (pair.home.roots.delete(name), void root);
    for (const name of [...pair.home.blobs.keys()]) if (name.startsWith('1/')) pair.home.blobs.delete(name);
    for (const [name, root] of old.roots) if (name.startsWith('1/')) pair.home.roots.set(name, root);
    for (const [name, bytes] of old.blobs) if (name.startsWith('1/')) pair.home.blobs.set(name, bytes);
    const again = await open(pair, { maxBytes: 100 });
    expect(again.report.collections['notes']).toMatchObject({ outcome: 'failed', error: { code: 'data_loss' } });
    await expect(again.getCollection('notes')).rejects.toMatchObject({ code: 'data_loss' });
    expect(await (await again.getCollection('other')).has('d9')).toBe(true);
  });

  test('replaces a damaged collection when asked to, and what was there is kept', async () => {
    const pair = await filled({ checkpoint: { keep: 1 } });
    const damaged = [...pair.home.blobs].filter(([name]) => name.startsWith('1/blob'));
    for (const [, bytes] of damaged) bytes[bytes.length >> 1]! ^= 1;
    const stopped = await open(pair);
    expect(outcomes(stopped)).toEqual(['failed', 'clean']);
    await stopped.close();
    const restored = await open(pair, { onCorruption: 'restore' });
    expect(outcomes(restored)).toEqual(['restored', 'clean']);
    await expectAll(restored);
    for (const [name, bytes] of damaged) expect(pair.home.blobs.get(`damaged-${name}`)).toEqual(bytes);
  });

  test('that fails hinders no write, and is filled again by the next session', async () => {
    const home = new MemoryMedium();
    const broken = new FailingHome();
    broken.failure = quotaError();
    const store = await VectorStore.open('test', { storage: MemoryStore.open(home), mirror: { store: broken } });
    const notes = await store.createCollection('notes');
    await notes.insertMany([1, 2, 3].map(document));
    await store.close();
    const pair = { home, mirror: new MemoryMedium() };
    await (await open(pair)).close();
    pair.home = new MemoryMedium();
    expect(await (await (await open(pair)).getCollection('notes')).count()).toBe(3);
  });

  test('works over folders', async () => {
    const [storage, mirror] = [folder(), folder()];
    const store = await VectorStore.open('test', { storage, mirror });
    await (await store.createCollection('notes')).insert(document(1));
    await store.close();
    await VectorStore.destroy('test', { storage });
    const again = await VectorStore.open('test', { storage, mirror });
    expect(outcomes(again)).toEqual(['restored']);
    await again.close();
    await VectorStore.destroy('test', { storage, mirror });
    const fresh = await VectorStore.open('test', { storage, mirror });
    expect(await fresh.collections()).toEqual([]);
    await fresh.close();
  });

  test('never raises a false alarm, and a wipe at any time loses no more than what it lags behind', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const next = random(seed);
      let pair = newPair();
      for (let session = 0; session < 4; session++) {
        const store = await open(pair, { checkpoint: { operations: 8 } });
        const where = `seed ${seed}, session ${session}`;
        expect(store.report.outcome, where).toBe('clean');
        for (const outcome of outcomes(store)) expect(['clean', 'torn'], where).toContain(outcome);
        for (let step = 0; step < 12; step++) {
          const name = `c${Math.floor(next() * 3)}`;
          const dice = next();
          if (dice < 0.1 && (await store.collections()).includes(name)) await store.deleteCollection(name);
          else {
            const collection = await store.getOrCreateCollection(name);
            if (dice < 0.8) await collection.upsert(document(Math.floor(next() * 20)));
            else if (dice < 0.9) await collection.checkpoint();
            else await collection.delete(`d${Math.floor(next() * 20)}`);
          }
          // Lets the mirror come to any point behind the home.
          if (next() < 0.3) await new Promise((resolve) => setImmediate(resolve));
        }
        const dies = next() < 0.5;
        if (dies) pair = { home: copyOf(pair.home), mirror: copyOf(pair.mirror) };
        await store.close();
        if (dies) continue;
        const lists = async (from: VectorStore) =>
          Promise.all(
            (await from.collections()).map(async (each) => (await (await from.getCollection(each)).list()).documents),
          );
        const kept = await open(pair);
        const expected = await lists(kept);
        await kept.close();
        const wiped = await open({ home: new MemoryMedium(), mirror: copyOf(pair.mirror) });
        expect(await lists(wiped), where).toEqual(expected);
        await wiped.close();
      }
    }
  });
});
