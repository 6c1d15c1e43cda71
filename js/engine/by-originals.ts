// What do the vectors as they were given say about the best candidates? They are read from disk. Loaded by the first
// search that asks.
import type { StoredOptions } from '../collection-options.js';
import type { HitBlock } from '../core/hit-block.js';
import { CorsacError } from '../errors.js';
import type { Metric } from '../schema.js';
import type { Context } from './context.js';
import type { RawSearch } from './engine.js';
import { blockOf } from './ranking.js';

const DEEPEST = 10_000;

/** The best of what `search` finds, by their exact scores. @throws {CorsacError} `invalid_argument` without originals */
export async function byOriginals(
  context: Context,
  request: RawSearch,
  search: (request: RawSearch) => HitBlock,
  vectorsOf: (ordinals: Uint32Array) => Promise<(Float32Array | undefined)[]>,
): Promise<HitBlock> {
  const stored = JSON.parse(context.ask((handle) => handle.options())) as StoredOptions;
  if (stored.originals === 'none')
    throw new CorsacError('invalid_argument', 'rerank "originals" needs originals, the collection has "none"');
  const { k, vector, minScore } = request;
  const wished = request.rerank & 0xff_ffff || (stored.index as { candidates?: number }).candidates || 2 * k;
  const depth = Math.min(DEEPEST, Math.max(k, wished));
  const list = search({ ...request, k: depth, rerank: 0, minScore: undefined });
  const rows = await vectorsOf(list.ordinals);
  const scores = rows.map((row) => scoreOf(stored.metric, vector!, row!));
  const best = [...scores.keys()]
    .filter((i) => minScore === undefined || scores[i]! >= minScore)
    .sort((a, b) => scores[b]! - scores[a]! || list.ordinals[a]! - list.ordinals[b]!)
    .slice(0, k);
  const exact = { ...list, scores: Float32Array.from(scores) };
  return blockOf(
    [exact],
    best.map((i) => [exact, i]),
  );
}

/** Sums of doubles in one order: the same everywhere. */
function scoreOf(metric: Metric, a: Float32Array, b: Float32Array): number {
  let [dot, square, ours, theirs] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    dot += x * y;
    square += (x - y) * (x - y);
    ours += x * x;
    theirs += y * y;
  }
  if (metric === 'l2') return Math.fround(-square);
  return Math.fround(metric === 'dot' ? dot : dot / (Math.sqrt(ours) * Math.sqrt(theirs) || 1));
}
