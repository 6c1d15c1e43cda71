// The glue that Emscripten writes beside core.simd.wasm.
export { default } from './glue.js';
