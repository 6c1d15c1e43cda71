// A thread of Node with the face of a web worker.
import { Worker } from 'node:worker_threads';

/** Runs the package's worker module, dist/worker.js at `workerUrl`. */
export function webWorker(workerUrl) {
  const source = `
    import { parentPort } from 'node:worker_threads';
    import { serve } from ${JSON.stringify(workerUrl)};
    serve(parentPort);`;
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  return Object.assign(new EventTarget(), {
    postMessage: (message, transfer) => thread.postMessage(message, transfer),
    addEventListener: (type, listener) => thread.on(type, (data) => listener(type === 'message' ? { data } : data)),
    terminate: () => thread.terminate(),
  });
}
