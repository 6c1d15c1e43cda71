// Which words does a prefix grow into? The index knows stems; how they are written stands in the documents. Loaded by
// the first suggestion.
import { unwrap } from '../core/outcome.js';
import { readDocumentBlock } from '../core/document-block.js';
import { CorsacError } from '../errors.js';
import type { Context } from './context.js';
import type { RawSuggestion } from './engine.js';
import type { RangeReader } from './range-reader.js';
import { PREFIX } from './searcher.js';

/** Enough to meet the usual spelling of a term. */
const EXAMPLES = 8;
/** Terms whose spelling is looked for, per suggestion: a few stems have none that starts with the prefix. */
const TRIES = 4;

interface Term {
  readonly term: string;
  readonly documents: number;
  readonly examples: Uint32Array;
}

/** The commonest words first, spelled as most of a few documents spell them. Call it while ordinals stand still. */
export async function suggestions(
  context: Context,
  ranges: RangeReader,
  text: string,
  limit: number,
): Promise<RawSuggestion[]> {
  const found: RawSuggestion[] = [];
  for (const { term, documents, examples } of commonest(context, text, TRIES * limit)) {
    if (found.length === limit) break;
    await ranges.supplyMissing(examples);
    const form = spelling(context, examples, term, text);
    if (form !== undefined) found.push({ text: form, documents });
  }
  return found;
}

/** Terms by live documents. Counting ends when what is left cannot be commoner: `bound` counts removed documents too. */
function commonest(context: Context, text: string, limit: number): Term[] {
  const flat = context.ask((handle) => handle.completions(text));
  if (!flat) throw new CorsacError('invalid_query', 'the collection has no text to complete');
  const bounds = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) {
    const term = flat[i] as string;
    bounds.set(term, (bounds.get(term) ?? 0) + (flat[i + 1] as number));
  }
  const terms: Term[] = [];
  for (const [term, bound] of [...bounds].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))) {
    if (terms.length >= limit && terms[limit - 1]!.documents >= bound) break;
    const [documents, ...examples] = context.ask((handle) => handle.documentsWith(term, EXAMPLES));
    if (documents! > 0) terms.push({ term, documents: documents!, examples: Uint32Array.from(examples) });
    terms.sort((a, b) => b.documents - a.documents);
  }
  return terms.slice(0, limit);
}

/** The commonest word of the examples that has the term and starts with what was typed. */
function spelling(context: Context, examples: Uint32Array, term: string, text: string): string | undefined {
  const counts = new Map<string, number>();
  context.ask((handle) => {
    const at = handle.documents(examples) >>> 0;
    if (at === 0) unwrap(handle.lastError());
    const documents = readDocumentBlock(context.core.module, at);
    const places = unwrap(handle.highlight(examples, text, PREFIX));
    documents.forEach(({ content = '' }, i) => {
      const rows = places[i]!;
      for (let row = 0; row < rows.length; row += 3) {
        const word = content.slice(rows[row], rows[row + 1]).toLowerCase();
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    });
    const typed = plain(text.split(/[^\p{L}\p{M}\p{N}]+/u).pop()!);
    for (const word of counts.keys())
      if (!plain(word).startsWith(typed) || handle.termOf(word) !== term) counts.delete(word);
  });
  let best: string | undefined;
  for (const [word, count] of counts) if (best === undefined || count > counts.get(best)!) best = word;
  return best;
}

/** Without case, accents and compatibility forms. */
const plain = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
