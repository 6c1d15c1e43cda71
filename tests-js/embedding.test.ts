import { describe, expect, test } from 'vitest';

import { VectorStore, type StoreEvents } from 'corsac';

import { Letters } from './support/letters.js';
import { folder, memoryStore } from './support/stores.js';

async function reopened(run: (store: VectorStore) => Promise<void>): Promise<void> {
  const storage = folder();
  const first = await VectorStore.open('test', { storage });
  const notes = await first.createCollection('notes', { embedder: new Letters() });
  await notes.insert({ id: 'fox', content: 'a brown fox' });
  await first.close();
  const store = await VectorStore.open('test', { storage });
  try {
    await run(store);
  } finally {
    await store.close();
  }
}

describe('a collection made with an embedder', () => {
  test('takes its dimension and fingerprint from it', async () => {
    const store = await memoryStore();
    const notes = await store.createCollection('notes', { embedder: new Letters({ dimension: 5 }) });
    expect(notes.dimension).toBe(5);
    await expect(store.createCollection('other', { embedder: new Letters(), dimension: 5 })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('embeds new content on update, and keeps the vector when only metadata changes', async () => {
    const store = await memoryStore();
    const letters = new Letters();
    const notes = await store.createCollection('notes', { embedder: letters });
    await notes.insert({ id: 'a', content: 'aaa' });
    await notes.update('a', { metadata: { x: 1 } });
    expect(letters.calls).toHaveLength(1);
    expect((await notes.get('a', { include: ['embedding'] }))!.embedding![0]).toBe(3);
    await notes.update('a', { content: 'bb' });
    expect((await notes.get('a', { include: ['embedding', 'metadata'] }))!).toMatchObject({ metadata: { x: 1 } });
    expect((await notes.get('a', { include: ['embedding'] }))!.embedding![1]).toBe(2);
  });

  test('without it, what needs it is model; the rest works', () =>
    reopened(async (store) => {
      const notes = await store.getCollection('notes');
      await expect(notes.search('fox')).rejects.toMatchObject({
        code: 'model',
        message: expect.stringContaining('letters-1'),
      });
      await expect(notes.insert({ id: 'b', content: 'bear' })).rejects.toMatchObject({ code: 'model' });
      expect(await notes.has('b')).toBe(false);
      await notes.insert({ id: 'c', content: 'cat', embedding: new Float32Array(26).fill(1) });
      expect((await notes.searchText('fox')).hits).toHaveLength(1);
      expect((await notes.searchVector(new Float32Array(26).fill(1))).hits).toHaveLength(2);
      const again = await store.getCollection('notes', { embedder: new Letters() });
      expect(again).toBe(notes);
      expect((await again.search('fox')).how.mode).toBe('hybrid');
    }));

  test('with another one it opens, tells drift, and rejects what would compare the two', () =>
    reopened(async (store) => {
      const told: StoreEvents['drift'][] = [];
      store.on('drift', (event) => told.push(event));
      const notes = await store.getOrCreateCollection('notes', { embedder: new Letters({ fingerprint: 'letters-2' }) });
      expect(told).toEqual([{ collection: 'notes', stored: 'letters-1', given: 'letters-2' }]);
      await expect(notes.search('fox')).rejects.toMatchObject({ code: 'drift' });
      await expect(notes.upsert({ id: 'fox', content: 'new' })).rejects.toMatchObject({ code: 'drift' });
      await expect(notes.searchHybrid({ text: 'fox' })).rejects.toMatchObject({ code: 'drift' });
      expect((await notes.searchText('fox')).hits).toHaveLength(1);
      expect((await notes.get('fox'))!.content).toBe('a brown fox');
      expect(await notes.delete('fox')).toBe(1);
      const right = await store.getCollection('notes', { embedder: new Letters() });
      await right.insert({ id: 'bear', content: 'a bear' });
      expect((await right.search('bear')).hits[0]!.id).toBe('bear');
    }));

  test('a failure of the model is model, with its cause, and nothing changed', async () => {
    const store = await memoryStore();
    const letters = new Letters();
    const notes = await store.createCollection('notes', { embedder: letters });
    letters.failure = new Error('out of memory on the GPU');
    await expect(notes.insert({ id: 'a', content: 'x' })).rejects.toMatchObject({
      code: 'model',
      cause: letters.failure,
    });
    await expect(notes.search('x')).rejects.toMatchObject({ code: 'model' });
    expect(await notes.count()).toBe(0);
  });

  test.each([
    ['too few vectors', async () => []],
    ['another length', async () => [new Float32Array(3)]],
    ['no vectors', async () => [[1, 2]]],
    ['NaN', async () => [new Float32Array(26).fill(NaN)]],
    ['nothing', async () => undefined],
  ])('an embedder that returns %s is model', async (_name, embed) => {
    const store = await memoryStore();
    const notes = await store.createCollection('notes', { embedder: Object.assign(new Letters(), { embed }) as never });
    await expect(notes.insert({ id: 'a', content: 'x' })).rejects.toMatchObject({ code: 'model' });
    expect(await notes.count()).toBe(0);
  });

  test('vectors of an embedder that cannot fit are refused', async () => {
    const store = await memoryStore();
    await store.createCollection('text');
    await store.createCollection('three', { dimension: 3 });
    await expect(store.getCollection('text', { embedder: new Letters() })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(store.getCollection('three', { embedder: new Letters() })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    const fits = await store.getCollection('three', { embedder: new Letters({ dimension: 3 }) });
    await fits.insert({ id: 'a', content: 'abc' });
    expect((await fits.search('cab')).how.mode).toBe('hybrid');
  });
});
