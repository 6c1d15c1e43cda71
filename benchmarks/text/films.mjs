// The texts and queries of the text benchmark: films (title and extract), and queries drawn from them by a seed, so that
// every engine gets the same.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each class of queries is. */
export const CLASSES = {
  none: 'a word that no text has: what every query costs',
  term: 'one word of a text',
  or2: 'union of two words of a text',
  or3: 'union of three words of a text',
  or6: 'union of six words of a text',
  nl6: 'union of six neighbouring words',
  and2: 'both of two words of a text',
  ph2: 'phrase of two neighbouring words',
  pre: 'prefix of 3 to 5 letters',
  fz1: 'a word with one edit',
};

/** @returns {{ id: string, text: string }[]} */
export function readFilms(folder) {
  const films = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  return films
    .filter((film) => film.extract)
    .map((film, i) => ({ id: String(i), text: `${film.title} ${film.extract}`.replace(/\s+/g, ' ') }));
}

/** `count` queries of each class: { kind, text }. */
export function drawQueries(films, count) {
  const random = seeded(7);
  const below = (n) => Math.floor(random() * n);
  const wordsOf = (film) => film.text.toLowerCase().match(/[a-z]+/g) ?? [];
  const out = [];
  for (const kind of Object.keys(CLASSES)) {
    while (out.filter((query) => query.kind === kind).length < count) {
      const words = wordsOf(films[below(films.length)]);
      const text = drawOne(kind, words, below);
      if (text !== undefined) out.push({ kind, text });
    }
  }
  return out;
}

function drawOne(kind, words, below) {
  const size = { term: 1, or2: 2, or3: 3, or6: 6, nl6: 6, and2: 2, ph2: 2 }[kind];
  if (size !== undefined) {
    if (words.length < 2 * size) return undefined;
    if (kind === 'nl6' || kind === 'ph2') {
      const start = below(words.length - size);
      return words.slice(start, start + size).join(' ');
    }
    const picked = new Set();
    while (picked.size < size && picked.size < new Set(words).size) picked.add(words[below(words.length)]);
    return [...picked].join(' ');
  }
  const word = words[below(words.length)];
  if (word === undefined || word.length < 6) return undefined;
  if (kind === 'none') return `qx${word}`;
  return kind === 'pre' ? word.slice(0, 3 + below(3)) : withOneEdit(word, below);
}

function withOneEdit(word, below) {
  const at = 1 + below(word.length - 1);
  const letter = String.fromCharCode(97 + below(26));
  const kinds = [word.slice(0, at) + letter + word.slice(at), word.slice(0, at) + letter + word.slice(at + 1)];
  return [...kinds, word.slice(0, at) + word.slice(at + 1)][below(3)];
}

/** Mulberry32. */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes documents.tsv and queries.tsv, which every engine reads. */
export function writeInput(folder, films, queries) {
  writeFileSync(join(folder, 'documents.tsv'), films.map(({ id, text }) => `${id}\t${text}\n`).join(''));
  writeFileSync(join(folder, 'queries.tsv'), queries.map(({ kind, text }) => `${kind}\t${text}\n`).join(''));
}
