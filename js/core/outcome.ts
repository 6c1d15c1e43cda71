import { CorsacError, type ErrorCode } from '../errors.js';

/** What a fallible core call returns; written by bindings/wasm/marshal.h. */
export type Outcome<T> = { readonly value: T } | { readonly code: ErrorCode; readonly message: string };

/** The value of `outcome`, or its error thrown. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ('code' in outcome) throw new CorsacError(outcome.code, outcome.message);
  return outcome.value;
}
