// What do few searches ask for? Facets, snippets, later pages and hits that differ: loaded by the first search that does.
import { checkText } from './document.js';
import type { RawAfter, RawDiversity, RawExtras } from './engine/engine.js';
import { isPlainObject, nameOf, type JsonScalar } from './json.js';
import { boolean, integer, invalid, readOptions, real } from './option-check.js';
import { keyOf, VERSION } from './search-cursor.js';
import type { Facets } from './schema.js';
import type { AnySearchOptions, Diversify, SearchMode } from './search-options.js';

const MOST_FACETS = 20;
const MOST_DIVERSE = 1_000;

/** @throws {CorsacError} `invalid_argument` */
export function readExtras(
  options: AnySearchOptions<never>,
  mode: SearchMode,
  dimension: number,
  isCosine: boolean,
): RawExtras {
  const { facets, snippet, after, diversify, k = 10 } = options;
  if (after !== undefined && diversify !== undefined) throw invalid('after and diversify cannot be combined');
  return {
    facets: facets === undefined ? [] : checkFacets(facets),
    snippet: checkSnippet(snippet),
    after: after === undefined ? undefined : readCursor(after),
    diversify: diversify === undefined ? undefined : checkDiversify(diversify, mode, dimension, isCosine, k),
  };
}

export function checkFacets(paths: unknown): string[] {
  if (!Array.isArray(paths) || paths.length > MOST_FACETS)
    throw invalid(`facets must be a list of at most ${MOST_FACETS} paths, got ${nameOf(paths)}`);
  return paths.map((path, i) => checkText(path, `facets[${i}]`));
}

function checkSnippet(snippet: AnySearchOptions['snippet']): number {
  if (snippet === undefined) return 0;
  if (!isPlainObject(snippet)) return boolean('snippet', snippet) ? 200 : 0;
  const { length = 200 } = readOptions('snippet', snippet as { length?: number }, ['length']);
  return integer('snippet.length', length, 20, 10_000);
}

function checkDiversify(
  diversify: Diversify,
  mode: SearchMode,
  dimension: number,
  isCosine: boolean,
  k: number,
): RawDiversity {
  integer('k beside diversify', k, 1, MOST_DIVERSE);
  const read = readOptions('diversify', diversify as Record<string, unknown>, ['lambda', 'field', 'max']);
  if ('lambda' in read) {
    if ('field' in read || 'max' in read) throw invalid('diversify takes lambda, or field and max, not both');
    if (dimension === 0)
      throw invalid('diversify.lambda compares vectors, and the collection has none: use field and max');
    return { lambda: real('diversify.lambda', read['lambda'], 0, 1), scaled: mode !== 'vector' || !isCosine };
  }
  const field = checkText(read['field'], 'diversify.field');
  if (field.startsWith('$')) throw invalid(`diversify.field must be a path of metadata, got ${nameOf(field)}`);
  return { field, max: integer('diversify.max', read['max'], 1, MOST_DIVERSE) };
}

interface Cursor extends RawAfter {
  readonly key: number;
}

function readCursor(after: unknown): Cursor {
  const [name, ...numbers] = checkText(after, 'after').split('.');
  const [first, given, version, key] = numbers.map(Number);
  if (name !== VERSION || numbers.length !== 4 || numbers.some((each) => !/^\d{1,15}$/.test(each)))
    throw invalid(`after is no cursor of a search: ${nameOf(after)}`);
  return { first: integer('after', first, 1, 10_000), given: given!, version: version!, key: key! };
}

/** @throws {CorsacError} `invalid_argument` when the cursor came from another question */
export function checkSameSearch(request: Parameters<typeof keyOf>[0]): void {
  const { after } = request;
  if (after && (after as Cursor).key !== keyOf(request))
    throw invalid(
      'after belongs to another search: everything but k, include, facets, highlight and snippet must be as it was',
    );
}

/** Values as keys, with what the core counted. A number and a string that look alike share a key. */
export function facetsOf(paths: readonly string[], counted: readonly string[]): Facets {
  return record(
    paths.map((path, i) => {
      const counts = new Map<string, number>();
      for (const [value, count] of JSON.parse(counted[i]!) as [JsonScalar, number][])
        counts.set(String(value), (counts.get(String(value)) ?? 0) + count);
      return [path, record([...counts])];
    }),
  );
}

/** `__proto__` is a key like any other here. */
const record = <T>(entries: [string, T][]): Record<string, T> => Object.fromEntries(entries);
