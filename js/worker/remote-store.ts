// A store whose core runs in a worker: the same engine, every call a message.
import { CorsacError } from '../errors.js';
import type { ArchiveLimits } from '../engine/archive.js';
import type { CollectionEngine, Control, EngineEvent, EngineReport, StoreEngine, Wanted } from '../engine/engine.js';
import { ForwardedCollection } from '../engine/forwarded-collection.js';
import type { JobKind, JobStep } from '../engine/jobs.js';
import { invalid } from '../option-check.js';
import type { CheckedOpenOptions } from '../open-options.js';
import type { StoreStats } from '../schema.js';
import { hasNodeBuiltins } from '../storage/node-builtin.js';
import { Line } from './line.js';
import {
  reportOf,
  type CollectionMessage,
  type Endpoint,
  type EngineReportMessage,
  type WasmMessage,
} from './protocol.js';

const WITHOUT_WORKER = 'worker: false runs without one';

/** Whether a store that is opened like this runs in a worker. @throws {CorsacError} `invalid_argument` when it cannot but must */
export function wantsWorker({ worker, place: { storage, mirror } }: CheckedOpenOptions): boolean {
  const custom =
    (typeof storage === 'object' && 'apply' in storage) || (typeof mirror === 'object' && mirror.store !== undefined);
  if (typeof worker === 'function') {
    if (custom) throw invalid('a ByteStore of your own cannot cross to a worker: open with worker: false');
    return true;
  }
  const page =
    typeof window === 'object' && typeof document === 'object' && typeof Worker === 'function' && !hasNodeBuiltins();
  return worker === 'auto' && page && !custom;
}

export async function openInWorker(
  name: string,
  { worker, place, wasm, engine, signal, onProgress }: CheckedOpenOptions,
  onEvent: (event: EngineEvent) => void,
): Promise<StoreEngine> {
  const thread = typeof worker === 'function' ? worker() : startWorker();
  const line = new Line(thread as unknown as Endpoint, onEvent);
  thread.addEventListener('error', (event) => {
    const text = `the worker could not run: ${event.message || 'its script did not load'}`;
    line.break(
      new CorsacError('crashed', text, {
        hint: WITHOUT_WORKER,
      }),
    );
  });
  try {
    const message = { type: 'open' as const, name, place, wasm: wasmMessage(wasm), options: engine };
    const { value } = await line.ask(message, { signal, onProgress });
    return new RemoteStore(thread, line, value as EngineReportMessage);
  } catch (error) {
    thread.terminate();
    throw error;
  }
}

function startWorker(): Worker {
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'corsac' });
  } catch (cause) {
    throw new CorsacError(
      'unsupported_environment',
      `no worker can be started: ${String((cause as Error)?.message ?? cause)}`,
      {
        cause,
        hint: WITHOUT_WORKER,
      },
    );
  }
}

/** A URL object cannot cross, and a relative one means another place in the worker. */
const wasmMessage = ({ url, module, variant }: CheckedOpenOptions['wasm']): WasmMessage => ({
  url: url === undefined ? undefined : new URL(url, globalThis.location?.href).href,
  module,
  variant,
});

class RemoteStore implements StoreEngine {
  readonly #worker: Worker;
  readonly #line: Line;
  readonly #collections = new Map<number, ForwardedCollection>();
  readonly report: EngineReport;
  #closed = false;

  constructor(worker: Worker, line: Line, report: EngineReportMessage) {
    this.#worker = worker;
    this.#line = line;
    this.report = { ...report, collections: report.collections.map(([name, how]) => [name, reportOf(how)] as const) };
  }

  async collection(wanted: Wanted): Promise<CollectionEngine> {
    const { value } = await this.#line.call<CollectionMessage>(0, 'collection', [wanted]);
    const { target, name, options, report, needsCheckpoint } = value;
    const info = { name, options, report: reportOf(report), needsCheckpoint };
    let collection = this.#collections.get(target);
    if (!collection) {
      collection = new ForwardedCollection(info, (method, args, control) =>
        this.#line.call(target, method, args, control),
      );
      this.#collections.set(target, collection);
    }
    collection.info = info;
    return collection;
  }

  names = () => this.#call<string[]>('names');
  unload = (name: string) => this.#call<void>('unload', name);
  remove = (name: string) => this.#call<void>('remove', name);
  replace = (name: string, by: string, version: number) => this.#call<boolean>('replace', name, by, version);
  flushAll = () => this.#call<void>('flushAll');
  stats = () => this.#call<StoreStats>('stats');
  startJob = (kind: JobKind, limits: ArchiveLimits) => this.#call<number>('startJob', kind, limits);
  endJob = (job: number) => this.#call<void>('endJob', job);
  async stepJob(job: number, bytes: Uint8Array | undefined, control: Control): Promise<JobStep> {
    return (await this.#line.call<JobStep>(0, 'stepJob', [job, bytes?.slice()], control)).value;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      // After a crash there is nothing left to close.
      if (!this.#line.broken) await this.#call<void>('close');
    } finally {
      this.#line.break(new CorsacError('closed', 'the store is closed'));
      this.#worker.terminate();
    }
  }

  abandon(): void {
    this.#closed = true;
    this.#line.break(new CorsacError('closed', 'another tab has taken over the store'));
    this.#worker.terminate();
  }

  async #call<T>(method: string, ...args: unknown[]): Promise<T> {
    return (await this.#line.call<T>(0, method, args)).value;
  }
}
