// Formats C++ with clang-format and the rest with Prettier; `--check` only says what differs.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramError, root, run } from './process.mjs';
import { hasCommand } from './setup/commands.mjs';

const check = process.argv.includes('--check');
const cppFolders = ['src', 'bindings', 'tests-cpp', 'benchmarks', 'fuzz'];
const otherFiles = ['js', 'tests-js', 'scripts', 'web-demo', 'benchmarks', '*.ts', 'fuzz'];

const failed = [await prettier(), await clangFormat()].some(Boolean);
process.exitCode = failed ? 1 : 0;

async function prettier() {
  const globs = otherFiles.map((name) => (name.includes('*') ? name : `${name}/**/*.{ts,mjs,js,css}`));
  return failing('node', [
    'node_modules/prettier/bin/prettier.cjs',
    check ? '--check' : '--write',
    '--no-error-on-unmatched-pattern',
    '--log-level=warn',
    ...globs,
  ]);
}

async function clangFormat() {
  if (!hasCommand('clang-format')) {
    console.log('clang-format is missing: the C++ is left as it is');
    return false;
  }
  const files = cppFolders.flatMap((folder) => sources(folder));
  return failing('clang-format', check ? ['--dry-run', '--Werror', ...files] : ['-i', ...files]);
}

function sources(folder) {
  try {
    return readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.(h|cpp)$/.test(name))
      .map((name) => join(folder, name));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Runs a formatter; prints what it says and resolves to true when it fails. */
async function failing(command, args) {
  try {
    await run(command, args);
    return false;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    console.error(error.recent.trim());
    return true;
  }
}
