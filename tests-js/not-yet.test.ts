import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { VectorStore, type Collection } from 'corsac';

type Row = [name: string, call: (collection: any, store: any) => unknown];

const create = (options: object) => (_: unknown, store: any) => store.createCollection('new', options);
const open = (options: object) => () => VectorStore.open('x', { storage: 'memory', ...options } as never);

/** Everything of the API that comes with a later version. */
const LATER: Row[] = [
  ['multiVector', create({ multiVector: { dimension: 3 } })],
  ['salvage', open({ onCorruption: 'salvage' })],
];

/** What must be accepted, and do what it says by doing nothing special. */
const TODAY: Row[] = [
  [
    'threads 1',
    async () =>
      (
        await VectorStore.open('x', {
          storage: 'memory',
          threads: 1,
          tabs: 'exclusive',
          onCorruption: 'stop',
          worker: 'auto',
        })
      ).close(),
  ],
  ['lenient true', (c) => c.searchText('x', { lenient: true })],
  [
    'undefined options',
    (c) =>
      c.searchText('x', { fuzzy: undefined, k: undefined, filter: undefined, target: undefined, nonsense: undefined }),
  ],
  [
    'build and layout by their defaults',
    async (_, s) => {
      await s.createCollection('new', {
        dimension: 2,
        index: { kind: 'hnsw', build: 'sequential', layout: 'compact', codec: 'sq8', rerank: 'plane' },
      });
      await s.deleteCollection('new');
    },
  ],
];

describe('what is not available yet exists by name and says so', () => {
  let store: VectorStore;
  let collection: Collection;

  beforeAll(async () => {
    store = await VectorStore.open('test', { storage: 'memory' });
    collection = await store.createCollection('c', { dimension: 2 });
  });
  afterAll(() => store.close());

  test.each(LATER)('%s', async (name, call) => {
    const refusal = Promise.resolve().then(() => call(collection, store));
    await expect(refusal).rejects.toMatchObject({
      name: 'CorsacError',
      code: 'invalid_argument',
      message: expect.stringContaining('not available yet'),
    });
    await expect(refusal).rejects.toThrow(name);
    expect(await store.collections()).toEqual(['c']);
  });

  test.each(TODAY)('%s is accepted', async (_name, call) => {
    await call(collection, store);
  });
});
