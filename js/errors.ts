/** Why an operation failed. The core's own codes (src/base/error.h) are among them; a test compares both lists. */
export type ErrorCode =
  | 'invalid_argument'
  | 'dimension_mismatch'
  | 'already_exists'
  | 'not_found'
  | 'invalid_filter'
  | 'invalid_query'
  | 'quota'
  | 'storage'
  | 'corrupt'
  | 'data_loss'
  | 'unsupported_format'
  | 'unsupported_environment'
  | 'locked'
  | 'busy'
  | 'read_only'
  | 'out_of_memory'
  | 'model'
  | 'drift'
  | 'closed'
  | 'crashed'
  | 'aborted';

/** What a {@link CorsacError} may carry besides its sentence. */
export interface ErrorDetails {
  /** What the caller can do about it. */
  readonly hint?: string;
  /** The error underneath, as the platform threw it. */
  readonly cause?: unknown;
}

/**
 * Every error this library throws. Branch on `code`; `message` is for people and names the offending value.
 *
 * @example
 * import { CorsacError, VectorStore } from 'corsac';
 *
 * const store = await VectorStore.open('example', { storage: 'memory' });
 * const notes = await store.createCollection('notes', { dimension: 3 });
 * try {
 *   await notes.insert({ id: 'a', embedding: [1, 2] });
 * } catch (error) {
 *   if (error instanceof CorsacError && error.code === 'dimension_mismatch') console.log(error.message);
 *   // document.embedding: expected 3 dimensions, got 2
 * }
 * await store.close();
 */
export class CorsacError extends Error {
  override readonly name = 'CorsacError';
  /** What the caller can do about it. */
  readonly hint: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { hint, cause }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}
