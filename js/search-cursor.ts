// Where does a page of a search end? First page's size, hits so far, the collection's version, and a key of the question.
import type { RawSearch } from './engine/engine.js';

export const VERSION = 's1';

/** `undefined` when nothing can follow. */
export const cursorBehind = (request: RawSearch, count: number, version: number): string | undefined =>
  request.diversify || count < request.k
    ? undefined
    : [VERSION, request.after?.first ?? request.k, (request.after?.given ?? 0) + count, version, keyOf(request)].join(
        '.',
      );

/** What decides about the ranking, as 32 bits (FNV-1a). */
export function keyOf(request: RawSearch): number {
  const { vector, k: _k, facets: _f, snippet: _s, highlight: _h, include: _i, parts: _p, after: _a, ...rest } = request;
  let key = 0x811c9dc5;
  const mix = (word: number): void => void (key = Math.imul(key ^ word, 0x01000193));
  for (const unit of JSON.stringify(rest)) mix(unit.codePointAt(0)!);
  if (vector) new Uint32Array(vector.slice().buffer).forEach(mix);
  return key >>> 0;
}
