// Builds the package: the wasm of both variants, then dist/ and its packed form, then the demo page.
import { fileURLToPath } from 'node:url';
import { buildDemo, buildPackage, packPackage } from './build/package.mjs';
import { buildWasm } from './build/wasm.mjs';
import { logTo } from './process.mjs';
import { explain } from './progress.mjs';
import { setUp } from './setup.mjs';

export async function buildAll() {
  await buildWasm();
  await buildPackage();
  await packPackage();
  await buildDemo();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  logTo('build');
  try {
    await setUp('build');
    await buildAll();
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}
