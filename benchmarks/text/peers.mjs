// How do other engines do the same work? Each indexes the films and answers each class of queries with ids and scores
// of the best ten; a class that an engine cannot answer is left out. As a program it measures one of them:
//
//   node peers.mjs <engine> <folder of the input> <folder of node_modules> [rounds]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** npm packages and versions that the engines need, installed outside the repository. */
export const PEER_PACKAGES = {
  minisearch: '7.2.0',
  '@orama/orama': '3.1.18',
  flexsearch: '0.8.212',
  'wink-bm25-text-search': '3.1.2',
  '@sqlite.org/sqlite-wasm': '3.41.2',
  zbsearch: '4.0.0',
};

export const ENGINES = ['MiniSearch', 'Orama', 'zbsearch', 'FlexSearch', 'wink-bm25', 'SQLite FTS5 (wasm)'];

/** A class is left after so long: the slowest engines would take an hour. */
const BUDGET_MS = 8000;

const UNIONS = ['none', 'term', 'or2', 'or3', 'or6', 'nl6'];
const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** zbsearch continues Orama under the same names. */
async function likeOrama(load, name) {
  const { create, insertMultiple, search, save } = await load(name);
  const index = create({ schema: { text: 'string' } });
  return {
    add: (films) => insertMultiple(index, films, 1000),
    size: () => JSON.stringify(save(index)).length,
    async search(kind, text) {
      if (!UNIONS.includes(kind) && kind !== 'pre' && kind !== 'fz1') return undefined;
      const { hits } = await search(index, {
        term: text,
        limit: 10,
        threshold: 1,
        exact: UNIONS.includes(kind),
        tolerance: kind === 'fz1' ? 1 : 0,
      });
      return hits;
    },
  };
}

const engines = {
  async MiniSearch(load) {
    const { default: MiniSearch } = await load('minisearch');
    const index = new MiniSearch({ fields: ['text'] });
    const options = { and2: { combineWith: 'AND' }, pre: { prefix: true }, fz1: { fuzzy: 1 } };
    return {
      add: (films) => index.addAll(films),
      size: () => JSON.stringify(index).length,
      search: (kind, text) =>
        UNIONS.includes(kind) || options[kind] ? index.search(text, options[kind] ?? {}).slice(0, 10) : undefined,
    };
  },

  Orama: (load) => likeOrama(load, '@orama/orama'),
  zbsearch: (load) => likeOrama(load, 'zbsearch'),

  async FlexSearch(load) {
    const { default: FlexSearch } = await load('flexsearch');
    const index = new FlexSearch.Index({ tokenize: 'strict' });
    return {
      add: (films) => films.forEach(({ id, text }) => index.add(Number(id), text)),
      search(kind, text) {
        if (kind === 'and2') return index.search(text, { limit: 10 });
        return UNIONS.includes(kind) ? index.search(text, { limit: 10, suggest: true }) : undefined;
      },
    };
  },

  async 'wink-bm25'(load) {
    const { default: bm25 } = await load('wink-bm25-text-search');
    const index = bm25();
    index.defineConfig({ fldWeights: { text: 1 } });
    index.definePrepTasks([words]);
    return {
      add(films) {
        for (const { id, text } of films) index.addDoc({ text }, id);
        index.consolidate();
      },
      search: (kind, text) => (UNIONS.includes(kind) ? index.search(text, 10) : undefined),
    };
  },

  async 'SQLite FTS5 (wasm)'(load, modules) {
    globalThis.self = globalThis; // Its package is for pages.
    globalThis.location = pathToFileURL(`${modules}/`);
    const { default: init } = await load('@sqlite.org/sqlite-wasm');
    const wasm = join(modules, 'node_modules/@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm');
    const sqlite = await init({ wasmBinary: readFileSync(wasm), print: () => {}, printErr: () => {} });
    const db = new sqlite.oo1.DB(':memory:');
    db.exec("create virtual table films using fts5(text, content='', tokenize='porter unicode61')");
    const query = db.prepare('select rowid, bm25(films) from films where films match ? order by rank limit 10');
    const quoted = (text, by) =>
      words(text)
        .map((word) => `"${word}"`)
        .join(by);
    const match = { and2: (t) => quoted(t, ' AND '), ph2: (t) => `"${t}"`, pre: (t) => `"${t}"*` };
    return {
      add(films) {
        const insert = db.prepare('insert into films(rowid, text) values (?, ?)');
        db.exec('begin');
        for (const { id, text } of films) insert.bind([Number(id) + 1, text]).stepReset();
        db.exec('commit');
        insert.finalize();
      },
      size: () => db.selectValue('select sum(length(block)) from films_data'),
      search(kind, text) {
        const expression = UNIONS.includes(kind) ? quoted(text, ' OR ') : match[kind]?.(text);
        if (expression === undefined) return undefined;
        const hits = [];
        query.bind(expression);
        while (query.step()) hits.push(query.get([]));
        query.reset();
        return hits;
      },
    };
  },
};

async function measure(name, folder, modules, rounds) {
  const { load } = await import(pathToFileURL(join(modules, 'load.mjs')).href);
  const engine = await engines[name](load, modules);
  const rows = (file) =>
    readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
  const films = rows('documents.tsv').map(([id, text]) => ({ id, text }));
  const started = performance.now();
  await engine.add(films);
  const perSecond = (films.length / (performance.now() - started)) * 1000;
  console.log(`index documents_per_s ${perSecond.toFixed(0)} bytes ${engine.size?.() ?? 0}`);
  const times = new Map();
  const spent = new Map();
  for (const [kind, text] of rows('queries.tsv')) {
    if ((spent.get(kind) ?? 0) > BUDGET_MS) continue;
    const began = performance.now();
    let best = Infinity;
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      const hits = await engine.search(kind, text);
      if (hits !== undefined) best = Math.min(best, performance.now() - start);
    }
    if (best < Infinity) times.set(kind, [...(times.get(kind) ?? []), best * 1000]);
    spent.set(kind, (spent.get(kind) ?? 0) + performance.now() - began);
  }
  for (const [kind, all] of times) {
    all.sort((a, b) => a - b);
    const at = (share) => all[Math.floor(all.length * share)].toFixed(1);
    console.log(`query ${kind} p50_us ${at(0.5)} p95_us ${at(0.95)}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, folder, modules, rounds = '3'] = process.argv;
  await measure(name, folder, modules, Number(rounds));
}
