// The worker's side: opens one store and answers calls to it.
import { CorsacError } from '../errors.js';
import type { CollectionEngine, Control, StoreEngine, Wanted } from '../engine/engine.js';
import { LocalStore } from '../engine/local-store.js';
import { openPlace } from '../storage/open-layers.js';
import { COLLECTION_METHODS, STORE_METHODS } from './methods.js';
import {
  buffersOf,
  CONTROL,
  errorData,
  eventMessage,
  reportMessage,
  type Answer,
  type CollectionMessage,
  type Endpoint,
  type EngineReportMessage,
  type Request,
} from './protocol.js';

/** Answers what a page asks through `endpoint`; one store per endpoint. */
export function serve(endpoint: Endpoint): void {
  const server = new Server(endpoint);
  endpoint.addEventListener('message', ({ data }) => void server.receive(data as Request));
  endpoint.start?.();
}

class Server {
  readonly #endpoint: Endpoint;
  #store: StoreEngine | undefined;
  /** By number minus one; a collection keeps its number. */
  readonly #collections: CollectionEngine[] = [];
  readonly #aborts = new Map<number, AbortController>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  async receive(request: Request): Promise<void> {
    if (request.type === 'abort') return this.#aborts.get(request.id)?.abort();
    const { id } = request;
    try {
      const value = request.type === 'open' ? await this.#open(request) : await this.#call(request);
      const collection = request.type === 'call' ? this.#collections[request.target - 1] : undefined;
      this.#post({ type: 'value', id, value, needsCheckpoint: needsCheckpoint(collection) }, buffersOf(value));
    } catch (error) {
      this.#post({ type: 'error', id, error: errorData(error) });
    } finally {
      this.#aborts.delete(id);
    }
  }

  async #open({ id, name, place, wasm, options }: Request & { type: 'open' }): Promise<EngineReportMessage> {
    const home = await openPlace(name, place);
    const store = await LocalStore.open({
      home,
      wasm,
      options,
      control: this.#control(id),
      onEvent: (event) => this.#post({ type: 'event', event: eventMessage(event) }),
    });
    this.#store = store;
    const { collections, ...report } = store.report;
    return { ...report, collections: collections.map(([each, how]) => [each, reportMessage(how)] as const) };
  }

  #call({ id, target, method, args }: Request & { type: 'call' }): Promise<unknown> {
    const store = this.#store;
    if (!store) throw new CorsacError('closed', 'the worker has no open store');
    const given = args.map((arg) => (arg === CONTROL ? this.#control(id) : arg));
    if (target === 0 && method === 'collection') return this.#collection(store, given[0] as Wanted);
    const [object, methods] =
      target === 0 ? [store, STORE_METHODS] : [this.#collections[target - 1], COLLECTION_METHODS];
    if (!object || !(methods as readonly string[]).includes(method)) throw new Error(`no ${method} of ${target}`);
    return (object as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[method]!(...given);
  }

  async #collection(store: StoreEngine, wanted: Wanted): Promise<CollectionMessage> {
    const engine = await store.collection(wanted);
    let target = this.#collections.indexOf(engine) + 1;
    if (target === 0) target = this.#collections.push(engine);
    const { name, options, report } = engine.info;
    return { target, name, options, report: reportMessage(report), needsCheckpoint: engine.needsCheckpoint };
  }

  #control(id: number): Control {
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    return { signal: abort.signal, onProgress: (progress) => this.#post({ type: 'progress', id, progress }) };
  }

  #post(answer: Answer, transfer: Transferable[] = []): void {
    this.#endpoint.postMessage(answer, transfer);
  }
}

/** Of a collection that may just have ended. */
function needsCheckpoint(collection: CollectionEngine | undefined): boolean {
  try {
    return collection?.needsCheckpoint ?? false;
  } catch {
    return false;
  }
}
