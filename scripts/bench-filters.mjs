// `npm run bench:filters`: how long filters over 100,000 documents take, natively and as wasm in Node. Medians: the first
// questions to a column scan it, later ones find their values by its order.
// `-- --documents 1000000` asks for more.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './process.mjs';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '100000' } } });

for (const [preset, file] of [
  ['native-release', 'corsac_filter_benchmark'],
  ['wasm', 'corsac_filter_benchmark.cjs'],
]) {
  const place = preset === 'wasm' ? 'scripts/emscripten.sh' : 'env';
  await run(place, ['cmake', '--preset', preset, '-DCORSAC_BENCHMARKS=ON']);
  await run(place, ['ninja', '-C', `build/${preset}`, 'corsac_filter_benchmark']);
  const program = join(root, `build/${preset}/benchmarks/cpp/${file}`);
  console.log(
    `${preset}\n${await run(...(preset === 'wasm' ? [process.execPath, [program, values.documents]] : [program, [values.documents]]))}`,
  );
}
