// Threads in a page: those that the page may have, and why not where it may not.
import { capabilities, VectorStore } from 'corsac';

import { type Case, assert, equal, rejects } from '../support/assert.js';

const DIMENSION = 16;
const vector = (i: number) => Float32Array.from({ length: DIMENSION }, (_, j) => Math.sin(i * 12.9898 + j * 78.233));

/** What the graph of 1,500 vectors shows of itself. */
async function trace(threads: 'auto' | number): Promise<unknown> {
  const store = await VectorStore.open('threads', { storage: 'memory', threads });
  try {
    const collection = await store.createCollection('c', {
      dimension: DIMENSION,
      text: false,
      index: { kind: 'hnsw', codec: 'sq8', efSearch: 24 },
    });
    await collection.insertMany(Array.from({ length: 1500 }, (_, i) => ({ id: `${i}`, embedding: vector(i) })));
    const stats = await collection.stats();
    if (threads !== 'auto') equal(stats.threads, threads);
    const requests = Array.from({ length: 50 }, (_, i) => ({ vector: vector(i + 0.5), include: [] }));
    return (await collection.searchMany(requests)).map(({ hits, how }) => [how.examined, hits.map(({ id }) => id)]);
  } finally {
    await store.close();
  }
}

const refused = () =>
  rejects('unsupported_environment', () => VectorStore.open('threads', { storage: 'memory', threads: 2 }));

/** On a page that is cross-origin isolated. */
export const isolatedVisit: readonly Case[] = [
  {
    name: 'threads build the same graph in an isolated page, where the engine has shared memory',
    async run() {
      if (typeof SharedArrayBuffer !== 'function') {
        equal(capabilities().threads, 1);
        await refused();
        return;
      }
      assert(crossOriginIsolated, 'the page is isolated');
      equal(capabilities().threads, Math.min(navigator.hardwareConcurrency, 8));
      const alone = await trace(1);
      for (const threads of [2, 3, 'auto'] as const) equal(await trace(threads), alone);
    },
  },
];

/** On any other page. */
export const plainThreads: readonly Case[] = [
  {
    name: 'threads are one where the page is not isolated, and more are refused',
    async run() {
      equal(capabilities().threads, 1);
      await refused();
    },
  },
];
