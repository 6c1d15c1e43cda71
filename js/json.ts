// Values that become JSON and come back the same, or are refused by name: nothing changes silently.
import { CorsacError, type ErrorCode } from './errors.js';

/** A JSON value without parts. */
export type JsonScalar = string | number | boolean | null;
/** What JSON can hold. */
export type JsonValue = JsonScalar | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };
/** An object of JSON values. A key whose value is `undefined` is refused when it is stored. */
export type JsonObject = { readonly [key: string]: JsonValue | undefined };

export const JSON_LIMITS = { bytes: 1 << 20, depth: 32, keys: 10_000 };

declare global {
  interface String {
    /** Not in every engine that runs Corsac. */
    isWellFormed?(): boolean;
  }
}

const utf8 = new TextEncoder();
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether UTF-8 can hold `text`: no half of a surrogate pair stands alone. */
export const isWellFormed = (text: string): boolean =>
  typeof text.isWellFormed === 'function' ? text.isWellFormed() : !LONE_SURROGATE.test(text);

/** Bytes of `text` in UTF-8. */
export function utf8Length(text: string): number {
  if (text.length < 64) {
    let ascii = true;
    for (let i = 0; i < text.length && ascii; i++) ascii = text.charCodeAt(i) < 128;
    if (ascii) return text.length;
  }
  return utf8.encode(text).length;
}

/** The compact JSON text of a plain object. `what` names it in errors, which have the code `code`. */
export function jsonOf(value: unknown, what: string, code: ErrorCode = 'invalid_argument'): string {
  if (!isPlainObject(value)) throw new CorsacError(code, `${what} must be a plain object, got ${nameOf(value)}`);
  const check = new JsonCheck(code);
  check.object(value, what, 1);
  const text = JSON.stringify(value);
  const bytes = utf8Length(text);
  if (bytes > JSON_LIMITS.bytes) {
    throw new CorsacError(code, `${what} is ${bytes} bytes of JSON, at most ${JSON_LIMITS.bytes} are allowed`);
  }
  return text;
}

/** Whether `value` is an object as `{}` makes it, of this realm or another. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `value` for an error message: short, and never a failure of its own. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== 'Object' && name !== '' ? `a ${name}` : 'an object';
}

class JsonCheck {
  #keys = 0;
  readonly #above = new Set<object>();

  constructor(readonly code: ErrorCode) {}

  object(value: Record<string, unknown>, path: string, depth: number): void {
    this.#enter(value, path, depth);
    if (Object.getOwnPropertySymbols(value).length > 0) this.#refuse(`${path} has a symbol as key`);
    for (const key of Object.keys(value)) {
      if (++this.#keys > JSON_LIMITS.keys) this.#refuse(`${path} has more than ${JSON_LIMITS.keys} keys`);
      if (!isWellFormed(key)) this.#refuse(`${path} has a key that is not valid Unicode`);
      this.#value(value[key], `${path}.${key}`, depth);
    }
    this.#above.delete(value);
  }

  #value(value: unknown, path: string, depth: number): void {
    if (value === null || typeof value === 'boolean') return;
    if (typeof value === 'string') {
      if (!isWellFormed(value)) this.#refuse(`${path} is not valid Unicode: it holds half of a surrogate pair`);
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) this.#refuse(`${path} is ${value}, which JSON cannot hold`);
    } else if (Array.isArray(value)) {
      this.#enter(value, path, depth + 1);
      for (let i = 0; i < value.length; i++) this.#value(value[i], `${path}[${i}]`, depth + 1);
      this.#above.delete(value);
    } else if (isPlainObject(value)) {
      this.object(value, path, depth + 1);
    } else {
      this.#refuse(`${path} is ${nameOf(value)}, which JSON cannot hold`);
    }
  }

  #enter(value: object, path: string, depth: number): void {
    if (this.#above.has(value)) this.#refuse(`${path} contains itself`);
    if (depth > JSON_LIMITS.depth) this.#refuse(`${path} is nested deeper than ${JSON_LIMITS.depth} levels`);
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') this.#refuse(`${path} has a toJSON method`);
    this.#above.add(value);
  }

  #refuse(sentence: string): never {
    throw new CorsacError(this.code, sentence);
  }
}
