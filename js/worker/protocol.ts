// What crosses between the page and the worker. Typed arrays are transferred, errors travel as data.
import { CorsacError, type ErrorCode } from '../errors.js';
import type { EngineEvent, EngineOptions, EngineReport } from '../engine/engine.js';
import type { CollectionReport, Progress } from '../schema.js';
import type { Place } from '../storage/open-layers.js';
import type { Variant } from '../core/variant.js';

/** Either end of the line: a Worker, the global of one, a MessagePort. */
export interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  /** MessagePorts deliver nothing before. */
  start?(): void;
}

/** Target of a call: 0 the store, above it a collection that an earlier answer numbered. */
export type Target = number;

export type Request =
  | {
      readonly type: 'open';
      readonly id: number;
      readonly name: string;
      readonly place: Place;
      readonly wasm: WasmMessage;
      readonly options: EngineOptions;
    }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly target: Target;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'abort'; readonly id: number };

export interface WasmMessage {
  readonly url?: string | undefined;
  readonly module?: WebAssembly.Module | undefined;
  readonly variant?: 'auto' | Variant | undefined;
}

export type Answer =
  | { readonly type: 'value'; readonly id: number; readonly value: unknown; readonly needsCheckpoint: boolean }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorData }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'event'; readonly event: EngineEvent };

/** Stands in the place of a Control among the arguments. */
export const CONTROL = '\u0000control';

/** What a collection is on the other side. */
export interface CollectionMessage {
  readonly target: Target;
  readonly name: string;
  readonly options: string;
  readonly report: ReportMessage;
  readonly needsCheckpoint: boolean;
}

export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
}

export type ReportMessage = Omit<CollectionReport, 'error'> & { readonly error?: ErrorData };
export type EngineReportMessage = Omit<EngineReport, 'collections'> & {
  readonly collections: readonly (readonly [string, ReportMessage])[];
};

export const errorData = (error: unknown): ErrorData =>
  error instanceof CorsacError
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: 'crashed', message: `the worker failed: ${String((error as Error)?.message ?? error)}`, hint: undefined };

export const errorOf = ({ code, message, hint }: ErrorData): CorsacError =>
  new CorsacError(code, message, hint === undefined ? {} : { hint });

export const reportMessage = ({ error, ...report }: CollectionReport): ReportMessage => ({
  ...report,
  ...(error && { error: errorData(error) }),
});

export const reportOf = ({ error, ...report }: ReportMessage): CollectionReport => ({
  ...report,
  ...(error && { error: errorOf(error) }),
});

export const eventMessage = (event: EngineEvent): EngineEvent =>
  'report' in event ? { ...event, report: reportMessage(event.report) as CollectionReport } : event;

export const eventOf = (event: EngineEvent): EngineEvent =>
  'report' in event ? { ...event, report: reportOf(event.report as ReportMessage) } : event;

/** The buffers behind typed arrays anywhere in `value`; each must be owned by nobody else. */
export function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    // A list of strings or numbers can be long and holds no buffer.
    if (typeof value[0] === 'object' || value[0] === undefined) for (const item of value) buffersOf(item, found);
  } else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) buffersOf(item, found);
  }
  return [...found];
}
