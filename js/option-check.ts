// One rule for every options object: unknown names and later options are errors, `undefined` is absent.
import { CorsacError } from './errors.js';
import { isPlainObject, nameOf } from './json.js';

export const invalid = (message: string, hint?: string) =>
  new CorsacError('invalid_argument', message, hint ? { hint } : {});

/** The error of what exists by name and comes with a later version. */
export const notYet = (what: string) => invalid(`${what} is not available yet`);

/**
 * `given` without what is undefined. `known` are the names that count, `later` those that are refused as not available yet.
 * `what` names the call in messages. @throws {CorsacError} `invalid_argument`
 */
export function readOptions<T extends object>(
  what: string,
  given: T | undefined,
  known: readonly (keyof T & string)[],
  later: readonly string[] = [],
): T {
  if (given === undefined) return {} as T;
  if (typeof given !== 'object' || given === null || !(isPlainObject(given) || Object.keys(given).length > 0)) {
    throw invalid(`the options of ${what} must be an object, got ${nameOf(given)}`);
  }
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (later.includes(name)) throw notYet(`the option "${name}" of ${what}`);
    if (!(known as readonly string[]).includes(name)) {
      throw invalid(`unknown option "${name}" of ${what}`, `its options are ${[...known].sort().join(', ')}`);
    }
    out[name] = value;
  }
  return out as T;
}

export function integer(what: string, value: unknown, low: number, high: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalid(`${what} must be an integer from ${low} to ${high}, got ${nameOf(value)}`);
}

export function real(what: string, value: unknown, low: number, high: number): number {
  if (typeof value === 'number' && value >= low && value <= high) return value;
  throw invalid(`${what} must be a number from ${low} to ${high}, got ${nameOf(value)}`);
}

export function boolean(what: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(`${what} must be true or false, got ${nameOf(value)}`);
}

export function oneOf<T extends string>(
  what: string,
  value: unknown,
  choices: readonly T[],
  later: readonly string[] = [],
): T {
  if ((choices as readonly unknown[]).includes(value)) return value as T;
  if (later.includes(value as string)) throw notYet(`${what} "${String(value)}"`);
  throw invalid(`${what} must be one of ${choices.map((c) => `"${c}"`).join(', ')}, got ${nameOf(value)}`);
}

export function callback(what: string, value: unknown): void {
  if (typeof value !== 'function') throw invalid(`${what} must be a function, got ${nameOf(value)}`);
}

export function signalOf(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  if (
    typeof AbortSignal === 'function' &&
    typeof (value as AbortSignal)?.addEventListener === 'function' &&
    'aborted' in (value as object)
  ) {
    return value as AbortSignal;
  }
  throw invalid(`signal must be an AbortSignal, got ${nameOf(value)}`);
}
