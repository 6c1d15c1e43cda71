/// <reference lib="esnext.disposable" preserve="true" />
// Who wants to know what happens without being asked for?
import { callback, oneOf, readOptions, signalOf } from './option-check.js';
import type { CollectionReport } from './schema.js';

/** What listeners of a store are told. */
export interface StoreEvents {
  /** A collection was not closed cleanly and was brought back. */
  recovered: { readonly collection: string; readonly report: CollectionReport };
  /** A collection cannot be read; nothing was changed. */
  corrupt: { readonly collection: string; readonly report: CollectionReport };
  /** A write failed because the storage is full. */
  quota: { readonly collection: string; readonly message: string };
  /** This tab became or ceased to be the one that writes. */
  leader: { readonly leading: boolean };
  /** Documents were written or removed. */
  change: { readonly collection: string; readonly documents: number };
  /** A collection was opened with another embedder than it was made with. */
  drift: { readonly collection: string; readonly stored: string; readonly given: string };
}

const NAMES = ['recovered', 'corrupt', 'quota', 'leader', 'change', 'drift'] as const;

/** What `on` returns: ends the subscription. */
export interface Subscription {
  [Symbol.dispose](): void;
  /** The same, where `using` is not at hand. */
  dispose(): void;
}

type Listener<E extends keyof StoreEvents> = (event: StoreEvents[E]) => void;

export class Events {
  readonly #listeners = new Map<keyof StoreEvents, Set<Listener<never>>>();

  on<E extends keyof StoreEvents>(
    event: E,
    listener: Listener<E>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Subscription {
    oneOf('event', event, NAMES);
    callback('listener', listener);
    const signal = signalOf(readOptions('on', options, ['signal']).signal);
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // One entry per call, so that the same function can be subscribed twice and each subscription ends by itself.
    const entry: Listener<E> = (data) => listener(data);
    if (!signal?.aborted) listeners.add(entry);
    const dispose = () => void listeners.delete(entry);
    signal?.addEventListener('abort', dispose, { once: true });
    return { dispose, [disposeSymbol]: dispose } as unknown as Subscription;
  }

  emit<E extends keyof StoreEvents>(event: E, data: StoreEvents[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as Listener<E>)(data);
      } catch (error) {
        // A listener that throws must not break the write that it is told of, nor be silent.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}

/** Not in every engine that runs Corsac. */
export const disposeSymbol: symbol = (Symbol as { dispose?: symbol }).dispose ?? Symbol.for('Symbol.dispose');
export const asyncDisposeSymbol: symbol =
  (Symbol as { asyncDispose?: symbol }).asyncDispose ?? Symbol.for('Symbol.asyncDispose');
