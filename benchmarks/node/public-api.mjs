// What a user of the package gets on the real vectors: build, recall and latency, reopening.
import { rm } from 'node:fs/promises';

import { webWorker } from './web-worker.mjs';
import { readWordNetVectors, recallAt10 } from './wordnet-vectors.mjs';

const SWEEP = [32, 48, 64, 80, 96, 128, 192];
const WARM_UP = 200;

/** Prints one table per codec. `folder` holds the vectors, `directory` is used for the store and removed. */
export async function measurePublicApi(corsac, { folder, directory, workerUrl, codecs = ['f32', 'sq8'], limit }) {
  const data = await readWordNetVectors(folder, limit);
  for (const codec of codecs) {
    await rm(directory, { recursive: true, force: true });
    await build(corsac, data, codec, directory);
    await ask(corsac, data, codec, directory, workerUrl);
  }
  await rm(directory, { recursive: true, force: true });
}

async function build({ VectorStore }, { base }, codec, directory) {
  const store = await VectorStore.open('bench', { storage: { directory }, worker: false });
  try {
    const vectors = await store.createCollection('vectors', {
      dimension: 384,
      text: false,
      index: { kind: 'hnsw', codec },
    });
    const started = performance.now();
    await vectors.insertMany(base.map((embedding, i) => ({ id: String(i), content: `row ${i}`, embedding })));
    const seconds = (performance.now() - started) / 1000;
    const stats = await vectors.stats();
    console.log(`\nhnsw ${codec}, ${base.length} x 384, variant ${stats.variant}, Node ${process.version}`);
    console.log(
      `insert, logged and checkpointed: ${Math.round(base.length / seconds)} vectors/s (${seconds.toFixed(1)} s)`,
    );
  } finally {
    await store.close();
  }
}

async function ask({ VectorStore }, { base, sets }, codec, directory, workerUrl) {
  const opened = performance.now();
  const store = await VectorStore.open('bench', { storage: { directory }, worker: false });
  let vectors = await store.getCollection('vectors');
  await vectors.searchVector(sets[0].vectors[0], { include: [] });
  console.log(`open to first answer: ${(performance.now() - opened).toFixed(0)} ms`);
  console.log('ef    recall@10 A  p50 us  p99 us   recall@10 B  p50 us  p99 us   (ids and scores, worker: false)');
  for (const efSearch of SWEEP) {
    const cells = [];
    for (const set of sets) {
      const { answers, p50, p99 } = await timed(vectors, set, { k: 10, efSearch, include: [] });
      const recall = base.length === 100_000 ? recallAt10(base, set, answers).toFixed(4) : '     -';
      cells.push(`${recall.padStart(11)} ${us(p50)} ${us(p99)}`);
    }
    console.log(`${String(efSearch).padEnd(4)} ${cells.join('  ')}`);
  }
  const withDocuments = await timed(vectors, sets[0], { k: 10 });
  console.log(`default options with documents: p50 ${us(withDocuments.p50)} us, p99 ${us(withDocuments.p99)} us`);
  await store.close();
  await throughWorker(VectorStore, sets[0], directory, workerUrl);
}

async function throughWorker(VectorStore, set, directory, workerUrl) {
  const store = await VectorStore.open('bench', { storage: { directory }, worker: () => webWorker(workerUrl) });
  try {
    const vectors = await store.getCollection('vectors');
    const { p50, p99 } = await timed(vectors, set, { k: 10, include: [] });
    console.log(`default options through a worker: p50 ${us(p50)} us, p99 ${us(p99)} us`);
  } finally {
    await store.close();
  }
}

async function timed(vectors, { vectors: queries }, options) {
  for (const query of queries.slice(0, WARM_UP)) await vectors.searchVector(query, options);
  const times = [];
  const answers = [];
  for (const query of queries) {
    const started = performance.now();
    const { hits } = await vectors.searchVector(query, options);
    times.push(performance.now() - started);
    answers.push(hits.map(({ id }) => id));
  }
  times.sort((a, b) => a - b);
  return { answers, p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] };
}

const us = (ms) => (ms * 1000).toFixed(0).padStart(6);
