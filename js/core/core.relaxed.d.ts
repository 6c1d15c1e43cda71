// The glue that Emscripten writes beside core.relaxed.wasm.
export { default } from './glue.js';
