// `npm run bench:relevance`: nDCG@10 of Corsac on NFCorpus and SciFact and on tasks that nobody tuned for, beside other
// engines in the same run, and what each choice of its defaults is worth.
// `-- --only ways,peers,fusions,analyses` takes some of the four tables.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readSet, SETS } from '../benchmarks/relevance/beir.mjs';
import { KNOWN_ITEM } from '../benchmarks/relevance/known-item.mjs';
import { DEPTH, measureSet } from '../benchmarks/relevance/measure.mjs';
import { PEER_PACKAGES, PEERS } from '../benchmarks/relevance/peers.mjs';
import { measureAnalyses, measureFusions } from '../benchmarks/relevance/settings.mjs';
import { meanOver, ndcg } from '../benchmarks/relevance/trec.mjs';
import { root, run } from './process.mjs';
import { entry, keyOf } from './setup/cache.mjs';

const data = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data');
const built = join(root, 'dist/index.js');
const { values } = parseArgs({ options: { only: { type: 'string', default: 'ways,peers,fusions,analyses' } } });
const tables = values.only.split(',');

const short = (value) => (value === undefined ? '-' : value.toFixed(4)).padStart(9);

/** Rows of { way, ndcg } per column, side by side. */
function print(title, names, columns) {
  console.log(`\n${title}\n${''.padEnd(38)}${names.map((name) => name.padStart(9)).join('')}`);
  for (const { way } of columns[0]) {
    const cells = columns.map((column) => short(column.find((row) => row.way === way)?.ndcg));
    console.log(way.padEnd(38) + cells.join(''));
  }
}

async function peerFolder() {
  return entry('relevance-peers', keyOf(JSON.stringify(PEER_PACKAGES)), async (folder) => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    writeFileSync(join(folder, 'load.mjs'), 'export const load = (name) => import(name);');
    const packages = Object.entries(PEER_PACKAGES).map(([name, version]) => `${name}@${version}`);
    await run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', ...packages]);
  });
}

/** An engine that fails says why, and the table goes on without it. */
async function measurePeers(set) {
  const folder = await peerFolder();
  const { load } = await import(pathToFileURL(join(folder, 'load.mjs')).href);
  const rows = [];
  for (const [way, create] of PEERS) {
    try {
      const engine = await create(load, folder);
      await engine.add(set.documents);
      const answers = new Map();
      for (const { id, text } of set.queries) answers.set(id, await engine.search(text));
      rows.push({ way, ndcg: meanOver(set.qrels, answers, (ranked, grades) => ndcg(ranked, grades, DEPTH)) });
    } catch (error) {
      console.error(`${way}: ${error.message}`);
      rows.push({ way, ndcg: undefined });
    }
  }
  return rows;
}

function printFusions(name, { weights, legs }) {
  console.log(
    `\nBM25 and vectors, ${name}, by the weight of the vectors${''.padEnd(2)}${weights.map((w) => String(w).padStart(9)).join('')}`,
  );
  for (const [leg, strategies] of Object.entries(legs)) {
    for (const [strategy, figures] of Object.entries(strategies))
      console.log(`${leg} ${strategy}`.padEnd(38) + figures.map(short).join(''));
  }
}

if (!existsSync(join(data, 'beir-nfcorpus'))) {
  console.log(`skipped: the evaluation sets are not at ${data} (CORSAC_SHARED names their folder)`);
} else if (!existsSync(built)) {
  console.error('dist/ is missing: npm run build makes it');
  process.exitCode = 1;
} else {
  const corsac = { ...(await import(built)), ...(await import(join(root, 'dist/embed.js'))) };
  const judged = SETS.map((name) => [name, readSet(data, name)]);
  const over = async (sets, measure) => {
    const columns = [];
    for (const [name, set] of sets) columns.push(await measure(set, name));
    return columns;
  };
  console.log('nDCG@10, title and text');
  if (tables.includes('ways'))
    print('Corsac, exact vectors', SETS, await over(judged, (set, name) => measureSet(corsac, data, name, set)));
  if (tables.includes('peers')) print('Other engines', SETS, await over(judged, measurePeers));
  if (tables.includes('fusions')) {
    for (const [name, set] of judged) printFusions(name, await measureFusions(corsac, data, name, set));
  }
  if (tables.includes('analyses')) {
    const sets = [...judged];
    for (const [name, read] of Object.entries(KNOWN_ITEM)) sets.push([name, await read(data)]);
    const columns = await over(sets, (set) => measureAnalyses(corsac, set));
    print(
      'BM25 by analysis and parameters',
      sets.map(([name]) => name),
      columns,
    );
  }
}
