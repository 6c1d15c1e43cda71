import { expect, test } from 'vitest';

import { filter as f } from 'corsac';

import { memoryStore } from './support/stores.js';

const ROWS = [
  { id: 'a', content: 'a red fox', embedding: [1, 0], metadata: { lang: 'en', year: 2020, tags: ['x', 'y', 'x'] } },
  { id: 'b', content: 'a red bear', embedding: [0, 1], metadata: { lang: 'en', year: 2021, tags: ['x'] } },
  { id: 'c', content: 'ein roter fox', metadata: { lang: 'de', year: 2020, draft: true, note: null } },
  { id: 'd', content: 'nothing', embedding: [1, 1], metadata: { lang: 'fr', author: { name: 'Ada' }, draft: false } },
  { id: 'e', content: 'gone fox', embedding: [1, 2], metadata: { lang: 'en' } },
];

async function filled() {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 2 });
  await collection.insertMany(ROWS as never);
  await collection.delete('e');
  return collection;
}

test('values are counted over live documents, the elements of an array once a document', async () => {
  const collection = await filled();
  expect(await collection.facets(['lang', 'year', 'tags', 'author.name', 'draft', 'note', 'missing'])).toEqual({
    lang: { en: 2, de: 1, fr: 1 },
    year: { 2020: 2, 2021: 1 },
    tags: { x: 2, y: 1 },
    'author.name': { Ada: 1 },
    draft: { true: 1, false: 1 },
    note: { null: 1 },
    missing: {},
  });
  expect(await collection.facets(['lang'], f.eq('year', 2020))).toEqual({ lang: { en: 1, de: 1 } });
  expect(Object.keys((await collection.facets(['lang']))['lang']!)[0]).toBe('en');
});

test('a search counts what it could return without an end, whatever k', async () => {
  const collection = await filled();
  const text = await collection.searchText('fox red', { k: 1, facets: ['lang'] });
  expect(text.hits).toHaveLength(1);
  expect(text.facets).toEqual({ lang: { en: 2, de: 1 } });
  const both = await collection.searchText('fox red', { operator: 'and', facets: ['lang'] });
  expect(both.facets).toEqual({ lang: { en: 1 } });
  const vector = await collection.searchVector([1, 0], { k: 1, facets: ['lang'], filter: f.ne('lang', 'fr') });
  expect(vector.facets).toEqual({ lang: { en: 2 } });
  const hybrid = await collection.searchHybrid({ text: 'roter', vector: [1, 0] }, { k: 1, facets: ['lang', 'year'] });
  expect(hybrid.facets).toEqual({ lang: { en: 2, fr: 1, de: 1 }, year: { 2020: 2, 2021: 1 } });
  expect((await collection.searchText('fox')).facets).toBeUndefined();
});

test('at most the 100 commonest values of a path are there', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  const rows = Array.from({ length: 300 }, (_, i) => ({ id: String(i), metadata: { n: i % 150, s: `s${i % 149}` } }));
  await collection.insertMany(rows);
  const facets = await collection.facets(['n', 's']);
  expect(Object.keys(facets['n']!)).toHaveLength(100);
  expect(facets['s']!['s0']).toBe(3);
  expect(Object.keys(facets['s']!).slice(0, 2)).toEqual(['s0', 's1']);
});

test('hostile paths and values are only names', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  const metadata = JSON.parse(
    '{"__proto__":"x","constructor":["__proto__","toString"],"":"empty","a.b":1,"a":{"b":2}}',
  );
  await collection.insert({ id: 'a', metadata });
  const facets = await collection.facets(['__proto__', 'constructor', '', 'a.b', 'a']);
  expect(Object.entries(facets)).toEqual([
    ['__proto__', { x: 1 }],
    [
      'constructor',
      Object.fromEntries([
        ['__proto__', 1],
        ['toString', 1],
      ]),
    ],
    ['', { empty: 1 }],
    ['a.b', { 1: 1, 2: 1 }],
    ['a', {}],
  ]);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test.each([
  ['no list', 'lang'],
  ['a path that is no string', [1]],
  ['too many', Array.from({ length: 21 }, (_, i) => `p${i}`)],
])('%s is refused', async (_what, facets) => {
  const collection = await filled();
  await expect(collection.facets(facets as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(collection.searchText('fox', { facets: facets as never })).rejects.toMatchObject({
    code: 'invalid_argument',
  });
});
