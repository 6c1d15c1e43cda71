// `npm run bench`: every benchmark, one after another; `bench:api`, `bench:engine`, `bench:filters`, `bench:relevance`, `bench:storage`, `bench:text` and `bench:vectors` run one.
import { spawnSync } from 'node:child_process';
import { root } from './process.mjs';

for (const script of [
  'bench-api.mjs',
  'bench-engine.mjs',
  'bench-filters.mjs',
  'bench-relevance.mjs',
  'bench-storage.mjs',
  'bench-text.mjs',
  'bench-vectors.mjs',
]) {
  const { status } = spawnSync(process.execPath, [`scripts/${script}`], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
