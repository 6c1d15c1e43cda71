// The main job in the terminal: a reverse dictionary over WordNet, stored durably, answered four ways.
// Interrupted and started again it goes on from what is stored. `--limit N` indexes a part only.
import { parseArgs } from 'node:util';

import { VectorStore } from '../dist/index.js';
import { StaticEmbedder } from '../dist/embed.js';
import { readWordNet } from './wordnet.mjs';

const { values: flags } = parseArgs({
  strict: false,
  options: { limit: { type: 'string' }, directory: { type: 'string', default: '.corsac/wordnet' } },
});

const QUERIES = [
  ['text', 'fear of high places', undefined],
  ['vector', 'the feeling that you have seen this before', undefined],
  ['hybrid', 'a person who designs buildings', undefined],
  ['hybrid, verbs only', 'to walk slowly for pleasure', { pos: 'verb' }],
];

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

const entries = (await readWordNet()).slice(0, flags.limit ? Number(flags.limit) : undefined);
const embedder = await StaticEmbedder.load();
const opened = performance.now();
const store = await VectorStore.open('wordnet', { storage: { directory: String(flags.directory) } });
try {
  const words = await store.getOrCreateCollection('synsets', { embedder, index: { kind: 'hnsw', codec: 'sq8' } });
  const openMs = performance.now() - opened;
  if (await index(words)) await answer(words, openMs);
} finally {
  await store.close();
}

/** Indexes what is not stored yet; false when interrupted. */
async function index(words) {
  const stored = await words.count();
  const rest = await missing(words, stored);
  if (stored > 0) {
    const more = rest.length ? `going on with the other ${format(rest.length)}` : 'nothing to index';
    console.log(`${format(stored)} synsets are stored in ${flags.directory}: ${more}`);
  }
  if (rest.length === 0) return true;
  const bar = progressBar(stored, entries.length);
  try {
    const done = await words.insertMany(rest, { total: rest.length, signal: interrupted.signal, onProgress: bar });
    await words.checkpoint();
    console.log(`\nindexed ${format(done.documentsIndexed)} texts in ${(done.elapsedMs / 1000).toFixed(1)} s`);
    return true;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    await words.checkpoint(); // so that the next start reads the graph instead of replaying the log
    console.log(`\nstopped with ${format(await words.count())} synsets stored; start again to go on`);
    process.exitCode = 130;
    return false;
  }
}

/** Batches are stored whole and in order, so what is missing is a suffix, which is checked. */
async function missing(words, stored) {
  const suffix = entries.slice(stored);
  const lastIsThere = stored === 0 || (await words.has(entries[Math.min(stored, entries.length) - 1].id));
  const nextIsNot = suffix.length === 0 || !(await words.has(suffix[0].id));
  if (lastIsThere && nextIsNot) return suffix;
  const rest = [];
  for (const entry of entries) if (!(await words.has(entry.id))) rest.push(entry);
  return rest;
}

async function answer(words, openMs) {
  const stats = await words.stats();
  console.log(`\n${format(stats.documents)} documents, opened in ${openMs.toFixed(0)} ms, variant ${stats.variant}`);
  for (const [mode, query, filter] of QUERIES) {
    const ask = () => search(words, mode, query, filter);
    await ask(); // the first query of a kind also reads its blocks
    const started = performance.now();
    const { hits, how } = await ask();
    const ms = (performance.now() - started).toFixed(2);
    console.log(`\n"${query}"  [${mode}]  ${ms} ms, ${how.examined} examined, filter ${how.filter}`);
    for (const hit of hits)
      console.log(`  ${hit.score.toFixed(3)}  ${hit.metadata.pos.padEnd(4)}  ${hit.content.slice(0, 100)}`);
  }
}

async function search(words, mode, query, filter) {
  const options = { k: 5, ...(filter && { filter }) };
  if (mode === 'text') return words.searchText(query, options);
  if (mode === 'vector') return words.searchVector(await embedder.embed(query, { as: 'query' }), options);
  return words.search(query, options);
}

function progressBar(before, total) {
  let shown = -1;
  return ({ done, perSecond = 0, etaMs = 0 }) => {
    const at = before + done;
    const percent = Math.floor((100 * at) / total);
    const text = `${String(percent).padStart(3)} %  ${format(at)} / ${format(total)}  ${format(Math.round(perSecond))}/s  ${Math.ceil(etaMs / 1000)} s left`;
    if (process.stdout.isTTY) {
      const width = 24;
      const full = Math.round((width * at) / total);
      process.stdout.write(`\r[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${text}   `);
    } else if (percent >= shown + 10) {
      shown = percent - (percent % 10);
      console.log(text);
    }
  };
}

function format(number) {
  return number.toLocaleString('en-US');
}
