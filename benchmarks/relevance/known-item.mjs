// Collections that nobody tuned for: find the document that a piece of text was taken out of. Each query has one right
// answer, so nDCG@10 falls with its rank alone.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWordNet } from '../../scripts/wordnet.mjs';

/** name -> { documents: [{ id, text }], queries: [{ id, text }], qrels }. `data` is the folder of the evaluation sets. */
export const KNOWN_ITEM = { films: readFilms, glosses: readGlosses, manual: readManual };

/** Film descriptions from Wikipedia: the second sentence finds the title with the other sentences. */
function readFilms(data) {
  const folder = join(data, 'wikipedia-movies');
  const films = readdirSync(folder)
    .sort()
    .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return task(
    films.map(({ title, extract = '' }) => {
      const [first = '', second = '', ...others] = extract.split(/(?<=[.!?])\s+(?=[A-Z])/);
      const isQuery = second.split(' ').length >= 6;
      return { text: [title, first, ...(isQuery ? [] : [second]), ...others].join(' '), query: isQuery ? second : '' };
    }),
  );
}

/** WordNet: a sentence that shows the use of a word finds the words with their definition. */
async function readGlosses() {
  const entries = await readWordNet();
  return task(
    entries.map(({ content }) => {
      const examples = [...content.matchAll(/"([^"]+)"/g)].map(([, example]) => example);
      return { text: content.replaceAll(/;?\s*"[^"]+"/g, ''), query: examples[0] ?? '' };
    }),
  );
}

/** Pieces of a programming manual: the keywords somebody gave a piece find its text. */
function readManual(data) {
  const { chunks } = JSON.parse(readFileSync(join(data, 'cap-docs-minilm-2683x384/code-chunks.json'), 'utf8'));
  return task(
    chunks.map((chunk) => {
      const [, keywords = '', ...body] = chunk.split('\n');
      return { text: body.join(' '), query: keywords };
    }),
  );
}

const QUERIES = 1_000;

/** A thousand queries at even distances over those there are. */
function task(items) {
  const documents = items.map(({ text }, i) => ({ id: String(i), text }));
  const all = items.flatMap(({ query }, i) => (query === '' ? [] : [{ id: `q${i}`, text: query, answer: String(i) }]));
  const step = Math.max(1, all.length / QUERIES);
  const queries = Array.from({ length: Math.min(QUERIES, all.length) }, (_, i) => all[Math.floor(i * step)]);
  return { documents, queries, qrels: new Map(queries.map(({ id, answer }) => [id, new Map([[answer, 1]])])) };
}
