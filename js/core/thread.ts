// What a thread of the core is in Node: the glue finds there what it knows of a web worker.
import { nodeBuiltin } from '../storage/node-builtin.js';

const { parentPort } = nodeBuiltin<typeof import('node:worker_threads')>('node:worker_threads');
const scope = globalThis as typeof globalThis & { onmessage: ((event: { data: unknown }) => void) | null };
Object.assign(scope, {
  self: scope,
  name: 'em-pthread',
  location: { href: import.meta.url },
  importScripts: () => {},
  postMessage: (message: unknown) => parentPort!.postMessage(message),
});
await import('./core.threads.js');
// What was sent before waits until somebody listens.
parentPort!.on('message', (data: unknown) => scope.onmessage?.({ data }));

export {};
