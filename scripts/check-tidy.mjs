// A test about the code: lengths of files and functions, a test for every source, no macros or platform
// conditions outside math, no words that do not belong in a repository.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { root, run } from './process.mjs';

const limits = { file: 400, test: 500, function: 60, folderDepth: 3 };

/** Sources without behaviour of their own: tables and declarations, or code proven by another's test. */
const codeFile = /\.(h|cpp|ts|mjs)$/;
const generated = /^(src\/.*_(table|data)s?\.(h|cpp)|.*\.d\.ts)$/;
const vague = /(^|[_-])(utils?|helpers?|common|misc|manager|impl)([_.-]|$)/;

const tracked = (await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']))
  .split('\0')
  .filter((path) => path && existsSync(`${root}/${path}`));
const problems = [];

for (const path of tracked.filter((each) => codeFile.test(each) && !generated.test(each))) {
  const text = contents(path);
  checkLength(path, text);
  checkFunctions(path, text);
  if (path.startsWith('src/') || path.startsWith('bindings/')) checkPreprocessor(path, text);
}
for (const path of tracked) {
  checkName(path);
  checkWords(path);
}
checkMirrors();

for (const problem of problems.sort()) console.error(problem);
console.log(`tidy: ${tracked.length} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

function checkLength(path, text) {
  const lines = text.split('\n').length - 1;
  const limit = path.startsWith('tests-') ? limits.test : limits.file;
  if (lines > limit) problems.push(`${path}: ${lines} lines, at most ${limit}`);
}

/** A function is a block opened by a line that ends in `) {`, `=> {` or the like, with code inside. */
function checkFunctions(path, text) {
  if (path.endsWith('.contract.ts')) return; // One function holds a suite.
  const opens =
    /^(\s*)(?!.*\b(namespace|class|struct|enum|interface|describe|switch|if|for|while|do|else)\b).*\)[^;{}]*\{$|^(\s*).*=> \{$/;
  const lines = text.split('\n');
  lines.forEach((line, start) => {
    const found = opens.exec(line);
    if (!found || /\bdescribe\(/.test(line)) return;
    const indent = found[1] ?? found[3] ?? '';
    const length = lines.slice(start).findIndex((each, i) => i > 0 && each.startsWith(`${indent}}`)) + 1;
    if (length > limits.function)
      problems.push(`${path}:${start + 1}: a function of ${length} lines, at most ${limits.function}`);
  });
}

/** Only math may know the processor; macros are for nobody. */
function checkPreprocessor(path, text) {
  const isMath = path.startsWith('src/math/');
  text.split('\n').forEach((line, i) => {
    const where = `${path}:${i + 1}`;
    if (!isMath && /^\s*#\s*(if|ifdef|ifndef|elif)\b/.test(line))
      problems.push(`${where}: a platform #if outside src/math`);
    if (!isMath && /\b(_mm\d*_|wasm_[iuvf]\d+x\d+_|v\w+q_[fsu]\d+\b|__builtin_ia32)/.test(line))
      problems.push(`${where}: an intrinsic outside src/math`);
    if (/^\s*#\s*define\b/.test(line) && !isMath && !/^\s*#\s*define XXH_INLINE_ALL$/.test(line))
      problems.push(`${where}: a macro`);
  });
}

function checkName(path) {
  if (vague.test(basename(path))) problems.push(`${path}: a name that says nothing`);
  const depth = dirname(path).split('/').length;
  if (depth > limits.folderDepth && !/fixtures|corpus/.test(path))
    problems.push(`${path}: ${depth} folders deep, at most ${limits.folderDepth}`);
}

/** Machine paths and hosts of package registries tie a clone to one machine. */
function checkWords(path) {
  if (!/\.(md|h|cpp|c|ts|mjs|js|json|txt|cmake|sh|html|css|py|yml)$|^[^.]+$/.test(path) || /fixtures|corpus/.test(path))
    return;
  const forbidden = [
    [/(^|[\s"'`(=])\/(work|root|tmp|home\/\w+)\/\w/, 'a machine path'],
    [
      /registry\.(npmjs\.org|yarnpkg\.com)|pypi\.org\/simple|files\.pythonhosted|static\.crates\.io/,
      'the host of a package registry',
    ],
    [/\b(TODO|FIXME|XXX|HACK)\b/, 'a note to oneself'],
  ];
  if (path === 'scripts/check-tidy.mjs') return;
  contents(path)
    .split('\n')
    .forEach((line, i) => {
      for (const [pattern, what] of forbidden) if (pattern.test(line)) problems.push(`${path}:${i + 1}: ${what}`);
    });
}

/** Every src/<layer>/*.cpp is reached by includes from a test in tests-cpp/<layer>, within the layer. */
function checkMirrors() {
  const cpp = tracked.filter((path) => /^src\/.*\.cpp$/.test(path) && !generated.test(path));
  for (const layer of new Set(cpp.map((path) => path.split('/')[1]))) {
    const reached = new Set();
    const visit = (text) => {
      for (const [, target] of text.matchAll(/^#include "(\w+\/\w+)\.h"/gm)) {
        if (!target.startsWith(`${layer}/`) || reached.has(target)) continue;
        reached.add(target);
        for (const path of [`src/${target}.h`, `src/${target}.cpp`]) if (tracked.includes(path)) visit(contents(path));
      }
    };
    tracked
      .filter((path) => path.startsWith(`tests-cpp/${layer}/`) && codeFile.test(path))
      .forEach((path) => visit(contents(path)));
    for (const path of cpp.filter((each) => each.startsWith(`src/${layer}/`))) {
      if (
        !reached.has(path.slice('src/'.length, -'.cpp'.length)) &&
        existsSync(`${root}/${path.replace('.cpp', '.h')}`)
      ) {
        problems.push(`${path}: no test in tests-cpp/${layer} reaches it`);
      }
    }
  }
}

function contents(path) {
  return readFileSync(`${root}/${path}`, 'utf8');
}
