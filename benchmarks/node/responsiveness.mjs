// Does work in the background hold up searches? Latency of single searches through a worker while the store is
// quiet, and during a build, a compaction and the move of an automatic index. The bar: p99 <= quiet p99 + 8 ms.
import { rm } from 'node:fs/promises';

import { readWordNetVectors } from './wordnet-vectors.mjs';
import { webWorker } from './web-worker.mjs';

const SLICE_MS = 8;
const QUIET_SEARCHES = 1500;

export async function measureResponsiveness({ VectorStore }, { folder, directory, workerUrl, size = 20_000 }) {
  const { base, sets } = await readWordNetVectors(folder, size + 12_000);
  const queries = sets[0].vectors;
  const open = async () => {
    await rm(directory, { recursive: true, force: true });
    return VectorStore.open('bench', { storage: { directory }, worker: () => webWorker(workerUrl) });
  };
  const rows = [];

  let store = await open();
  const graph = await store.createCollection('graph', { dimension: 384, index: { kind: 'hnsw', codec: 'sq8' } });
  await graph.insertMany(documents(base, 0, size));
  await graph.checkpoint();
  for (const query of queries.slice(0, 300)) await graph.searchVector(query, { include: [] });
  const quiet = await searching(graph, queries, (done) => done >= QUIET_SEARCHES);
  rows.push(['quiet', quiet]);
  rows.push(['build', await during(graph, queries, () => graph.insertMany(documents(base, size, size + 6000)))]);
  await graph.delete(base.slice(0, size / 3).map((_, i) => `d${i * 2}`));
  rows.push(['compaction', await during(graph, queries, () => graph.compact())]);
  rows.push(['checkpoint', await during(graph, queries, () => graph.checkpoint())]);
  await store.close();

  store = await open();
  const auto = await store.createCollection('auto', { dimension: 384, text: false });
  await auto.insertMany(documents(base, 0, 10_000));
  while ((await auto.stats()).index !== 'flat sq8') await pause(50);
  const before = await searching(auto, queries, (done) => done >= QUIET_SEARCHES);
  rows.push(['quiet, flat sq8', before]);
  await auto.insertMany(documents(base, 10_000, 10_001));
  let moved = false;
  const watch = (async () => {
    while ((await auto.stats()).index !== 'hnsw sq8') await pause(50);
    moved = true;
  })();
  rows.push(['migration', await searching(auto, queries, () => moved)]);
  await watch;
  await store.close();
  await rm(directory, { recursive: true, force: true });

  console.log(`searches through a worker, ${size} x 384, Node ${process.version}: ms`);
  console.log('                   searches     p50     p99     max   p99 - quiet p99');
  for (const [name, times] of rows) {
    const bar = name === 'migration' ? before : quiet;
    const extra = at(times, 0.99) - at(bar, 0.99);
    const cells = [at(times, 0.5), at(times, 0.99), times.at(-1)].map((ms) => ms.toFixed(2).padStart(7));
    const verdict = name.startsWith('quiet')
      ? ''
      : `${extra.toFixed(2).padStart(8)}${extra <= SLICE_MS ? '' : '  ABOVE 8 ms'}`;
    console.log(`${name.padEnd(18)} ${String(times.length).padStart(8)} ${cells.join(' ')}   ${verdict}`);
  }
}

const documents = (base, from, to) =>
  base.slice(from, to).map((embedding, i) => ({
    id: `d${from + i}`,
    content: `the entry of row ${from + i}, a few words that stand for a gloss`,
    metadata: { i: from + i, kind: i % 7 },
    embedding,
  }));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

async function during(collection, queries, work) {
  let finished = false;
  const working = Promise.resolve(work()).finally(() => (finished = true));
  const times = await searching(collection, queries, () => finished);
  await working;
  return times;
}

/** Sorted latencies of one search after another, a short pause between two. */
async function searching(collection, queries, enough) {
  const times = [];
  for (let i = 0; !enough(i); i++) {
    const started = performance.now();
    await collection.searchVector(queries[i % queries.length], { include: [] });
    times.push(performance.now() - started);
    await pause(1);
  }
  return times.sort((a, b) => a - b);
}
