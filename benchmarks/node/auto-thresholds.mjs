// Where does an automatic index move? Queries per kind of index over growing parts of the real vectors, through the
// public API; recall@10 against the exact index of the same part. Rounds are interleaved: the medians of one row
// were measured under the same load.
import { readWordNetVectors } from './wordnet-vectors.mjs';

const KINDS = [
  ['flat f32', { kind: 'flat', codec: 'f32' }],
  ['flat sq8', { kind: 'flat', codec: 'sq8' }],
  ['hnsw sq8', { kind: 'hnsw', codec: 'sq8' }],
];
const ROUNDS = 5;
const QUERIES = 100;

export async function measureAutoThresholds(
  { VectorStore },
  { folder, sizes = [500, 1000, 2000, 5000, 10_000, 20_000] },
) {
  const { base, sets } = await readWordNetVectors(folder, Math.max(...sizes));
  const store = await VectorStore.open('bench', { storage: 'memory', worker: false });
  console.log(
    'vectors  ' + KINDS.map(([name]) => `${name}: p50 us  recall A / B`).join('    ') + '    insert vectors/s',
  );
  try {
    for (const size of sizes) console.log(await row(store, base.slice(0, size), sets));
  } finally {
    await store.close();
  }
}

async function row(store, base, sets) {
  const collections = [];
  const rates = [];
  for (const [name, index] of KINDS) {
    const collection = await store.createCollection(name, { dimension: 384, text: false, index });
    const started = performance.now();
    await collection.insertMany(base.map((embedding, i) => ({ id: String(i), embedding })));
    rates.push(Math.round((base.length / (performance.now() - started)) * 1000));
    collections.push(collection);
  }
  const times = KINDS.map(() => []);
  const found = KINDS.map(() => sets.map(() => []));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, collection] of collections.entries()) {
      for (const [s, { vectors }] of sets.entries()) {
        for (const [q, vector] of vectors.slice(0, QUERIES).entries()) {
          const started = performance.now();
          const { hits } = await collection.searchVector(vector, { include: [] });
          if (round > 0) times[i].push(performance.now() - started);
          found[i][s][q] = hits.map(({ id }) => id);
        }
      }
    }
  }
  for (const [name] of KINDS) await store.deleteCollection(name);
  const cells = KINDS.map((_, i) => {
    const sorted = times[i].sort((a, b) => a - b);
    const recalls = sets.map((_, s) => overlap(found[i][s], found[0][s]).toFixed(3));
    return `${(sorted[sorted.length >> 1] * 1000).toFixed(0).padStart(16)}  ${recalls.join(' / ')}`;
  });
  return `${String(base.length).padStart(7)}  ${cells.join('    ')}    ${rates.join(' / ')}`;
}

const overlap = (answers, truth) =>
  answers.reduce((sum, ids, q) => sum + ids.filter((id) => truth[q].includes(id)).length, 0) /
  truth.reduce((sum, ids) => sum + ids.length, 0);
