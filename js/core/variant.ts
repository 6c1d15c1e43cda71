// Which build of the core can this engine run? Asked of the engine itself, by validating two tiny modules.
import { CorsacError } from '../errors.js';

/** A build of the core: plain 128-bit SIMD, with the relaxed instructions (faster int8 products), or plain with threads. */
export type Variant = 'simd' | 'relaxed' | 'threads';

/** A module of one function () -> v128 (type section, function section), then this code section. */
const withCode = (...code: number[]) =>
  new Uint8Array([
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    1,
    5,
    1,
    96,
    0,
    1,
    123,
    3,
    2,
    1,
    0,
    10,
    code.length + 4,
    1,
    code.length + 2,
    0,
    ...code,
    11,
  ]);

const SPLAT_ZERO = [65, 0, 253, 15]; // i32.const 0, i8x16.splat
const RELAXED_DOT = [253, 147, 2]; // i32x4.relaxed_dot_i8x16_i7x16_add_s

/** Whether this engine runs the build; false for both where there is no WebAssembly. */
export function supports(variant: Variant): boolean {
  if (typeof WebAssembly !== 'object' || typeof WebAssembly.validate !== 'function') return false;
  const code = variant !== 'relaxed' ? SPLAT_ZERO : [...SPLAT_ZERO, ...SPLAT_ZERO, ...SPLAT_ZERO, ...RELAXED_DOT];
  return WebAssembly.validate(withCode(...code));
}

/** The fastest build for this engine. @throws {CorsacError} `unsupported_environment` without WebAssembly SIMD */
export function chooseVariant(asked: Variant | 'auto' = 'auto'): Variant {
  if (asked === 'auto' && supports('relaxed')) return 'relaxed';
  const variant = asked === 'auto' ? 'simd' : asked;
  if (supports(variant)) return variant;
  throw new CorsacError('unsupported_environment', `this engine cannot run the ${variant} build of the core`, {
    hint: 'it needs WebAssembly SIMD (Chrome 91, Firefox 89, Safari 16.4) and, under a content security policy, wasm-unsafe-eval',
  });
}
