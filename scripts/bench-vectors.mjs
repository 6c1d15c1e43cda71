// `npm run bench:vectors`: Corsac beside other engines at matched recall, in one run whose rounds take turns. Installs the
// others into the cache; benchmarks/README.md has the method. Writes benchmarks/results/.
//   -- --data wordnet,siphash,clusters128,clusters768   --count 100000   --queries 1000   --rounds 3
//   -- --engines corsac-relaxed,hnswlib   --efs 16,32,64   --m 16   --ef-construction 200   --out <folder>
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { prepare, SOURCES } from '../benchmarks/peers/data.mjs';
import { cacheFolder, installPeers } from '../benchmarks/peers/install.mjs';
import { svgOf } from '../benchmarks/peers/plot.mjs';
import { race } from '../benchmarks/peers/race.mjs';
import { aligned, machine, page, table } from '../benchmarks/peers/report.mjs';
import { logTo, root, succeeds } from './process.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'wordnet' },
    count: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    engines: { type: 'string' },
    efs: { type: 'string', default: '10,16,24,32,48,64,96,128,192,256,384,512' },
    m: { type: 'string', default: '16' },
    'ef-construction': { type: 'string', default: '200' },
    out: { type: 'string', default: join(root, 'benchmarks/results') },
  },
});
logTo('bench-vectors');
const wanted = values.engines?.split(',');
const core = (await succeeds('taskset', ['--version'])) ? availableParallelism() - 1 : undefined;
const options = {
  efs: values.efs.split(',').map(Number),
  rounds: Number(values.rounds),
  m: Number(values.m),
  efConstruction: Number(values['ef-construction']),
  load: loadavg()[0].toFixed(1),
};
const { peers, missing } = await installPeers((name) => wanted === undefined || wanted.includes(name));
for (const { name, version } of peers) console.log(`${name} ${version}`);
for (const { name, reason } of missing) console.log(`${name} is missing: ${reason}`);

const scratch = await mkdtemp(join(tmpdir(), 'corsac-peers-'));
const runs = [];
try {
  await mkdir(values.out, { recursive: true });
  for (const name of values.data.split(',')) {
    if (!(name in SOURCES)) throw new Error(`--data takes ${Object.keys(SOURCES).join(', ')}, got ${name}`);
    runs.push(await runOver(name));
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

const date = new Date().toISOString().slice(0, 10);
const result = { date, machine: machine(core), options, runs: runs.map(({ run }) => run), missing };
await writeFile(join(values.out, 'vectors.json'), `${JSON.stringify(result, null, 1)}\n`);
await writeFile(join(values.out, 'vectors.md'), page({ ...result, runs }));
console.log(`written to ${values.out}`);

async function runOver(name) {
  const shared = process.env.CORSAC_SHARED ?? join(root, '../shared');
  const size = { count: Number(values.count), queries: Number(values.queries), shared, cache: cacheFolder };
  const { folder, ...data } = await prepare(name, size);
  console.log(`\n${name}: ${data.count} x ${data.dimension}, ${data.what}`);
  const raced = await race(peers, { ...options, data: { folder, ...data }, core, scratch, say: console.log });
  const run = { data, ...raced };
  console.log(`\n${aligned(table(run))}`);
  const plots = [];
  for (const [set, label] of data.sets.entries()) {
    const file = `${name}-${data.count}-${label}.svg`;
    const lines = run.engines.map((engine) => ({ name: engine.name, points: engine.curves[set] }));
    await writeFile(
      join(values.out, file),
      svgOf(`${name} ${data.count.toLocaleString('en')} x ${data.dimension}, queries ${label}`, lines),
    );
    plots.push(file);
  }
  return { run, plots };
}
