/** Assertions that run in Vitest and in a bare page alike. */
import type { CorsacError, ErrorCode } from '../../js/errors.js';

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Deep equality by JSON text; typed arrays count as arrays. */
export function equal(actual: unknown, expected: unknown, what = 'value'): void {
  const text = (value: unknown) =>
    JSON.stringify(value, (_key, item: unknown) => (ArrayBuffer.isView(item) ? Array.from(item as Uint8Array) : item));
  assert(text(actual) === text(expected), `${what}: expected ${text(expected)}, got ${text(actual)}`);
}

/** By name: the package under test and these sources are two copies of the class. */
const isCorsacError = (error: unknown): error is CorsacError => (error as Error | undefined)?.name === 'CorsacError';

/** The error of `run`, which must be a CorsacError with this code. */
export async function rejects(code: ErrorCode, run: () => unknown): Promise<CorsacError> {
  try {
    await run();
  } catch (error) {
    assert(isCorsacError(error), `expected a CorsacError, got ${String(error)}`);
    assert(error.code === code, `expected ${code}, got ${error.code}: ${error.message}`);
    return error;
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}

/** One named check of a contract. */
export interface Case {
  readonly name: string;
  /** Why it cannot run here. */
  readonly skip?: string;
  run(): Promise<void>;
}
