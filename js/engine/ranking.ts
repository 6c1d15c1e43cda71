// How does a ranking go on behind its first page, and how do hits come to differ from each other? Loaded by the first
// search that asks.
//
// A ranking is a chain of lists, each looked for deeper than the one before: the first page as any search makes it,
// then 100 candidates or 5 per hit, then four times as many, to 10,000; what an earlier list had is left out. So a page
// is the same whenever it is asked for, although a deeper search of a graph may find more, and the scores of a hybrid
// search are relative to its candidates.
import type { HitBlock, HitParts } from '../core/hit-block.js';
import { CorsacError } from '../errors.js';
import { valuesAt } from '../value-at.js';
import type { RawDocument, RawLikeness, RawSearch } from './engine.js';

type Search = (request: RawSearch) => Promise<HitBlock>;

/** One hit: the list it came in, and its place there. */
type Place = readonly [list: HitBlock, at: number];

const DEEPEST = 10_000;
/** Candidates that are compared with each other. */
const MOST_COMPARED = 1_000;

const depthFor = (k: number) => Math.min(DEEPEST, Math.max(100, 5 * k));

/** A list of what lies at least `depth` deep in each leg. */
const deepList = (search: Search, request: RawSearch, depth: number): Promise<HitBlock> =>
  search({ ...request, k: Math.min(DEEPEST, request.mode === 'hybrid' ? 2 * depth : depth), fetch: depth });

/** The page behind the cursor. @throws {CorsacError} `invalid_argument` when anything changed since the first page */
export async function pageOf(search: Search, request: RawSearch, version: number): Promise<HitBlock> {
  const { first, given, version: then } = request.after!;
  if (then !== version)
    throw new CorsacError(
      'invalid_argument',
      'after is stale: the collection changed since the first page, start again',
    );
  const lists = [await search({ ...request, k: first, fetch: 0 })];
  const places = placesOf(lists[0]!);
  const seen = new Set(lists[0]!.ordinals);
  const end = given + request.k;
  for (let depth = depthFor(first); places.length >= first && places.length < end; depth *= 4) {
    const list = await deepList(search, request, Math.min(depth, DEEPEST));
    lists.push(list);
    for (const place of placesOf(list)) {
      const ordinal = list.ordinals[place[1]]!;
      if (!seen.has(ordinal)) places.push(place);
      seen.add(ordinal);
    }
    if (list.ids.length < depth || depth >= DEEPEST) break;
  }
  return blockOf(lists, places.slice(given, end));
}

/** What deciding about a hit needs beside its score. */
export interface Insight {
  /** As the codes hold them. */
  vectors(ordinals: Uint32Array): (Float32Array | undefined)[];
  documents(ordinals: Uint32Array): Promise<(RawDocument | undefined)[]>;
}

export async function diversified(search: Search, request: RawSearch, insight: Insight): Promise<HitBlock> {
  const { diversify } = request;
  return 'lambda' in diversify!
    ? dissimilar(search, request, diversify, insight)
    : spread(search, request, diversify!, insight);
}

/** Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): each hit is the best for its score and against its likeness to those before it. */
async function dissimilar(
  search: Search,
  request: RawSearch,
  { lambda, scaled }: RawLikeness,
  insight: Insight,
): Promise<HitBlock> {
  const list = await deepList(search, request, Math.min(MOST_COMPARED, depthFor(request.k)));
  const vectors = insight.vectors(list.ordinals).map(unit);
  const { scores } = list;
  const low = scaled ? Math.min(...scores) : 0;
  const range = scaled ? Math.max(...scores) - low || 1 : 1;
  const left = new Set(scores.keys());
  const nearest = new Float64Array(scores.length).fill(-Infinity);
  const chosen: Place[] = [];
  while (chosen.length < request.k && left.size > 0) {
    let best = -1;
    let most = -Infinity;
    for (const i of left) {
      const likeness = chosen.length === 0 ? 0 : nearest[i]!;
      const value = (lambda * (scores[i]! - low)) / range - (1 - lambda) * likeness;
      if (value > most) [best, most] = [i, value];
    }
    left.delete(best);
    chosen.push([list, best]);
    for (const i of left) nearest[i] = Math.max(nearest[i]!, dot(vectors[i], vectors[best]));
  }
  return blockOf([list], chosen);
}

function unit(vector: Float32Array | undefined): Float32Array | undefined {
  const norm = Math.sqrt(dot(vector, vector));
  return norm > 0 ? vector!.map((x) => x / norm) : undefined;
}

/** 0 where there is no vector: nothing is known to be alike. */
function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  if (a && b) for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * At most `max` hits for each value of a field; a document without the field is in nobody's way. When candidates run out
 * the values that are full are left out by a filter and the search is made again: each round adds at least one hit.
 */
async function spread(
  search: Search,
  request: RawSearch,
  { field, max }: { readonly field: string; readonly max: number },
  insight: Insight,
): Promise<HitBlock> {
  const depth = depthFor(request.k);
  const lists: HitBlock[] = [];
  const chosen: Place[] = [];
  const taken = new Map<unknown, number>();
  const seen = new Set<number>();
  for (;;) {
    const full = [...taken].filter(([, count]) => count >= max).map(([value]) => value);
    const list = await deepList(
      search,
      full.length > 0 ? { ...request, filter: without(request.filter, field, full) } : request,
      depth,
    );
    lists.push(list);
    const documents = await insight.documents(list.ordinals);
    for (const place of placesOf(list)) {
      const ordinal = list.ordinals[place[1]]!;
      const values = valuesAt(JSON.parse(documents[place[1]]?.metadata ?? '{}'), field);
      if (seen.has(ordinal) || values.some((value) => taken.get(value)! >= max)) continue;
      seen.add(ordinal);
      chosen.push(place);
      if (chosen.length === request.k) return blockOf(lists, chosen);
      for (const value of values) taken.set(value, (taken.get(value) ?? 0) + 1);
    }
    if (list.ids.length < depth) return blockOf(lists, chosen);
  }
}

function without(filter: string, field: string, values: unknown[]): string {
  const others = JSON.stringify(Object.fromEntries([[field, { $nin: values }]]));
  return filter === '' ? others : `{"$and":[${filter},${others}]}`;
}

const placesOf = (list: HitBlock): Place[] => list.ids.map((_, at) => [list, at]);

/** Hits of several lists as one. */
export function blockOf(lists: readonly HitBlock[], places: readonly Place[]): HitBlock {
  const last = lists[lists.length - 1]!;
  const parts = (name: keyof HitParts) => places.map(([list, at]) => list.parts![name][at]!);
  return {
    mode: last.mode,
    exact: lists.every((list) => list.exact),
    filter: last.filter,
    examined: lists.reduce((sum, list) => sum + list.examined, 0),
    ids: places.map(([list, at]) => list.ids[at]!),
    ordinals: Uint32Array.from(places, ([list, at]) => list.ordinals[at]!),
    scores: Float32Array.from(places, ([list, at]) => list.scores[at]!),
    parts: last.parts && {
      vectorScores: Float32Array.from(parts('vectorScores')),
      vectorRanks: Uint32Array.from(parts('vectorRanks')),
      textScores: Float32Array.from(parts('textScores')),
      textRanks: Uint32Array.from(parts('textRanks')),
      vectorShares: Float32Array.from(parts('vectorShares')),
      textShares: Float32Array.from(parts('textShares')),
    },
  };
}
