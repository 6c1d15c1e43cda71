// The module that a worker runs: `new Worker(new URL('corsac/worker', ...), { type: 'module' })`.
import type { Endpoint } from './protocol.js';
import { serve } from './serve.js';

export { serve };
export type { Endpoint } from './protocol.js';

declare const WorkerGlobalScope: undefined | (new () => object);

if (typeof WorkerGlobalScope !== 'undefined' && globalThis instanceof WorkerGlobalScope)
  serve(globalThis as unknown as Endpoint);
