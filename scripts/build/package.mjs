// Makes dist/, the files that are published: ES modules bundled by esbuild and made small by Terser, flat so
// that `new URL('./x', import.meta.url)` holds in each, types by tsc, the wasm with its glue, the model.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../process.mjs';
import { step } from '../progress.mjs';
import { unlessMade } from '../stamp.mjs';
import { builtFile, builtStemmers, variants } from './wasm.mjs';

const entryPoints = {
  index: 'js/index.ts',
  worker: 'js/worker/entry.ts',
  embed: 'js/embed/index.ts',
  'embed-onnx': 'js/embed/onnx.ts',
  'core-thread': 'js/core/thread.ts',
};

/** The asset of the built-in embedder. */
const model = 'js/embed/static-model.bin';

/** Files that dist/ is made from. */
export const packageInputs = [
  'js', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.package.json', 'scripts/build',
  builtStemmers, ...Object.keys(variants).flatMap((variant) => [builtFile(variant, 'wasm'), builtFile(variant, 'mjs')]),
];

export async function buildPackage() {
  await step('package', () => unlessMade({ name: 'package', inputs: packageInputs, outputs: ['dist/index.js'] }, makeDist));
}

async function makeDist() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'dist'));
  await Promise.all([bundle(), run('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.package.json'])]);
  for (const variant of Object.keys(variants)) await copyCore(variant);
  copyFileSync(join(root, builtStemmers), join(root, 'dist/stemmers.wasm'));
  copyFileSync(join(root, model), join(root, 'dist/static-model.bin'));
}

async function bundle() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entryPoints).map(([out, path]) => ({ in: path, out })),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    chunkNames: '[name]-[hash]',
    minify: true,
    write: false,
    external: ['node:*', 'onnxruntime-web', 'onnxruntime-web/*', 'onnxruntime-node'],
    plugins: [besideTheBundle],
    logLevel: 'silent',
  });
  for (const { path, text } of outputFiles) writeFileSync(path, await minified(text));
}

/** A second pass: esbuild shortens private names, Terser folds more. */
async function minified(code) {
  const { minify } = await import('terser');
  return (await minify(code, { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true } })).code;
}

/** The glue stays a module of its own: one variant of it is loaded, when the core is. */
const besideTheBundle = {
  name: 'beside-the-bundle',
  setup(build) {
    build.onResolve({ filter: /\/core\.(simd|relaxed|threads)\.js$/ }, ({ path }) => ({
      path: `./${path.slice(path.lastIndexOf('/') + 1)}`,
      external: true,
    }));
  },
};

/**
 * The core is always given to the glue, so its own reference to the wasm is removed: a bundler would
 * follow it to a file that the package does not have.
 */
async function copyCore(variant) {
  copyFileSync(join(root, builtFile(variant, 'wasm')), join(root, `dist/core.${variant}.wasm`));
  const glue = readFileSync(join(root, builtFile(variant, 'mjs')), 'utf8');
  const reference = `new URL("corsac.${variant}.wasm",import.meta.url).href`;
  if (!glue.includes(reference)) throw new Error(`the glue of ${variant} has no ${reference}`);
  const own = variant === 'threads' ? withOwnThreads(glue) : glue;
  writeFileSync(join(root, `dist/core.${variant}.js`), await minified(own.replace(reference, `"core.${variant}.wasm"`)));
}

/** Its threads are started by js/core/threads.ts, in Node too, and from where a bundler finds the glue. */
function withOwnThreads(glue) {
  const start = 'new Worker(new URL("corsac.threads.mjs",import.meta.url),workerOptions)';
  if (!glue.includes(start)) throw new Error(`the glue of threads has no ${start}`);
  return glue.replace(start, 'Module["startWorker"]()');
}

/** `npm pack`, unpacked where the tests import it: build/package/node_modules/corsac. */
export async function packPackage() {
  await step('npm pack', async () => {
    const inputs = ['dist', 'package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD_PARTY_NOTICES', 'scripts/build'];
    await unlessMade({ name: 'pack', inputs, outputs: ['build/package/node_modules/corsac/package.json'] }, async () => {
      rmSync(join(root, 'build/package'), { recursive: true, force: true });
      const target = join(root, 'build/package/node_modules/corsac');
      mkdirSync(target, { recursive: true });
      await run('npm', ['pack', '--pack-destination', 'build/package']);
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      renameSync(join(root, `build/package/corsac-${version}.tgz`), join(root, 'build/package/corsac.tgz'));
      await run('tar', ['xzf', 'build/package/corsac.tgz', '-C', target, '--strip-components=1']);
    });
  });
}

/** The demo page, from dist/. */
export async function buildDemo() {
  if (!existsSync(join(root, 'web-demo'))) throw new Error('web-demo is missing');
  await step('demo page', () =>
    unlessMade({ name: 'web-demo', inputs: ['web-demo', 'dist', 'scripts/wordnet.mjs', 'package-lock.json'], outputs: ['build/web-demo/index.html'] },
      () => run('node', ['node_modules/vite/bin/vite.js', 'build', '--config', 'web-demo/vite.config.ts'])));
}
