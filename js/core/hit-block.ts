// What a search leaves in the core's memory, copied out at once: the layout of bindings/wasm/collection_handle.h.
import type { CoreModule } from './module.js';

const HEADER_WORDS = 8;

/** Hits as columns, best first. */
export interface HitBlock {
  readonly mode: number;
  readonly exact: boolean;
  /** 0 none, 1 scan, 2 graph. */
  readonly filter: number;
  readonly examined: number;
  readonly ids: string[];
  readonly ordinals: Uint32Array;
  readonly scores: Float32Array;
  readonly parts: HitParts | undefined;
}

/** The legs of a hybrid search; rank `ABSENT` where the document has no part in a leg. */
export interface HitParts {
  readonly vectorScores: Float32Array;
  readonly vectorRanks: Uint32Array;
  readonly textScores: Float32Array;
  readonly textRanks: Uint32Array;
  /** What each leg adds to the score. */
  readonly vectorShares: Float32Array;
  readonly textShares: Float32Array;
}

export const ABSENT = 0xffff_ffff;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The block at heap address `at`. */
export function readHitBlock({ HEAPU8, HEAPU32, HEAPF32, HEAPF64 }: CoreModule, at: number): HitBlock {
  const word = at >>> 2;
  const count = HEAPU32[word]!;
  const idBytes = HEAPU32[word + 6]!;
  const hasParts = HEAPU32[word + 7] === 1;
  const column = (i: number) => word + HEADER_WORDS + i * count;
  const words = (i: number) => HEAPU32.slice(column(i), column(i + 1));
  const floats = (i: number) => HEAPF32.slice(column(i), column(i + 1));
  const idStart = (column(hasParts ? 9 : 3) << 2) >>> 0;
  return {
    mode: HEAPU32[word + 1]!,
    exact: HEAPU32[word + 2] === 1,
    filter: HEAPU32[word + 3]!,
    examined: HEAPF64[(at + 16) >>> 3]!,
    ids: readIds(HEAPU8.slice(idStart, idStart + idBytes), words(2)),
    ordinals: words(0),
    scores: floats(1),
    parts: hasParts
      ? {
          vectorScores: floats(3),
          vectorRanks: words(4),
          textScores: floats(5),
          textRanks: words(6),
          vectorShares: floats(7),
          textShares: floats(8),
        }
      : undefined,
  };
}

function readIds(bytes: Uint8Array, ends: Uint32Array): string[] {
  const ids = new Array<string>(ends.length);
  const all = decoder.decode(bytes);
  // As many UTF-16 units as bytes: everything is ASCII, and the ends fit the string.
  const ascii = all.length === bytes.length;
  for (let i = 0, start = 0; i < ids.length; i++) {
    const end = ends[i]!;
    ids[i] = ascii ? all.slice(start, end) : decoder.decode(bytes.subarray(start, end));
    start = end;
  }
  return ids;
}
