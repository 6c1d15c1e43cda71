// `npm run bench:api`: recall beside time on the real 100,000 x 384, through the public API in Node.
// `-- sq8` measures one codec, `-- --limit 20000` a part (then without recall).
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { measurePublicApi } from '../benchmarks/node/public-api.mjs';
import { root } from './process.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { limit: { type: 'string' } } });
const folder = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/minilm-wordnet-100k');
const built = join(root, 'dist/index.js');
if (!existsSync(folder)) {
  console.log(`skipped: the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);
} else if (!existsSync(built)) {
  console.error('dist/ is missing: npm run build makes it');
  process.exitCode = 1;
} else {
  const scratch = await mkdtemp(join(tmpdir(), 'corsac-bench-'));
  await measurePublicApi(await import(built), {
    folder,
    directory: join(scratch, 'store'),
    workerUrl: pathToFileURL(join(root, 'dist/worker.js')).href,
    ...(positionals.length && { codecs: positionals }),
    ...(values.limit && { limit: Number(values.limit) }),
  });
  await rm(scratch, { recursive: true, force: true });
}
