// What both pieces of Emscripten glue export.
import type { CoreModule } from './module.js';

export interface GlueOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): Record<string, never>;
  print?(line: string): void;
  printErr?(line: string): void;
  /** The threaded build: its memory, how many threads it has besides the caller, and what starts one. */
  wasmMemory?: WebAssembly.Memory;
  workers?: number;
  startWorker?(): unknown;
}

export default function createCore(options: GlueOptions): Promise<CoreModule>;
