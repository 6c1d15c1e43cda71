// How large is what a page downloads? Prints the gzip sizes of dist/ and fails above the budget.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';

const KB = 1000;
const dist = join(root, 'dist');

/** What a page that searches downloads: per budget the files it takes, and their limit after gzip. */
const budgets = [
  { name: 'core, SIMD', files: ['core.simd.wasm'], limit: 350 * KB, goal: 250 * KB },
  { name: 'core, relaxed SIMD', files: ['core.relaxed.wasm'], limit: 350 * KB, goal: 250 * KB },
  { name: 'core with threads', files: ['core.threads.wasm'], limit: 350 * KB, goal: 250 * KB },
  { name: 'its glue and what starts them', files: ['core.threads.js', 'core-thread.js'], limit: 25 * KB },
  {
    name: 'JavaScript with its glue',
    files: [...reachable('index.js'), 'core.simd.js'],
    limit: 35 * KB,
  },
  {
    name: 'worker, its home and its glue',
    files: [...reachable('worker.js'), ...reachable(chunk('indexed-db')), 'core.simd.js'],
    limit: 35 * KB,
  },
  { name: 'built-in model, not compressed', files: ['static-model.bin'], limit: 4500 * KB, raw: true },
];

let exceeded = 0;
for (const { name, files, limit, goal, raw } of budgets) {
  const size = files.reduce((sum, file) => sum + sizeOf(file, raw), 0);
  if (size > limit) exceeded += 1;
  const remark = size > limit ? 'TOO LARGE' : goal && size > goal ? `above the goal of ${goal / KB} KB` : '';
  console.log(`${name.padEnd(32)} ${(size / KB).toFixed(1).padStart(8)} KB of ${limit / KB} KB  ${remark}`);
}
const atOnce = new Set([...reachable('index.js'), ...reachable('worker.js')]);
console.log('\nLoaded when first used, after gzip');
for (const file of readdirSync(dist).filter((name) => /-[A-Z0-9]{8}\.js$/.test(name) && !atOnce.has(name))) {
  console.log(`  ${file.padEnd(30)} ${''.padStart(9)} ${String(sizeOf(file)).padStart(9)}`);
}
console.log('\nFiles of dist/, bytes and after gzip');
for (const file of readdirSync(dist).filter((name) => name !== 'types')) {
  console.log(`  ${file.padEnd(30)} ${String(sizeOf(file, true)).padStart(9)} ${String(sizeOf(file)).padStart(9)}`);
}
process.exitCode = exceeded > 0 ? 1 : 0;

function sizeOf(file, raw = false) {
  const path = join(dist, file);
  // The program, not Node's zlib, whose output is 2 % larger.
  return raw ? readFileSync(path).length : execFileSync('gzip', ['-9', '-c', path], { maxBuffer: 1 << 28 }).length;
}

/** The chunk made from this file. */
function chunk(name) {
  return readdirSync(dist).find((file) => file.startsWith(`${name}-`) && file.endsWith('.js'));
}

/** The file and the chunks that it imports at once. The glue is counted apart. */
function reachable(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(join(dist, entry), 'utf8');
  for (const [, file] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) reachable(file, seen);
  return seen;
}
