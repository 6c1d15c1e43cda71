import { describe, expect, test } from 'vitest';

import { VectorStore, type Collection } from 'corsac';

import { FailingHome } from '../support/failing-home.js';
import { memoryStore, vectors } from '../support/stores.js';

/** Resolves when `done` is true; every look lets the background have a turn. */
async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end;) {
    if (await done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it did not happen within a minute');
}

const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    id: `d${from + i}`,
    content: `text ${from + i} of many`,
    metadata: { i: from + i },
  }));

describe('in the background', () => {
  test('a third of deleted documents is compacted away while searches and writes go on', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    await collection.insertMany(texts(0, 3000));
    await collection.delete({ i: { $lt: 1200 } });
    let written = 3000;
    await until(async () => {
      expect((await collection.searchText('many', { k: 3 })).hits).toHaveLength(3);
      await collection.insert(texts(written, written + 1)[0]!);
      written++;
      return (await collection.stats()).deleted === 0;
    });
    expect(await collection.count()).toBe(written - 1200);
    const { documents } = await collection.list({ limit: 10_000, include: ['metadata'] });
    expect(documents.map(({ metadata }) => metadata!['i'])).toEqual(
      Array.from({ length: written - 1200 }, (_, i) => 1200 + i),
    );
  });

  test('an automatic index moves from exact to quantised to a graph, and stays there', async () => {
    const home = new FailingHome();
    const store = await VectorStore.open('test', { storage: home });
    const rows = vectors(10_400, 12);
    const collection: Collection = await store.createCollection('c', { dimension: 12, text: false });
    await collection.insertMany(rows.slice(0, 5_000).map((embedding, i) => ({ id: `d${i}`, embedding })));
    expect((await collection.stats()).index).toBe('flat f32');
    expect((await collection.searchVector(rows[77]!, { k: 10, include: [] })).how.exact).toBe(true);
    await collection.insertMany(rows.slice(5_000, 10_000).map((embedding, i) => ({ id: `d${5_000 + i}`, embedding })));
    await until(async () => (await collection.stats()).index === 'flat sq8');
    const exact = await collection.searchVector(rows[77]!, { k: 10, include: [] });
    expect(exact.how).toMatchObject({ exact: false, examined: 10_000 });
    await collection.insertMany(
      rows.slice(10_000, 10_200).map((embedding, i) => ({ id: `d${10_000 + i}`, embedding })),
    );
    let next = 10_200;
    await until(async () => {
      expect((await collection.searchVector(rows[77]!, { k: 1, include: [] })).hits[0]!.id).toBe('d77');
      if (next < 10_400) await collection.insert({ id: `d${next}`, embedding: rows[next]! });
      next++;
      return (await collection.stats()).index === 'hnsw sq8';
    });
    const walked = await collection.searchVector(rows[77]!, { k: 10, include: [] });
    const common = walked.hits.filter(({ id }) => exact.hits.some((hit) => hit.id === id));
    expect(common.length).toBeGreaterThanOrEqual(8);
    const last = Math.min(next, 10_400) - 1;
    expect((await collection.searchVector(rows[last]!, { k: 1 })).hits[0]!.id).toBe(`d${last}`);
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getOrCreateCollection('c', { dimension: 12, index: { kind: 'auto' }, text: false });
    expect((await reopened.stats()).index).toBe('hnsw sq8');
    expect((await reopened.searchVector(rows[77]!, { k: 10, include: [] })).hits).toEqual(walked.hits);
    await again.close();
  });

  test('a move that closing cut short is made after the next opening', async () => {
    const home = new FailingHome();
    const store = await VectorStore.open('test', { storage: home });
    const rows = vectors(10_500, 12);
    const collection = await store.createCollection('c', { dimension: 12, text: false });
    await collection.insertMany(
      rows.map((embedding, i) => ({ id: `d${i}`, embedding })),
      { batchSize: 10_500 },
    );
    expect((await collection.stats()).index).toBe('flat f32');
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getCollection('c');
    expect(await reopened.count()).toBe(10_500);
    await until(async () => {
      expect((await reopened.searchVector(rows[77]!, { k: 1, include: [] })).hits[0]!.id).toBe('d77');
      return (await reopened.stats()).index === 'hnsw sq8';
    });
    await again.close();
  });

  test('closing while a compaction is under way leaves every document', async () => {
    const home = new FailingHome();
    const store = await VectorStore.open('test', { storage: home });
    const collection = await store.createCollection('c');
    await collection.insertMany(texts(0, 4000));
    await collection.delete({ i: { $lt: 1000 } });
    const compacting = collection.compact().then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
    await store.close();
    expect(['done', 'closed']).toContain(await compacting);
    const again = await VectorStore.open('test', { storage: home });
    expect(await (await again.getCollection('c')).count()).toBe(3000);
    await again.close();
  });

  test('readers that wait for bytes and a compaction do not meet', async () => {
    const home = new FailingHome();
    const store = await VectorStore.open('test', { storage: home });
    const collection = await store.createCollection('c', { dimension: 4 });
    const rows = vectors(600, 4);
    await collection.insertMany(
      rows.map((embedding, i) => ({ id: `d${i}`, content: `long text ${i} `.repeat(80), embedding, metadata: { i } })),
    );
    await collection.checkpoint();
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getCollection('c');
    let reads = 0;
    home.beforeRead = () => new Promise((resolve) => setTimeout(resolve, reads++ % 3));
    await reopened.delete({ i: { $lt: 100 } });
    const compacting = reopened.compact();
    for (let round = 0; round < 30; round++) {
      const { hits } = await reopened.searchVector(rows[300 + round]!, {
        k: 5,
        include: ['content', 'metadata', 'embedding'],
      });
      for (const { id, content, metadata, embedding } of hits) {
        const i = Number(id.slice(1));
        expect(content!.startsWith(`long text ${i} `)).toBe(true);
        expect(metadata!['i']).toBe(i);
        expect(embedding).toEqual(rows[i]);
      }
    }
    expect(await compacting).toMatchObject({ removed: 100, documents: 500 });
    await again.close();
  });

  test('a compaction waits for a reader that waits for its bytes', async () => {
    const home = new FailingHome();
    const store = await VectorStore.open('test', { storage: home });
    const collection = await store.createCollection('c');
    await collection.insertMany(texts(0, 3000));
    await collection.checkpoint();
    await store.close();
    const again = await VectorStore.open('test', { storage: home });
    const reopened = await again.getCollection('c');
    await reopened.delete({ i: { $lt: 1000 } });
    let release: (() => void) | undefined;
    home.beforeRead = () => (release ? Promise.resolve() : new Promise((resolve) => (release = resolve)));
    const reading = reopened.get('d2500');
    await until(async () => release !== undefined);
    let compacted = false;
    const compacting = reopened.compact().then(() => (compacted = true));
    for (let turn = 0; turn < 300; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(compacted).toBe(false);
    release!();
    expect((await reading)!.content).toBe('text 2500 of many');
    await compacting;
    expect((await reopened.get('d2500'))!.content).toBe('text 2500 of many');
    await again.close();
  });
});
