// Builds the wasm module of every variant: build/<preset>/bindings/wasm/corsac.<variant>.{wasm,mjs}.
import { root, run } from '../process.mjs';
import { step } from '../progress.mjs';
import { unlessMade } from '../stamp.mjs';

/** variant -> its CMake preset. */
export const variants = { simd: 'wasm', relaxed: 'wasm-relaxed', threads: 'wasm-threads' };

/** Files the wasm is made from. */
export const coreInputs = ['src', 'bindings', 'cmake', 'CMakeLists.txt', 'CMakePresets.json'];

/** The path of a built file, such as `wasm` or `mjs`. */
export function builtFile(variant, extension) {
  return `build/${variants[variant]}/bindings/wasm/corsac.${variant}.${extension}`;
}

/** Every stemmer beside English, a module of its own. */
export const builtStemmers = `build/${variants.simd}/bindings/stemmers/stemmers.wasm`;

/** Configures a preset and builds targets of it, inside the Emscripten root where the preset is wasm. */
export async function cmakeBuild(preset, targets = []) {
  const place = preset.startsWith('wasm') ? 'scripts/emscripten.sh' : 'env';
  const env = { ...process.env, CCACHE_BASEDIR: root, CCACHE_NOHASHDIR: '1' };
  await run(place, ['cmake', '--preset', preset], { env });
  await run(place, ['ninja', '-C', `build/${preset}`, ...targets], { env });
}

export async function buildWasm() {
  for (const [variant, preset] of Object.entries(variants)) {
    await step(`wasm, ${variant}`, async () => {
      const outputs = ['wasm', 'mjs'].map((extension) => builtFile(variant, extension));
      const targets = variant === 'simd' ? ['corsac_wasm', 'corsac_stemmers'] : ['corsac_wasm'];
      if (variant === 'simd') outputs.push(builtStemmers);
      await unlessMade({ name: `wasm-${variant}`, inputs: coreInputs, outputs }, () => cmakeBuild(preset, targets));
    });
  }
}
