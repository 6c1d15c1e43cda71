// Columns from the core become hits.
import { ABSENT, type HitParts } from './core/hit-block.js';
import {
  FILTER_PATHS,
  MODES,
  type RawDocument,
  type RawDocuments,
  type RawHits,
  type RawSearch,
} from './engine/engine.js';
import type { JsonObject } from './json.js';
import { cursorBehind } from './search-cursor.js';
import type { Facets, Hit, How, LegScore, Metric, Results, StoredDocument } from './schema.js';
import type { Wants } from './search-options.js';

/** Hits in a list that is iterable itself. */
export class SearchResults<M extends object = JsonObject> implements Results<M> {
  readonly #cursor: () => string | undefined;

  constructor(
    readonly hits: Hit<M>[],
    readonly how: How,
    readonly facets: Facets | undefined,
    cursor: () => string | undefined,
  ) {
    this.#cursor = cursor;
  }

  get after(): string | undefined {
    return this.#cursor();
  }

  [Symbol.iterator](): Iterator<Hit<M>> {
    return this.hits[Symbol.iterator]();
  }
}

export function resultsOf<M extends object>(
  raw: RawHits,
  request: RawSearch,
  wants: Wants,
  metric: Metric,
  ms: number,
  facets: Facets | undefined,
): SearchResults<M> {
  const mode = MODES[raw.mode] ?? 'vector';
  const { ids, scores, parts, documents, embeddings, highlights, snippets, version } = raw;
  const hits = new Array<Hit<M>>(ids.length);
  for (let i = 0; i < hits.length; i++) {
    const hit: Hit<M> = { id: ids[i]!, score: scores[i]! };
    if (documents) addDocument(hit, documents[i], wants);
    if (mode === 'vector') hit.distance = distance(metric, hit.score);
    else if (parts && parts.vectorRanks[i] !== ABSENT) hit.distance = distance(metric, parts.vectorScores[i]!);
    const embedding = embeddings?.[i];
    if (embedding) hit.embedding = embedding;
    if (wants.parts)
      hit.parts = mode === 'hybrid' && parts ? partsOf(parts, i) : { [mode]: { score: hit.score, rank: i + 1 } };
    if (highlights) hit.highlights = pairs(highlights[i]!);
    if (snippets) hit.snippet = { ...snippets[i]!, highlights: pairs(snippets[i]!.highlights) };
    hits[i] = hit;
  }
  const how: How = {
    mode,
    exact: raw.exact,
    filter: FILTER_PATHS[raw.filter] ?? 'none',
    examined: raw.examined,
    ms,
  };
  return new SearchResults(hits, how, facets, () => cursorBehind(request, ids.length, version));
}

export function documentsOf<M extends object>(
  ids: readonly string[],
  raw: RawDocuments,
  wants: Wants,
): (StoredDocument<M> | undefined)[] {
  return ids.map((id, i) => {
    if (!raw.found[i]) return undefined;
    const document: StoredDocument<M> = { id };
    addDocument(document, raw.documents?.[i], wants);
    const embedding = raw.embeddings?.[i];
    if (embedding) document.embedding = embedding;
    return document;
  });
}

function addDocument(
  target: { content?: string; metadata?: unknown },
  document: RawDocument | undefined,
  wants: Wants,
): void {
  if (wants.content && document?.content !== undefined) target.content = document.content;
  if (wants.metadata && document?.metadata !== undefined) target.metadata = JSON.parse(document.metadata) as unknown;
}

const distance = (metric: Metric, score: number): number =>
  metric === 'cosine' ? 1 - score : score === 0 ? 0 : -score;

function partsOf(parts: HitParts, i: number): NonNullable<Hit['parts']> {
  const vector = leg(parts.vectorScores[i]!, parts.vectorRanks[i]!);
  const text = leg(parts.textScores[i]!, parts.textRanks[i]!);
  const fusion = { vector: parts.vectorShares[i]!, text: parts.textShares[i]! };
  return { ...(vector && { vector }), ...(text && { text }), fusion };
}

const leg = (score: number, rank: number): LegScore | undefined => (rank === ABSENT ? undefined : { score, rank });

function pairs(flat: Uint32Array): { start: number; end: number }[] {
  const out = [];
  for (let i = 0; i < flat.length; i += 3) out.push({ start: flat[i]!, end: flat[i + 1]! });
  return out;
}
