import { expect, test } from 'vitest';

import { memoryStore } from './support/stores.js';

async function filled(contents: string[], text: object | undefined = undefined) {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { text: text as never });
  await collection.insertMany(contents.map((content, i) => ({ id: String(i), content })));
  return collection;
}

test('words come by how many documents have them, as they are spelled there', async () => {
  const collection = await filled(['happy foxes', 'Happiness, happily', 'happy', 'harbour', 'harbours', 'zebra']);
  // happy and happiness share the stem "happi"; that of happily is another.
  expect(await collection.suggest('ha')).toEqual([
    { text: 'happy', documents: 3 },
    { text: 'harbour', documents: 2 },
    { text: 'happily', documents: 1 },
  ]);
  expect(await collection.suggest('z')).toEqual([{ text: 'zebra', documents: 1 }]);
});

test('only live documents count, and the limit holds', async () => {
  const collection = await filled(['fox', 'fox', 'foal', 'foal', 'foal', 'fond']);
  await collection.delete(['2', '3', '4']);
  expect(await collection.suggest('fo')).toEqual([
    { text: 'fox', documents: 2 },
    { text: 'fond', documents: 1 },
  ]);
  expect(await collection.suggest('fo', { limit: 1 })).toEqual([{ text: 'fox', documents: 2 }]);
  await collection.checkpoint();
  await collection.insert({ id: 'new', content: 'fond fox' });
  expect(await collection.suggest('fo')).toEqual([
    { text: 'fox', documents: 3 },
    { text: 'fond', documents: 2 },
  ]);
});

test('the last word is completed, case and accents do not matter, the spelling is shown', async () => {
  const collection = await filled(['Café au lait', 'café noir', 'cafeteria']);
  expect(await collection.suggest('a CAFÉ')).toEqual([
    { text: 'café', documents: 2 },
    { text: 'cafeteria', documents: 1 },
  ]);
  expect(await collection.suggest('')).toEqual([]);
  expect(await collection.suggest('...')).toEqual([]);
  expect(await collection.suggest('zzz')).toEqual([]);
});

test('a stem that is no start of its word is not shown as one', async () => {
  const collection = await filled(['happy', 'happy']);
  expect(await collection.suggest('happi')).toEqual([]);
  expect(await collection.suggest('happ')).toEqual([{ text: 'happy', documents: 2 }]);
});

test('what cannot be completed is refused', async () => {
  const collection = await filled(['fox']);
  await expect(collection.suggest(1 as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(collection.suggest('f', { limit: 101 })).rejects.toMatchObject({ code: 'invalid_argument' });
  const store = await memoryStore();
  const vectors = await store.createCollection('v', { dimension: 2, text: false });
  await expect(vectors.suggest('f')).rejects.toMatchObject({ code: 'invalid_query' });
});
