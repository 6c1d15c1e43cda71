// Which values stand at a dot path? As src/filter/predicate.h defines it: every key that begins the path is followed,
// the elements of arrays stand at the path of the array, and only a document's own keys count.
import type { JsonScalar } from './json.js';

/** The distinct scalars at `path` of a parsed JSON value. */
export function valuesAt(from: unknown, path: string): JsonScalar[] {
  const found = new Set<JsonScalar>();
  const gather = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(gather);
    else if (value === null || typeof value !== 'object') found.add(value as JsonScalar);
  };
  const walk = (value: unknown, rest: string): void => {
    if (Array.isArray(value)) return value.forEach((item) => walk(item, rest));
    if (value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === rest) gather(inner);
      else if (rest.startsWith(`${key}.`)) walk(inner, rest.slice(key.length + 1));
    }
  };
  walk(from, path);
  return [...found];
}
