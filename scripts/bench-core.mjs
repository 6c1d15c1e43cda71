// `npm run bench:kernels`, `bench:codecs`, `bench:memory`, `bench:change`, `bench:filtered`: a C++ benchmark of the core alone, natively and as wasm in
// this Node. What follows `--` goes to the program: `npm run bench:memory -- n=100000`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from './process.mjs';

const [name, ...rest] = process.argv.slice(2);
const folder = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/minilm-wordnet-100k');
/** By benchmark: the argument lists of its runs; a list with the folder is skipped where that is absent. */
const all = { kernels: [[]], codecs: [[folder]], memory: [[], [folder]], change: [[folder]], filtered: [[folder]] };
const runs = all[name];
if (!runs) throw new Error(`no benchmark "${name}": ${Object.keys(all).join(', ')}`);

for (const preset of ['native-release', 'wasm']) {
  const isWasm = preset === 'wasm';
  const place = isWasm ? 'scripts/emscripten.sh' : 'env';
  await run(place, ['cmake', '--preset', preset, '-DCORSAC_BENCHMARKS=ON']);
  await run(place, ['ninja', '-C', `build/${preset}`, `corsac_${name}_benchmark`]);
  const program = join(root, `build/${preset}/benchmarks/cpp/corsac_${name}_benchmark${isWasm ? '.cjs' : ''}`);
  for (const list of runs) {
    if (list.includes(folder) && !existsSync(folder)) {
      console.log(`skipped: the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);
      continue;
    }
    const command = [...(isWasm ? [process.execPath] : []), program, ...list, ...rest];
    const { status } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
}
