// How well do other engines rank the same texts? Each as its documentation starts it, and with the best settings that
// it offers: stemming, stop words, scoring by any of the words. Installed outside the repository, by pinned versions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PEER_PACKAGES as ENGINES } from '../text/peers.mjs';

export const PEER_PACKAGES = {
  ...ENGINES,
  '@orama/stemmers': '3.1.18',
  '@orama/stopwords': '3.1.18',
  'wink-nlp-utils': '2.1.0',
};

const DEPTH = 10;
const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * [name, async (load, folder) => { add(documents), search(text) -> ids }]. `load` imports a package from where the
 * packages are, so that stemmers of one engine can serve another.
 */
export const PEERS = [
  ['MiniSearch', (load) => miniSearch(load, {})],
  ['MiniSearch, stems, stop words', (load) => miniSearch(load, { stems: true })],
  ['Orama', (load) => likeOrama(load, '@orama/orama', { threshold: 1 })],
  ['Orama, stems, stop words', (load) => likeOrama(load, '@orama/orama', { stems: true, threshold: 1 })],
  ['zbsearch', (load) => likeOrama(load, 'zbsearch', { threshold: 1 })],
  ['zbsearch, stems, stop words', (load) => likeOrama(load, 'zbsearch', { stems: true, threshold: 1 })],
  ['FlexSearch', (load) => flexSearch(load, {})],
  ['FlexSearch, stems, suggest', (load) => flexSearch(load, { stems: true })],
  ['wink-bm25', (load) => wink(load, false)],
  ['wink-bm25, stems, stop words', (load) => wink(load, true)],
  ['SQLite FTS5', (load, folder) => fts5(load, folder, 'unicode61')],
  ['SQLite FTS5, porter', (load, folder) => fts5(load, folder, 'porter unicode61')],
];

async function english(load) {
  const [{ stemmer }, { stopwords }] = [await load('@orama/stemmers/english'), await load('@orama/stopwords/english')];
  const dropped = new Set(stopwords);
  return { stemmer, stopwords, term: (word) => (dropped.has(word) ? null : stemmer(word)) };
}

async function miniSearch(load, { stems }) {
  const { default: MiniSearch } = await load('minisearch');
  const { term } = stems ? await english(load) : {};
  const index = new MiniSearch({
    fields: ['text'],
    ...(term && { processTerm: (word) => term(word.toLowerCase()) }),
  });
  return {
    add: (documents) => index.addAll(documents),
    search: (text) => index.search(text).map(({ id }) => id),
  };
}

/** zbsearch continues Orama under the same names. */
async function likeOrama(load, name, { stems, ...options }) {
  const { create, insertMultiple, search } = await load(name);
  const { stemmer, stopwords } = stems ? await english(load) : {};
  const index = create({
    schema: { text: 'string' },
    ...(stems && { components: { tokenizer: { language: 'english', stemming: true, stemmer, stopWords: stopwords } } }),
  });
  return {
    add: (documents) => insertMultiple(index, documents, 1000),
    search: async (text) => (await search(index, { term: text, limit: DEPTH, ...options })).hits.map(({ id }) => id),
  };
}

async function flexSearch(load, { stems }) {
  const { default: FlexSearch } = await load('flexsearch');
  const { term } = stems ? await english(load) : {};
  const encode = term && ((text) => words(text).map(term).filter(Boolean));
  const index = new FlexSearch.Index(stems ? { tokenize: 'strict', encode, context: false } : {});
  const ids = [];
  return {
    add: (documents) => documents.forEach(({ id, text }) => index.add(ids.push(id) - 1, text)),
    search: (text) => index.search(text, { limit: DEPTH, suggest: Boolean(stems) }).map((at) => ids[at]),
  };
}

async function wink(load, stems) {
  const { default: bm25 } = await load('wink-bm25-text-search');
  const index = bm25();
  index.defineConfig({ fldWeights: { text: 1 } });
  if (stems) {
    const { default: nlp } = await load('wink-nlp-utils');
    index.definePrepTasks([nlp.string.lowerCase, nlp.string.tokenize0, nlp.tokens.removeWords, nlp.tokens.stem]);
  } else {
    index.definePrepTasks([words]);
  }
  return {
    add(documents) {
      documents.forEach(({ id, text }) => index.addDoc({ text }, id));
      index.consolidate();
    },
    search: (text) => index.search(text, DEPTH).map(([id]) => id),
  };
}

async function fts5(load, folder, tokenize) {
  globalThis.self = globalThis; // Its package is for pages.
  globalThis.location = pathToFileURL(`${folder}/`);
  const { default: init } = await load('@sqlite.org/sqlite-wasm');
  const wasm = join(folder, 'node_modules/@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm');
  const sqlite = await init({ wasmBinary: readFileSync(wasm), print: () => {}, printErr: () => {} });
  const db = new sqlite.oo1.DB(':memory:');
  db.exec(`create virtual table texts using fts5(text, content='', tokenize='${tokenize}')`);
  const query = db.prepare('select rowid from texts where texts match ? order by rank limit 10');
  const ids = [];
  return {
    add(documents) {
      const insert = db.prepare('insert into texts(rowid, text) values (?, ?)');
      db.exec('begin');
      for (const { id, text } of documents) insert.bind([ids.push(id), text]).stepReset();
      db.exec('commit');
      insert.finalize();
    },
    search(text) {
      const expression = words(text)
        .map((word) => `"${word}"`)
        .join(' OR ');
      if (expression === '') return [];
      const hits = [];
      query.bind(expression);
      while (query.step()) hits.push(ids[query.get(0) - 1]);
      query.reset();
      return hits;
    },
  };
}
