// One engine for Node in a process of its own, answering rounds: see engine-process.mjs for the protocol.
//   node node-peer.mjs <engine> <folder> <dimension> <m> <efConstruction> <folder of node_modules or of dist>
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { floats } from './data.mjs';

const [name, folder, ...numbers] = process.argv.slice(2, 7);
const [dimension, m, efConstruction] = numbers.map(Number);
const packages = process.argv[7];
const require = createRequire(join(packages, 'package.json'));
const K = 10;

const base = await floats(join(folder, 'base.f32'));
const count = base.length / dimension;
const row = (of, i) => of.subarray(i * dimension, (i + 1) * dimension);

/** Each gives { about, search(query, ef): ids or a promise of them }. */
const ENGINES = {
  async corsac() {
    const { VectorStore, capabilities } = await import(pathToFileURL(join(packages, 'index.js')).href);
    const variant = name === 'corsac-relaxed' ? 'relaxed' : 'simd';
    const store = await VectorStore.open('bench', { storage: 'memory', worker: false, wasm: { variant } });
    const index = { kind: 'hnsw', codec: 'sq8', m, efConstruction };
    const vectors = await store.createCollection('vectors', { dimension, text: false, originals: 'none', index });
    await vectors.insertMany(Array.from({ length: count }, (_, i) => ({ id: String(i), embedding: row(base, i) })));
    await vectors.flush();
    return {
      about: `corsac, public API, worker: false, ${JSON.stringify(await capabilities())}`,
      search: async (query, efSearch) =>
        (await vectors.searchVector(query, { k: K, efSearch, include: [] })).hits.map(({ id }) => Number(id)),
    };
  },
  'hnswlib-node'() {
    const { HierarchicalNSW } = require('hnswlib-node');
    const index = new HierarchicalNSW('ip', dimension);
    index.initIndex(count, m, efConstruction, 1);
    for (let i = 0; i < count; i++) index.addPoint(Array.from(row(base, i)), i);
    return {
      about: 'hnswlib-node, compiled here',
      search(query, ef) {
        index.setEf(Math.max(ef, K));
        return index.searchKnn(Array.from(query), K).neighbors;
      },
    };
  },
  'usearch-node'() {
    const { Index, MetricKind, ScalarKind } = require('usearch');
    const at = { metric: MetricKind.Cos, dimensions: dimension, connectivity: m, quantization: ScalarKind.F32 };
    // The width of a search is fixed when an index is made: one index, viewed with each width.
    const make = (expansion_search) => new Index({ ...at, expansion_add: efConstruction, expansion_search });
    const first = make(64);
    for (let i = 0; i < count; i += 1000) {
      const keys = BigUint64Array.from({ length: Math.min(1000, count - i) }, (_, j) => BigInt(i + j));
      first.add(keys, base.subarray(i * dimension, (i + keys.length) * dimension), 1);
    }
    const file = join(folder, 'usearch.index');
    first.save(file);
    const views = new Map();
    return {
      about: 'usearch for Node, its prebuilt library',
      prepare(ef) {
        if (views.has(ef)) return;
        views.clear();
        const index = make(ef);
        index.load(file);
        views.set(ef, index);
      },
      search: (query, ef) => Array.from(views.get(ef).search(query, K, 1).keys, Number),
    };
  },
  async 'hnswlib-wasm'() {
    require('fake-indexeddb/auto'); // It mounts a file system over IndexedDB when it starts.
    globalThis.window ??= globalThis;
    const { loadHnswlib } = await import(
      pathToFileURL(join(packages, 'node_modules/hnswlib-wasm/dist/hnswlib.js')).href
    );
    const lib = await loadHnswlib();
    const index = new lib.HierarchicalNSW('ip', dimension, '');
    index.initIndex(count, m, efConstruction, 1);
    for (let i = 0; i < count; i += 1000) {
      index.addItems(
        Array.from({ length: Math.min(1000, count - i) }, (_, j) => row(base, i + j)),
        false,
      );
    }
    return {
      about: 'hnswlib-wasm, scalar wasm',
      search(query, ef) {
        index.setEfSearch(Math.max(ef, K));
        return index.searchKnn(query, K, undefined).neighbors;
      },
    };
  },
  async edgevec() {
    const at = join(packages, 'node_modules/edgevec');
    const { default: init, EdgeVec, EdgeVecConfig } = await import(pathToFileURL(join(at, 'edgevec.js')).href);
    await init({ module_or_path: readFileSync(join(at, 'edgevec_bg.wasm')) });
    const config = new EdgeVecConfig(dimension);
    config.metric = 'l2'; // cosine and dot rank backwards in 0.9.0
    config.m = m;
    config.m0 = 2 * m;
    config.ef_construction = efConstruction;
    config.ef_search = 100;
    const db = new EdgeVec(config);
    const places = new Map();
    for (let i = 0; i < count; i++) places.set(Number(db.insert(row(base, i))), i);
    return {
      about: 'edgevec, scalar wasm, l2, ef 100: its width is fixed when an index is made',
      search: (query) => db.search(query, K).map(({ id }) => places.get(Number(id)) ?? -1),
      fixed: true,
    };
  },
  async voy() {
    const at = join(packages, 'node_modules/voy-search');
    const glue = await import(pathToFileURL(join(at, 'voy_search_bg.js')).href);
    const wasm = readFileSync(join(at, 'voy_search_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(wasm, { './voy_search_bg.js': glue });
    glue.__wbg_set_wasm(instance.exports);
    const voy = new glue.Voy();
    for (let i = 0; i < count; i += 500) {
      const embeddings = Array.from({ length: Math.min(500, count - i) }, (_, j) => ({
        id: String(i + j),
        title: '',
        url: '',
        embeddings: Array.from(row(base, i + j)),
      }));
      voy.add({ embeddings });
    }
    return {
      about: 'voy, exact k-d tree, wasm',
      search: (query) => voy.search(query, K).neighbors.map(({ id }) => Number(id)),
      fixed: true,
    };
  },
  async orama() {
    const { create, insertMultiple, search } = await import(require.resolve('@orama/orama'));
    const db = create({ schema: { embedding: `vector[${dimension}]` } });
    const documents = Array.from({ length: count }, (_, i) => ({ id: String(i), embedding: Array.from(row(base, i)) }));
    await insertMultiple(db, documents, 500);
    return {
      about: 'Orama, exact scan in JavaScript, without documents',
      search: async (query) => {
        const vector = { value: Array.from(query), property: 'embedding' };
        const { hits } = await search(db, { mode: 'vector', vector, similarity: 0, limit: K });
        return hits.map(({ id }) => Number(id));
      },
      fixed: true,
    };
  },
};

const report = (from, used) => {
  const { user, system } = process.cpuUsage(used);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - from) / 1000 };
};

let started = performance.now();
let used = process.cpuUsage();
const engine = await ENGINES[name.startsWith('corsac') ? 'corsac' : name]();
console.log('ready', JSON.stringify({ ...report(started, used), about: engine.about, fixed: engine.fixed ?? false }));

const sets = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const [, set, ef, queries, file] = line.split(' ');
  if (!sets.has(set)) sets.set(set, await floats(join(folder, `set${set}.f32`)));
  const vectors = sets.get(set);
  const ids = new Int32Array(Number(queries) * K).fill(-1);
  engine.prepare?.(Number(ef));
  started = performance.now();
  used = process.cpuUsage();
  for (let q = 0; q < Number(queries); q++) {
    ids.set((await engine.search(row(vectors, q), Number(ef))).slice(0, K), q * K);
  }
  const took = report(started, used);
  await writeFile(file, new Uint8Array(ids.buffer));
  console.log('done', JSON.stringify(took));
}
