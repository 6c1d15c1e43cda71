import { describe, expect, test } from 'vitest';

import { memoryStore } from './support/stores.js';

const ids = (results: Iterable<{ id: string }>) => Array.from(results, ({ id }) => id).sort();

const indexed = async (language: string, texts: Record<string, string>) => {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { text: { language } });
  await collection.insertMany(Object.entries(texts).map(([id, content]) => ({ id, content })));
  return collection;
};

describe('languages', () => {
  test.each([
    ['es', 'los gatos duermen', 'gato'],
    ['de', 'die Häuser am Fluss', 'Haus'],
    ['fr', 'les chevaux courent', 'cheval'],
    ['ru', 'кошки спят', 'кошка'],
    ['fi', 'kissat nukkuvat', 'kissa'],
    ['tr', 'kediler uyuyor', 'kedi'],
  ])('%s finds inflected words', async (language, text, query) => {
    const collection = await indexed(language, { yes: text, no: 'other' });
    expect(ids(await collection.searchText(query))).toEqual(['yes']);
  });

  test('auto chooses by script', async () => {
    const collection = await indexed('auto', { en: 'foxes', ru: 'кошки спят', ja: '東京都' });
    expect(ids(await collection.searchText('fox'))).toEqual(['en']);
    expect(ids(await collection.searchText('кошка'))).toEqual(['ru']);
    expect(ids(await collection.searchText('東京'))).toEqual(['ja']);
  });

  test('an unknown one is named, with those there are', async () => {
    const store = await memoryStore();
    await expect(store.createCollection('c', { text: { language: 'xx' } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/'xx'.*ar, ca, da.*yi, auto, none/),
    });
    expect(await store.collections()).toEqual([]);
  });
});
