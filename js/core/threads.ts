// How many threads may the core have here, and how are they started? Loaded when there is more than one.
import { CorsacError } from '../errors.js';
import { hasNodeBuiltins, nodeBuiltin } from '../storage/node-builtin.js';
import type { GlueOptions } from './glue.js';
import type { CoreModule } from './module.js';

/** Addresses of the core are 32 bits wide; where as much cannot be reserved, less must do. */
const MAX_PAGES = [65_536, 32_768, 16_384, 8_192, 4_096];
const FIRST_PAGES = 256;

/** What the glue needs of a web worker. */
interface Thread {
  postMessage(message: unknown): void;
  terminate(): unknown;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** What the glue of the threaded build is given besides. */
export interface ThreadedGlue extends Partial<GlueOptions> {
  readonly wasmMemory: WebAssembly.Memory;
  /** Once the core runs, its threads keep no process alive. */
  release(): void;
  end(): void;
}

/** A memory to share and the means to start `count - 1` threads; `failed` is told of one that cannot run. */
export function threadedGlue(count: number, failed: (cause: unknown) => void): ThreadedGlue {
  const started: { terminate(): unknown; unref?(): void }[] = [];
  return {
    wasmMemory: sharedMemory(),
    workers: count - 1,
    startWorker() {
      const [thread, native] = hasNodeBuiltins() ? nodeThread(failed) : webThread(failed);
      started.push(native);
      return thread;
    },
    release: () => started.forEach((thread) => thread.unref?.()),
    end: () => started.splice(0).forEach((thread) => void thread.terminate()),
  };
}

/** Views that follow the memory when another thread makes it grow; those of the glue are renewed by its own calls only. */
export function followMemory(module: CoreModule, memory: WebAssembly.Memory): void {
  const kinds = { HEAPU8: Uint8Array, HEAPU32: Uint32Array, HEAPF32: Float32Array, HEAPF64: Float64Array };
  for (const [name, View] of Object.entries(kinds)) {
    let view = new View(memory.buffer);
    Object.defineProperty(module, name, {
      get: () => (view.buffer === memory.buffer ? view : (view = new View(memory.buffer))),
      set() {},
    });
  }
}

function sharedMemory(): WebAssembly.Memory {
  let refusal: unknown;
  for (const maximum of MAX_PAGES) {
    try {
      return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared: true });
    } catch (cause) {
      refusal = cause;
    }
  }
  throw new CorsacError('unsupported_environment', 'no memory can be shared between threads here', { cause: refusal });
}

/** The glue is what such a worker runs: it knows by the name that it is one. */
function webThread(failed: (cause: unknown) => void): [Thread, Worker] {
  const worker = new Worker(new URL('./core.threads.js', import.meta.url), { type: 'module', name: 'em-pthread' });
  worker.addEventListener('error', ({ message }) => failed(new Error(message || 'a thread of the core did not load')));
  return [worker as unknown as Thread, worker];
}

function nodeThread(failed: (cause: unknown) => void) {
  const { Worker: NodeWorker } = nodeBuiltin<typeof import('node:worker_threads')>('node:worker_threads');
  const worker = new NodeWorker(new URL('./core-thread.js', import.meta.url));
  const thread: Thread = {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    onmessage: null,
    onerror: null,
  };
  worker.on('message', (data: unknown) => thread.onmessage?.({ data }));
  worker.on('error', failed);
  return [thread, worker] as const;
}
