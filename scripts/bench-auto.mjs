// `npm run bench:auto`: the sizes at which an automatic index moves, justified on the real vectors in wasm.
// `-- 1000 5000` measures these sizes, `--package FILE` another build's index.js.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measureAutoThresholds } from '../benchmarks/node/auto-thresholds.mjs';
import { root } from './process.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { package: { type: 'string' } } });
const folder = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/minilm-wordnet-100k');
const built = values.package ?? join(root, 'dist/index.js');
if (!existsSync(folder)) {
  console.log(`skipped: the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);
} else if (!existsSync(built)) {
  console.error('dist/ is missing: npm run build makes it');
  process.exitCode = 1;
} else {
  await measureAutoThresholds(await import(built), {
    folder,
    ...(positionals.length && { sizes: positionals.map(Number) }),
  });
}
