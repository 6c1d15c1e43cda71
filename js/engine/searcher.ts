// One search call across the seam: the request is written into the core's memory, the answer copied out of it.
import type { Core } from '../core/guard.js';
import { readHitBlock, type HitBlock } from '../core/hit-block.js';
import type { CoreCollection, CoreSearch } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import { FUSIONS, MODES, type RawSearch } from './engine.js';

const utf8 = new TextEncoder();
const NOTHING = new Uint8Array();

/** @throws {CorsacError} what the core refuses, `crashed` */
export function searchCore(core: Core, handle: CoreCollection, request: RawSearch): HitBlock {
  return core.call(() => {
    const text = request.text === '' ? NOTHING : utf8.encode(request.text);
    const filter = request.filter === '' ? NOTHING : utf8.encode(request.filter);
    const floats = request.vector?.length ?? 0;
    const at = handle.reserve(floats * 4 + text.length + filter.length) >>> 0;
    const { module } = core;
    if (request.vector) module.HEAPF32.set(request.vector, at >>> 2);
    if (text.length > 0) module.HEAPU8.set(text, at + floats * 4);
    if (filter.length > 0) module.HEAPU8.set(filter, at + floats * 4 + text.length);
    const answer = handle.search(scalars(request, floats, text.length, filter.length)) >>> 0;
    if (answer === 0) unwrap(handle.searchError());
    return readHitBlock(module, answer);
  });
}

const scalars = (request: RawSearch, vectorFloats: number, textBytes: number, filterBytes: number): CoreSearch => ({
  mode: MODES.indexOf(request.mode),
  k: request.k,
  ef: request.ef,
  vectorFloats,
  textBytes,
  filterBytes,
  allTerms: request.allTerms,
  prefix: request.prefix,
  k1: request.k1,
  b: request.b,
  fusion: FUSIONS.indexOf(request.fusion.strategy),
  vectorWeight: request.fusion.vectorWeight,
  keywordWeight: request.fusion.keywordWeight,
  rrfK: request.fusion.rrfK,
  minScore: request.minScore ?? 0,
  hasMinScore: request.minScore !== undefined,
  exact: request.exact,
  parts: request.parts,
});
