import { afterEach, describe, expect, test, vi } from 'vitest';

import { capabilities, VectorStore, type Collection } from 'corsac';

const DIMENSION = 24;
let seed = 7;
/** In [-1, 1), the same in every run. */
const random = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 31 - 1;
const vectors = (count: number) =>
  Array.from({ length: count }, () => Float32Array.from({ length: DIMENSION }, random));
const DOCUMENTS = vectors(3000).map((embedding, i) => ({
  id: `d${i}`,
  content: i % 3 === 0 ? 'a fox under leaves' : 'a bear in the river',
  metadata: { third: i % 3 },
  embedding,
}));
const QUERIES = vectors(60);

async function filled(store: VectorStore): Promise<Collection> {
  const collection = await store.createCollection('c', {
    dimension: DIMENSION,
    index: { kind: 'hnsw', codec: 'sq8', efSearch: 32 },
  });
  await collection.insertMany(DOCUMENTS, { batchSize: 700 });
  await collection.delete(DOCUMENTS.slice(100, 400).map(({ id }) => id));
  await collection.insertMany(vectors(200).map((embedding, i) => ({ id: `late${i}`, embedding })));
  return collection;
}

/** What a graph shows of itself: what is found, and how many codes were looked at on the way. */
const trace = async (collection: Collection) =>
  (await collection.searchMany(QUERIES.map((vector) => ({ vector, include: [] })))).map(({ hits, how }) => [
    how.examined,
    ...hits.map(({ id, score }) => `${id} ${score}`),
  ]);

async function traceWith(threads: number): Promise<unknown> {
  seed = 99;
  const store = await VectorStore.open('x', { storage: 'memory', threads });
  try {
    expect(await store.stats()).toMatchObject({ threads, ...(threads > 1 && { variant: 'threads' }) });
    return await trace(await filled(store));
  } finally {
    await store.close();
  }
}

describe('threads', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('any number builds the same graph and gives the same answers', async () => {
    const alone = await traceWith(1);
    for (const threads of [2, 3]) expect(await traceWith(threads)).toEqual(alone);
  });

  test('what several wrote one reads', async () => {
    const directory = `${process.cwd()}/build/threads-test-${process.pid}`;
    const options = { storage: { directory } };
    await VectorStore.destroy('x', options);
    let store = await VectorStore.open('x', { ...options, threads: 3 });
    const before = await trace(await filled(store));
    await store.close();
    store = await VectorStore.open('x', options);
    expect(await trace(await store.getCollection('c'))).toEqual(before);
    await store.close();
    await VectorStore.destroy('x', options);
  });

  test.each([1, 3])('searchMany with %i answers as single searches do, whatever is asked', async (threads) => {
    const store = await VectorStore.open('x', { storage: 'memory', threads });
    try {
      const collection = await filled(store);
      const requests = QUERIES.slice(0, 40).flatMap((vector) => [
        { vector, k: 3, include: ['metadata' as const] },
        { vector, filter: { third: 1 }, efSearch: 64 },
        { text: 'river', k: 2, highlight: true },
        { text: 'fox', vector, k: 4 },
      ]);
      const shown = ({ hits, how: { ms: _, ...how } }: Awaited<ReturnType<Collection['search']>>) => ({ hits, how });
      const single = [];
      for (const request of requests) single.push(shown(await collection.search(request)));
      expect((await collection.searchMany(requests)).map(shown)).toEqual(single);
      expect(await collection.searchMany([])).toEqual([]);
    } finally {
      await store.close();
    }
  });

  test('searchMany refuses all when one cannot be answered', async () => {
    const store = await VectorStore.open('x', { storage: 'memory', threads: 2 });
    try {
      const collection = await filled(store);
      const bad = collection.searchMany([{ vector: QUERIES[0] }, { vector: QUERIES[0], filter: { $no: 1 } as never }]);
      await expect(bad).rejects.toMatchObject({ code: 'invalid_filter' });
      expect((await collection.searchMany([{ vector: QUERIES[0], k: 2 }]))[0]!.hits).toHaveLength(2);
    } finally {
      await store.close();
    }
  });

  test.each([
    ['0', { threads: 0 }],
    ['65', { threads: 65 }],
    ['2.5', { threads: 2.5 }],
    ['simd', { threads: 2, wasm: { variant: 'simd' as const } }],
  ])('%s is invalid_argument', async (named, options) => {
    const refusal = VectorStore.open('x', { storage: 'memory', ...options });
    await expect(refusal).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(named) });
  });

  test('auto takes one where threads cannot be; a number is unsupported_environment', async () => {
    expect(capabilities().threads).toBe(1);
    vi.stubGlobal('SharedArrayBuffer', undefined);
    await expect(VectorStore.open('x', { storage: 'memory', threads: 2 })).rejects.toMatchObject({
      code: 'unsupported_environment',
      message: expect.stringContaining('SharedArrayBuffer'),
    });
    const store = await VectorStore.open('x', { storage: 'memory', threads: 'auto' });
    expect((await store.stats()).threads).toBe(1);
    await store.close();
  });
});

describe('index.build', () => {
  const options = (build: 'parallel' | 'sequential') =>
    ({ dimension: DIMENSION, index: { kind: 'hnsw', codec: 'sq8', m: 8, build } }) as const;

  test('both find as much, each in a graph of its own, whatever the number of threads', async () => {
    const traces: unknown[] = [];
    for (const [build, threads] of [
      ['parallel', 1],
      ['sequential', 1],
      ['sequential', 3],
    ] as const) {
      const store = await VectorStore.open('x', { storage: 'memory', threads });
      const collection = await store.createCollection('c', options(build));
      await collection.insertMany(DOCUMENTS);
      traces.push(await trace(collection));
      await store.close();
    }
    const [parallel, sequential, threaded] = traces as (readonly (number | string)[])[][];
    expect(threaded).toEqual(sequential);
    expect(parallel).not.toEqual(sequential);
    const ids = (row: readonly (number | string)[]) => row.slice(1).map((hit) => String(hit).split(' ')[0]);
    const common = parallel!.map((row, i) => ids(row).filter((id) => ids(sequential![i]!).includes(id)).length);
    expect(common.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0.9 * 10 * QUERIES.length);
  });

  test('is part of what a collection is', async () => {
    const store = await VectorStore.open('x', { storage: 'memory' });
    await store.createCollection('c', options('sequential'));
    await store.getOrCreateCollection('c', options('sequential'));
    await expect(store.getOrCreateCollection('c', options('parallel'))).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('index.build is "sequential"'),
    });
    await store.close();
  });
});
