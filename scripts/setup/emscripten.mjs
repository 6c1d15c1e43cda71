// Which Emscripten builds the wasm? One of the PATH when it is new enough, else Debian's, installed
// into a root filesystem of its own in the cache, so that the system keeps the packages it has.
//
// Run as a program it prints that root (making it first if need be), or nothing when the PATH has an
// emcc that serves. scripts/emscripten.sh runs commands in it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { archiveUri } from './debian.mjs';
import { entry, entryPath, keyOf } from './cache.mjs';
import { run } from '../process.mjs';

const oldestVersion = [3, 1, 69]; // Relaxed-SIMD dot products and --emit-tsd.
const suite = 'trixie';
const packages = ['emscripten', 'node-typescript', 'cmake', 'ninja-build'];

// What a build here never reads: two thirds of the disk space.
const systemLibraries = '*/cache/sysroot/lib/wasm32-emscripten';
const unused = [
  ...['lto/*', 'lto-pic/*', 'pic/*', '*asan*', '*lsan*', '*ubsan*', '*sanitizer*', '*-ww*'].map(
    (glob) => `${systemLibraries}/${glob}`,
  ),
  ...['doc', 'man', 'info', 'locale', 'lintian'].map((folder) => `/usr/share/${folder}/*`),
  '/usr/lib/gcc/*',
  '/usr/lib/x86_64-linux-gnu/*.a',
  '*/lib*san.so*',
  '/usr/bin/ctest',
  '/usr/bin/cpack',
];

const key = keyOf(suite, ...packages, ...unused);

/** Whether there is an Emscripten without installing one. */
export function hasEmscripten() {
  return Boolean(process.env.CORSAC_EMSCRIPTEN_ROOT) || existsSync(entryPath('emscripten', key)) || hasOwnEmscripten();
}

/** Whether the PATH has an emcc that is new enough. */
export function hasOwnEmscripten() {
  if (process.env.CORSAC_EMSCRIPTEN_ROOT) return false;
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(spawnSync('emcc', ['--version'], { encoding: 'utf8' }).stdout ?? '');
  if (!found) return false;
  const version = found.slice(1).map(Number);
  const differs = version.findIndex((part, i) => part !== oldestVersion[i]);
  return differs < 0 || version[differs] > oldestVersion[differs];
}

/** The root filesystem with Emscripten in it, or undefined when the PATH has one that serves. */
export async function ensureEmscripten() {
  if (process.env.CORSAC_EMSCRIPTEN_ROOT) return process.env.CORSAC_EMSCRIPTEN_ROOT;
  if (hasOwnEmscripten()) return undefined;
  return entry('emscripten', key, installRoot);
}

async function installRoot(folder) {
  await run('mmdebstrap', [
    '--variant=minbase',
    '--dpkgopt=force-unsafe-io',
    '--aptopt=Acquire::Retries "5"',
    ...unused.map((glob) => `--dpkgopt=path-exclude=${glob}`),
    `--include=${packages.join(',')}`,
    suite,
    folder,
    archiveUri(),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log((await ensureEmscripten()) ?? '');
  } catch (error) {
    console.error(
      `Emscripten could not be set up: ${error.message}. Install emcc 3.1.69 or newer, or mmdebstrap and bubblewrap.`,
    );
    process.exitCode = 1;
  }
}
