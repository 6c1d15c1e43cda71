// Prints nDCG@10 of the static table, MiniLM, BM25 and both hybrids on NFCorpus and SciFact, side by side.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSet, SETS } from '../benchmarks/relevance/beir.mjs';
import { measureSet } from '../benchmarks/relevance/measure.mjs';
import { root } from './process.mjs';

const data = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data');
const built = join(root, 'dist/index.js');
if (!existsSync(join(data, 'beir-nfcorpus'))) {
  console.log(`skipped: the evaluation sets are not at ${data} (CORSAC_SHARED names their folder)`);
} else if (!existsSync(built)) {
  console.error('dist/ is missing: npm run build makes it');
  process.exitCode = 1;
} else {
  const corsac = { ...(await import(built)), ...(await import(join(root, 'dist/embed.js'))) };
  const columns = [];
  for (const name of SETS) columns.push(await measureSet(corsac, data, name, readSet(data, name)));
  console.log(
    `nDCG@10, exact vectors, title + text (ms a query)\n${''.padEnd(22)}${SETS.map((name) => name.padStart(18)).join('')}`,
  );
  columns[0].forEach(({ way }, row) => {
    const cells = columns.map((column) => `${column[row].ndcg.toFixed(4)} (${column[row].ms.toFixed(2)})`.padStart(18));
    console.log(way.padEnd(22) + cells.join(''));
  });
}
