// `npm run check`: everything that CI does short of the tests. Formatting, layers, tidiness, types,
// the build of the package, its size, and what publishing tools say of it.
import { buildPackage, packPackage } from './build/package.mjs';
import { buildWasm } from './build/wasm.mjs';
import { logTo, run } from './process.mjs';
import { explain, printMinutes, stage, step } from './progress.mjs';
import { setUp } from './setup.mjs';

const node = process.execPath;
let failures = 0;

logTo('check');
await stage('set-up', () => attempt(() => setUp('check')));
await stage('the code itself', async () => {
  await checked('format', [node, 'scripts/format.mjs', '--check']);
  await checked('layers', [node, 'scripts/check-layers.mjs']);
  await checked('tidy', [node, 'scripts/check-tidy.mjs']);
  await checked('types', [node, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']);
});
await stage('package', () =>
  attempt(async () => {
    await buildWasm();
    await buildPackage();
    await packPackage();
    await checked('size', [node, 'scripts/size.mjs'], { show: true });
    await checked('publint', [
      node,
      'node_modules/publint/src/cli.js',
      'build/package/node_modules/corsac',
      '--strict',
    ]);
    await checked('are the types wrong', [
      node,
      'node_modules/@arethetypeswrong/cli/dist/index.js',
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      './embed/static-model',
      './core.simd.wasm',
      './stemmers.wasm',
      './core.relaxed.wasm',
      './core.threads.wasm',
      '--format',
      'ascii',
      '--no-color',
      'build/package/corsac.tgz',
    ]);
  }),
);
printMinutes();
console.log(failures === 0 ? '\nAll checks passed' : `\n${failures} checks failed`);
process.exitCode = failures === 0 ? 0 : 1;

/** One check is a program that ends with 0; the others go on when it does not. */
function checked(title, [command, ...args], { show = false } = {}) {
  return attempt(() =>
    step(title, async () => {
      const output = await run(command, args);
      if (show) console.log(`\n${output.trimEnd()}\n`);
    }),
  );
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    failures += 1;
    console.error(explain(error));
  }
}
