// `npm run bench:responsiveness`: what a search waits for while the store builds, compacts, checkpoints and moves its
// index. `-- --size 50000` takes more vectors, `--dist FOLDER` another build.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { measureResponsiveness } from '../benchmarks/node/responsiveness.mjs';
import { root } from './process.mjs';

const { values } = parseArgs({ options: { size: { type: 'string' }, dist: { type: 'string' } } });
const folder = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/minilm-wordnet-100k');
const dist = values.dist ?? join(root, 'dist');
if (!existsSync(folder)) {
  console.log(`skipped: the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);
} else if (!existsSync(join(dist, 'index.js'))) {
  console.error('dist/ is missing: npm run build makes it');
  process.exitCode = 1;
} else {
  const scratch = await mkdtemp(join(tmpdir(), 'corsac-bench-'));
  await measureResponsiveness(await import(join(dist, 'index.js')), {
    folder,
    directory: join(scratch, 'store'),
    workerUrl: pathToFileURL(join(dist, 'worker.js')).href,
    ...(values.size && { size: Number(values.size) }),
  });
  await rm(scratch, { recursive: true, force: true });
}
