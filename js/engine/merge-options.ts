// What does a caller ask of a collection that exists? What was given, and as stored whatever was not.
import type { Core } from '../core/guard.js';
import { unwrap } from '../core/outcome.js';
import { CorsacError } from '../errors.js';
import type { Wanted } from './engine.js';

type Json = Record<string, unknown>;

/** Both are JSON; the result is what the core compares with `stored`. */
function mergeOptions(stored: string, given: string): string {
  const before = JSON.parse(stored) as Json;
  const asked = JSON.parse(given) as Json;
  return JSON.stringify({
    ...before,
    ...asked,
    ...('index' in asked && { index: mergeIndex(before['index'], asked['index']) }),
    ...('text' in asked && { text: mergeText(before['text'], asked['text']) }),
  });
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function mergeIndex(before: unknown, asked: unknown): unknown {
  if (!isObject(before) || !isObject(asked) || before['kind'] !== asked['kind']) return asked;
  const merged = { ...before, ...asked };
  // Another codec reranks in its own way.
  if (asked['codec'] !== undefined && asked['codec'] !== before['codec'])
    for (const name of ['rerank', 'candidates', 'bits', 'subvectors', 'iterations', 'samples'])
      if (!(name in asked)) delete merged[name];
  return merged;
}

function mergeText(before: unknown, asked: unknown): unknown {
  if (!isObject(before) || !isObject(asked)) return asked;
  const merged = { ...before, ...asked };
  if ('stopWords' in asked) merged['ownStopWords'] = [];
  if (Array.isArray(asked['stopWords'])) merged['stopWords'] = asked['stopWords'];
  return merged;
}

/** @throws {CorsacError} `invalid_argument` when a collection exists with other options than those given */
export function checkSame(core: Core, stored: string, { given, name }: Wanted): void {
  const asked = mergeOptions(stored, given);
  const difference = unwrap(core.call(() => core.module.optionsDifference(stored, asked)));
  if (difference === undefined) return;
  throw new CorsacError(
    'invalid_argument',
    `the collection ${JSON.stringify(name)} exists with other options: ${difference}`,
  );
}
