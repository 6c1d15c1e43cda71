// How do the readers of stored bytes take anything at all? Builds the fuzzers with clang and runs each for a
// while: npm run fuzz [-- seconds]. What they find stays in build/fuzz/<target>; fuzz/corpus is where they start.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { logTo, root, run } from './process.mjs';
import { hasCommand } from './setup/commands.mjs';

const targets = ['log_segment', 'root_pair', 'operation', 'blob', 'section_load'];
const seconds = Number(process.argv[2] ?? 60);
if (!(seconds > 0)) throw new Error(`seconds is ${process.argv[2]}, expected a number above 0`);

const missing = ['cmake', 'ninja', 'clang++-19'].filter((name) => !hasCommand(name));
if (missing.length > 0) {
  console.error(
    `fuzzing needs ${missing.join(', ')}; on Debian: apt install cmake ninja-build clang-19 libclang-rt-19-dev`,
  );
  process.exit(1);
}

logTo('fuzz');
await run('cmake', ['--preset', 'fuzz']);
await run('ninja', ['-C', join(root, 'build/fuzz'), ...targets.map((target) => `corsac_fuzz_${target}`)]);
let failed = 0;
for (const target of targets) {
  const found = join(root, 'build/fuzz', target);
  mkdirSync(found, { recursive: true });
  const program = join(root, 'build/fuzz/fuzz', `corsac_fuzz_${target}`);
  const options = [
    `-max_total_time=${seconds}`,
    '-rss_limit_mb=1024',
    '-timeout=10',
    '-print_final_stats=1',
    `-artifact_prefix=${found}/`,
  ];
  const { status } = spawnSync(program, [...options, found, join(root, 'fuzz/corpus', target)], { stdio: 'inherit' });
  if (status !== 0) failed += 1;
  console.log(`${target}: ${status === 0 ? 'nothing found' : `ended with ${status}, see ${found}`}`);
}
process.exitCode = failed > 0 ? 1 : 0;
