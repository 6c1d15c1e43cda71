// `npm test`: sets up, builds, and runs every test there is; a stage that cannot run here is named.
// `npm test -- native wasm` runs the stages whose names begin so.
import { buildDemo, buildPackage, packPackage } from './build/package.mjs';
import { buildWasm } from './build/wasm.mjs';
import { logTo } from './process.mjs';
import { explain, printMinutes, stage } from './progress.mjs';
import { setUp } from './setup.mjs';
import { missingToBuild, nativeTests, neonKernels, relaxedTests, releaseKernels, wasmTests } from './test/cpp.mjs';
import { browsers, vitest } from './test/js.mjs';
import { nothing, skippedStage, sum } from './test/outcome.mjs';

const stages = {
  'native, under sanitizers': nativeTests,
  'release kernels': releaseKernels,
  'neon kernels, under qemu': neonKernels,
  'wasm in Node': wasmTests,
  'relaxed wasm in a newer Node': relaxedTests,
  package: () => withPackage('package', makePackage),
  'vitest in Node': () => withPackage('vitest', vitest),
  'browsers: Chromium, Firefox, WebKit': () => withPackage('the browser suite', browsers),
};

const wanted = process.argv.slice(2);
const outcomes = [];

logTo('test');
await measured('set-up', () => setUp('test'));
for (const [title, run] of Object.entries(stages)) {
  if (wanted.length > 0 && !wanted.some((name) => title.startsWith(name))) continue;
  await measured(title, run);
}
close(sum(outcomes));

/** A stage that throws is a failure of its own name; the others still run. */
async function measured(title, run) {
  try {
    outcomes.push((await stage(title, run)) ?? nothing());
  } catch (error) {
    console.error(explain(error));
    outcomes.push({ ...nothing(), failed: [`${title}: ${error.message}`] });
  }
}

/** What tests the package cannot run where the wasm cannot be built. */
function withPackage(name, run) {
  const missing = missingToBuild({ wasm: true });
  return missing.length > 0 ? skippedStage(name, `missing on this machine: ${missing.join(', ')}`) : run();
}

async function makePackage() {
  await buildWasm();
  await buildPackage();
  await packPackage();
  await buildDemo();
}

function close({ passed, failed, skipped }) {
  printMinutes();
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
  if (failed.length > 0) console.log(`\nFailed:\n${failed.map((name) => `  ${name}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
