// The glue that Emscripten writes beside core.threads.wasm.
export { default } from './glue.js';
