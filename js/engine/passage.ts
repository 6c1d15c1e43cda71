// Which piece of a text answers a query best? The one that covers the most of it: the sum of what its distinct query
// terms say, then the most matches, then the earliest. Loaded by the first search that wants one.
import type { RawSnippet } from './engine.js';

const WORD_REACH = 30;
const INSIDE = /[\p{L}\p{M}\p{N}_]/u;
const CONTINUES = /[\p{M}\udc00-\udfff\u200d\ufe0f]/u;

/** A row of places in the text: start, end, number of the query term. */
const WIDTH = 3;

/** At most `length` UTF-16 units. `found`: rows, ascending. `says`: by query term. */
export function bestPassage(content: string, found: Uint32Array, says: Float32Array, length: number): RawSnippet {
  const [first, last] = bestRows(found, says, length);
  let start = 0;
  let end = content.length;
  if (content.length > length) {
    const from = found[first] ?? 0;
    const to = Math.min(last < first ? from : found[last + 1]!, from + length);
    const room = length - (to - from);
    start = wordStart(content, Math.max(0, Math.min(from - Math.floor(room / 3), content.length - length)), from);
    end = wordEnd(content, Math.min(start + length, content.length), to);
  }
  const rows: number[] = [];
  for (let i = 0; i < found.length; i += WIDTH) {
    const [at, until] = [found[i]!, found[i + 1]!];
    if (at >= start && until <= end) rows.push(at - start, until - start, found[i + 2]!);
  }
  return { text: content.slice(start, end), start, highlights: Uint32Array.from(rows) };
}

/** Where the first and the last row of the best run that fits stand; -1 behind 0 for none. */
function bestRows(found: Uint32Array, says: Float32Array, length: number): [first: number, last: number] {
  const inside = new Map<number, number>();
  let best: [number, number] = [0, -1];
  let most = -1;
  for (let from = 0, to = 0; to < found.length; to += WIDTH) {
    inside.set(found[to + 2]!, (inside.get(found[to + 2]!) ?? 0) + 1);
    for (; from < to && found[to + 1]! - found[from]! > length; from += WIDTH) {
      const left = inside.get(found[from + 2]!)! - 1;
      if (left > 0) inside.set(found[from + 2]!, left);
      else inside.delete(found[from + 2]!);
    }
    let sum = 0;
    for (const term of [...inside.keys()].sort((a, b) => a - b)) sum += says[term] ?? 1;
    const better = sum > most || (sum === most && to - from > best[1] - best[0]);
    if (better) [most, best] = [sum, [from, to]];
  }
  return best;
}

/** Whether a text may be cut before its unit `at`: neither a word nor a character is torn. */
const isBoundary = (content: string, at: number): boolean =>
  !CONTINUES.test(content[at]!) && !(INSIDE.test(content[at - 1]!) && INSIDE.test(content[at]!));

/** The first start of a word from `at` on, if one is near and not behind `latest`. */
function wordStart(content: string, at: number, latest: number): number {
  if (at === 0) return 0;
  for (let i = at; i <= Math.min(latest, at + WORD_REACH); i++) {
    if (isBoundary(content, i) && !/\s/.test(content[i]!)) return i;
  }
  while (at < latest && CONTINUES.test(content[at]!)) at++;
  return at;
}

/** The last end of a word up to `at`, if one is near and not before `earliest`. */
function wordEnd(content: string, at: number, earliest: number): number {
  if (at === content.length) return at;
  for (let i = at; i >= Math.max(earliest, at - WORD_REACH, 1); i--) {
    if (isBoundary(content, i) && !/\s/.test(content[i - 1]!)) return i;
  }
  while (at > earliest && CONTINUES.test(content[at]!)) at--;
  return at;
}
