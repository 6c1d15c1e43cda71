// `npm run bench:storage`: what storing costs, on the real 100,000 x 384 with text. `-- --limit 20000` takes a part.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measureInChromium } from '../benchmarks/browser/storage-driver.mjs';
import * as storage from '../benchmarks/node/storage.mjs';
import { root } from './process.mjs';

const { values } = parseArgs({ options: { limit: { type: 'string' } } });
const folder = join(process.env.CORSAC_SHARED ?? join(root, '../shared'), 'data/minilm-wordnet-100k');
const built = join(root, 'dist/index.js');
const program = join(root, 'build/native-release/bindings/native/corsac_files');
if (!existsSync(folder)) {
  console.log(`skipped: the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);
} else if (!existsSync(built)) {
  console.error('dist/ is missing: npm run build makes it');
  process.exitCode = 1;
} else {
  const scratch = await mkdtemp(join(tmpdir(), 'corsac-bench-'));
  const directory = join(scratch, 'store');
  const corsac = await import(built);
  const data = await storage.readDocuments(folder, values.limit && Number(values.limit));
  try {
    await storage.measureCodecs(corsac, data);
    await storage.measureCheckpoints(corsac, data, directory);
    await storage.measureOpening(corsac, data, directory, program);
    await storage.measureUpserts(corsac, data, join(scratch, 'upserts'));
    await storage.writeArchive(corsac, directory, join(scratch, 'bench.corsac'));
    await measureInChromium({ folder, archives: scratch, dist: join(root, 'dist') });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
