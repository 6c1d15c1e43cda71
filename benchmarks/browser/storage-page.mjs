// The page of the storage benchmark: imports a store, opens it to the first answer, writes single documents.
import { VectorStore } from '/dist/index.js';

const DIMENSION = 384;
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

function floatOf(half) {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half & 0x8000 ? -magnitude : magnitude;
}

async function firstQuery() {
  const bits = new Uint16Array(await (await fetch('/data/queries.f16')).arrayBuffer(), 0, DIMENSION);
  return Float32Array.from(bits, floatOf);
}

/** Brings the store of the benchmark in, as it was stored in Node. */
globalThis.fillStore = async (storage) => {
  const started = performance.now();
  const store = await VectorStore.open('bench', { storage });
  await store.import((await fetch('/archive/bench.corsac')).body);
  await store.close();
  console.log(`\n${storage} in Chromium: imported in ${((performance.now() - started) / 1000).toFixed(1)} s`);
};

globalThis.openStore = async (storage) => {
  const query = await firstQuery();
  const opens = [];
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    const store = await VectorStore.open('bench', { storage });
    await (await store.getCollection('notes')).searchVector(query, { include: [] });
    opens.push(performance.now() - started);
    await store.close();
  }
  const each = opens.map((ms) => ms.toFixed(0)).join(', ');
  const raw = (await rawRead(storage)).toFixed(0);
  console.log(`open to first answer: ${each} ms (bar: 600 ms); reading its bytes alone: ${raw} ms`);
  const store = await VectorStore.open('upserts', { storage });
  const notes = await store.createCollection('notes', { dimension: DIMENSION });
  const times = [];
  for (let i = 0; i < 1_000; i++) {
    const started = performance.now();
    await notes.upsert({ id: String(i % 500), content: `text ${i}`, embedding: query });
    times.push(performance.now() - started);
  }
  console.log(`durable relaxed upsert: p50 ${median(times).toFixed(2)} ms (bar: 2 ms)`);
  await store.close();
  for (const name of ['upserts', 'bench']) await VectorStore.destroy(name, { storage });
};

/** Every stored byte, without Corsac. */
async function rawRead(storage) {
  const started = performance.now();
  if (storage === 'opfs') {
    const visit = async (folder) => {
      for await (const entry of folder.values()) {
        if (entry.kind === 'directory') await visit(entry);
        else await (await entry.getFile()).arrayBuffer();
      }
    };
    const root = await navigator.storage.getDirectory();
    await visit(await (await root.getDirectoryHandle('corsac')).getDirectoryHandle('bench'));
  } else {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open('corsac/bench');
      request.onsuccess = () => resolve(request.result);
    });
    await new Promise((resolve) => {
      const cursor = db.transaction('b').objectStore('b').openCursor();
      cursor.onsuccess = () => (cursor.result ? cursor.result.continue() : resolve());
    });
    db.close();
  }
  return performance.now() - started;
}
