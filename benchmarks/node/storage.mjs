// What does durability cost in Node and natively? Checkpoints after few changes, codecs, opening, single writes.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

import { readWordNet } from '../../scripts/wordnet.mjs';
import { readWordNetVectors } from './wordnet-vectors.mjs';

const mb = (bytes) => (bytes / 1e6).toFixed(2).padStart(8);
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];
const quantile = (times, q) => [...times].sort((a, b) => a - b)[Math.floor(times.length * q)];
const OPTIONS = { dimension: 384, index: { kind: 'hnsw', codec: 'sq8' } };
const ROUNDS = 9;
/** No checkpoint but those that are asked for, each writing all that changed. */
const BY_HAND = { operations: 2 ** 30, walBytes: 2 ** 40 };

/** WordNet's entries with the vectors of their glosses. */
export async function readDocuments(folder, limit) {
  const { base, sets } = await readWordNetVectors(folder, limit);
  const entries = new Map((await readWordNet()).map((entry) => [entry.id, entry]));
  const lines = (await readFile(join(folder, 'base.tsv'), 'utf8')).split('\n');
  const documents = base.map((embedding, i) => {
    const { content = '', metadata = {} } = entries.get(lines[i]?.trim().replace('\t', '-')) ?? {};
    return { id: String(i), content, metadata: { pos: metadata.pos, words: metadata.words?.length ?? 0 }, embedding };
  });
  return { documents, queries: sets[0].vectors };
}

function printSections({ sections, bytesBefore, bytesAfter, ratio, ms }) {
  console.log('  section           original MB  stored MB   ratio       ms');
  for (const each of [...sections].sort((a, b) => b.bytesAfter - a.bytesAfter)) {
    const share = (each.bytesBefore / Math.max(1, each.bytesAfter)).toFixed(2).padStart(7);
    console.log(
      `  ${each.name.padEnd(18)} ${mb(each.bytesBefore)}   ${mb(each.bytesAfter)} ${share} ${each.ms.toFixed(1).padStart(8)}`,
    );
  }
  console.log(
    `  ${'all'.padEnd(18)} ${mb(bytesBefore)}   ${mb(bytesAfter)} ${ratio.toFixed(2).padStart(7)} ${ms.toFixed(1).padStart(8)}`,
  );
}

/** A full snapshot, then the checkpoint after 1,000 changes; leaves the store in `directory`. */
export async function measureCheckpoints({ VectorStore }, { documents }, directory) {
  const spare = 500;
  const kept = documents.length - spare;
  const store = await VectorStore.open('bench', { storage: { directory }, worker: false, checkpoint: BY_HAND });
  try {
    const notes = await store.createCollection('notes', OPTIONS);
    await notes.insertMany(documents.slice(0, kept));
    const full = await notes.checkpoint();
    console.log(`\nfull snapshot of ${kept} x 384 with text (lz4)`);
    printSections(full);
    await notes.insertMany(documents.slice(kept));
    const other = documents.slice(0, 250).map((each, i) => ({ ...each, content: `${each.content} ${i}` }));
    await notes.insertMany(other, { mode: 'upsert' });
    await notes.delete(documents.slice(1_000, 1_250).map(({ id }) => id));
    const changed = await notes.checkpoint();
    console.log('\nthe checkpoint after 500 inserts, 250 upserts, 250 deletes');
    printSections(changed);
    const share = (100 * changed.bytesAfter) / full.bytesAfter;
    console.log(`it wrote ${share.toFixed(2)} % of the bytes of the full snapshot (bar: 5 %)`);
  } finally {
    await store.close();
  }
}

/** Original, stored, ratio and time of each codec over the same documents. */
export async function measureCodecs({ VectorStore }, { documents }) {
  for (const codec of ['none', 'gzip', 'lz4', 'zstd']) {
    const store = await VectorStore.open('bench', { storage: 'memory', checkpoint: { ...BY_HAND, codec } });
    try {
      const notes = await store.createCollection('notes', { dimension: 384, index: { kind: 'flat' } });
      await notes.insertMany(documents.slice(0, 10_000));
      console.log(`\ncodec ${codec}, ${Math.min(10_000, documents.length)} documents`);
      printSections(await notes.checkpoint());
    } finally {
      await store.close();
    }
  }
}

/** Every stored byte, without Corsac. */
async function readAll(directory) {
  let bytes = 0;
  const started = performance.now();
  for (const file of await readdir(directory, { recursive: true })) {
    const path = join(directory, file);
    if ((await stat(path)).isFile()) bytes += (await readFile(path)).length;
  }
  return { bytes, ms: performance.now() - started };
}

/** Open to the first answer, in Node and by the native host in turns, with the time of reading every file beside it. */
export async function measureOpening({ VectorStore }, { queries }, directory, program) {
  const times = { read: [], node: [], native: [] };
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const read = await readAll(directory);
    bytes = read.bytes;
    times.read.push(read.ms);
    const started = performance.now();
    const store = await VectorStore.open('bench', { storage: { directory }, worker: false });
    const notes = await store.getCollection('notes');
    await notes.searchVector(queries[0], { include: [] });
    times.node.push(performance.now() - started);
    await store.close();
    if (existsSync(program)) times.native.push(await openNatively(program, directory, queries[0]));
  }
  console.log(`\nopen to first answer, median and best of ${ROUNDS} (bar natively: 300 ms)`);
  const line = (name, all) =>
    console.log(`  ${name.padEnd(34)} ${median(all).toFixed(0).padStart(5)} ms, ${Math.min(...all).toFixed(0)} ms`);
  line(`reading all ${mb(bytes).trim()} MB of its files`, times.read);
  line('Node, files', times.node);
  if (times.native.length > 0) line('native, files', times.native);
  else console.log(`  native: skipped, ${program} is not built`);
}

/** A process of its own opens the store, answers one query, and says how long that took it. */
async function openNatively(program, directory, query) {
  const child = spawn(program, ['store', directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = JSON.parse((await lines.next()).value);
    if (answer.code) throw new Error(answer.message);
    return answer.ms;
  };
  const opened = await ask({ do: 'report', collection: 'notes' });
  const answered = await ask({ do: 'search', collection: 'notes', embedding: [...query], k: 10 });
  await ask({ do: 'close' });
  child.stdin.end();
  return opened + answered;
}

/** The store as one file, for a browser to import. */
export async function writeArchive({ VectorStore }, directory, path) {
  const store = await VectorStore.open('bench', { storage: { directory }, worker: false });
  try {
    await store.export().pipeTo(Writable.toWeb(createWriteStream(path)));
  } finally {
    await store.close();
  }
}

/** Single relaxed upserts, as an application makes them. */
export async function measureUpserts({ VectorStore }, { documents }, directory) {
  await rm(directory, { recursive: true, force: true });
  for (const [name, storage] of [
    ['memory', 'memory'],
    ['files in Node', { directory }],
  ]) {
    const store = await VectorStore.open('bench', { storage, worker: false });
    const notes = await store.createCollection('notes', { dimension: 384 });
    const times = [];
    for (let i = 0; i < 1_000; i++) {
      const started = performance.now();
      await notes.upsert(documents[i % documents.length]);
      times.push(performance.now() - started);
    }
    console.log(
      `relaxed upsert, ${name.padEnd(14)} p50 ${median(times).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`,
    );
    await store.close();
  }
}
