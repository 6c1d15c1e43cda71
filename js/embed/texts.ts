// What every embedder here asks of its arguments.
import type { EmbedOptions } from '../embedder.js';
import { oneOf, readOptions, signalOf, callback } from '../option-check.js';
import { CorsacError } from '../errors.js';

export type Role = NonNullable<EmbedOptions['as']>;

/** The options of one `embed` call, checked and filled in. */
export interface Call {
  readonly as: Role;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: EmbedOptions['onProgress'];
}

/** @throws {CorsacError} `invalid_argument`, and the signal's reason when it is aborted already */
export function checkCall(options: EmbedOptions | undefined): Call {
  const { as, signal, onProgress } = readOptions('embed', options, ['as', 'signal', 'onProgress']);
  if (onProgress !== undefined) callback('onProgress', onProgress);
  const call: Call = {
    as: as === undefined ? 'document' : oneOf('as', as, ['query', 'document']),
    signal: signalOf(signal),
    onProgress,
  };
  call.signal?.throwIfAborted();
  return call;
}

/** `input` as a list of texts. @throws {CorsacError} `invalid_argument` naming the first that is no string */
export function checkTexts(input: string | readonly string[]): readonly string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) {
    throw new CorsacError(
      'invalid_argument',
      `embed takes a string or an array of strings, got ${input === null ? 'null' : typeof input}`,
    );
  }
  const wrong = input.findIndex((text) => typeof text !== 'string');
  if (wrong >= 0)
    throw new CorsacError(
      'invalid_argument',
      `text ${wrong} is no string but ${input[wrong] === null ? 'null' : typeof input[wrong]}`,
    );
  return input as readonly string[];
}

/** One vector for a string, all of them for a list. */
export const sameShape = (input: string | readonly string[], vectors: Float32Array[]): Float32Array | Float32Array[] =>
  typeof input === 'string' ? vectors[0]! : vectors;

/** Lets timers, events and rendering run. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
