// The page's side of the line: calls that become messages, and answers that find their call again.
import { reasonOf } from '../abort.js';
import type { Control, EngineEvent } from '../engine/engine.js';
import { CorsacError } from '../errors.js';
import type { Progress } from '../schema.js';
import { buffersOf, CONTROL, errorOf, eventOf, type Answer, type Endpoint, type Request } from './protocol.js';

interface Pending {
  readonly resolve: (answer: Answer & { type: 'value' }) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly stopListening: () => void;
}

type Message = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

export class Line {
  readonly #endpoint: Endpoint;
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #broken: CorsacError | undefined;

  constructor(endpoint: Endpoint, onEvent: (event: EngineEvent) => void) {
    this.#endpoint = endpoint;
    this.#onEvent = onEvent;
    endpoint.addEventListener('message', ({ data }) => this.#receive(data as Answer));
    endpoint.start?.();
  }

  /** Nothing crosses any more. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  /** Sends a request; buffers of typed arrays in it are given away. */
  ask(message: Message, { signal, onProgress }: Control = {}): Promise<Answer & { type: 'value' }> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (signal?.aborted) return Promise.reject(reasonOf(signal));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const abort = () => this.#endpoint.postMessage({ type: 'abort', id }, []);
      signal?.addEventListener('abort', abort, { once: true });
      const stopListening = () => signal?.removeEventListener('abort', abort);
      this.#pending.set(id, { resolve, reject, onProgress, signal, stopListening });
      this.#endpoint.postMessage({ ...message, id }, buffersOf('args' in message ? message.args : []));
    });
  }

  /** Calls a method; a Control among the arguments stays here and takes effect there. */
  async call<T>(
    target: number,
    method: string,
    args: readonly unknown[],
    control?: Control,
  ): Promise<{ value: T; needsCheckpoint: boolean }> {
    const all = control ? [...args, CONTROL] : args;
    const { value, needsCheckpoint } = await this.ask({ type: 'call', target, method, args: all }, control);
    return { value: value as T, needsCheckpoint };
  }

  /** Rejects everything that waits, and everything from now on. */
  break(error: CorsacError): void {
    this.#broken ??= error;
    for (const { reject, stopListening } of this.#pending.values()) {
      stopListening();
      reject(error);
    }
    this.#pending.clear();
  }

  #receive(answer: Answer): void {
    if (answer.type === 'event') return this.#onEvent(eventOf(answer.event));
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    if (answer.type === 'progress') return pending.onProgress?.(answer.progress);
    this.#pending.delete(answer.id);
    pending.stopListening();
    if (answer.type === 'value') pending.resolve(answer);
    else pending.reject(pending.signal?.aborted ? reasonOf(pending.signal) : errorOf(answer.error));
  }
}
