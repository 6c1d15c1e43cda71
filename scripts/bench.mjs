// `npm run bench`: every benchmark, one after another; `bench:engine`, `bench:vectors` and `bench:relevance` run one.
import { spawnSync } from 'node:child_process';
import { root } from './process.mjs';

for (const script of ['bench-engine.mjs', 'bench-vectors.mjs', 'bench-relevance.mjs']) {
  const { status } = spawnSync(process.execPath, [`scripts/${script}`], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
