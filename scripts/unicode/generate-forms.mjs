// Writes src/base/unicode_forms_data.cpp from the Unicode Character Database: decompositions, NFKC case foldings, lower
// case, combining classes and kinds, as one stream of small numbers that src/base/unicode_forms.cpp unpacks.
//
//   node scripts/unicode/generate-forms.mjs [folder]
//
// The folder defaults to where Debian's unicode-data package puts the database. The output is committed, so a build
// needs neither the package nor this script.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = process.argv[2] ?? '/usr/share/unicode';
const target = fileURLToPath(new URL('../../src/base/unicode_forms_data.cpp', import.meta.url));
const kEnd = 0x110000;
const kHangul = [0xac00, 0xd7a4];

// Positions are those of CharacterKind in src/base/unicode_forms.h.
const kinds = { letter: 0, unseen: 1, space: 2, punctuation: 3, mark: 4 };

const lines = (file) =>
  readFileSync(join(source, file), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
const codes = (text) =>
  text
    .split(' ')
    .filter(Boolean)
    .map((hex) => parseInt(hex, 16));

/** code point -> { category, combining, decomposition, lower } */
const characters = new Map();
let previous = 0;
for (const line of lines('UnicodeData.txt')) {
  const [code, name, category, combining, , decomposition, , , , , , , , lower] = line.split(';');
  const last = parseInt(code, 16);
  const first = name.endsWith('Last>') ? previous : last; // The line before named the first of the range.
  for (let c = first; c <= last; c++)
    characters.set(c, { category, combining: Number(combining), decomposition, lower: codes(lower) });
  previous = last;
}

const canonical = new Map();
const compatible = new Map();
for (const [code, { decomposition }] of characters) {
  if (decomposition === '') continue;
  const steps = decomposition.startsWith('<') ? compatible : canonical;
  steps.set(code, codes(decomposition.replace(/<[^>]*>/, '')));
}

const excluded = [];
const nfkcCasefold = new Map();
for (const line of lines('DerivedNormalizationProps.txt')) {
  const [range, property, value = ''] = line.split(';').map((field) => field.trim());
  const [first, last = first] = range.split('..').map((hex) => parseInt(hex, 16));
  for (let c = first; c <= last; c++) {
    if (property === 'NFKC_CF') nfkcCasefold.set(c, codes(value));
    if (property === 'Full_Composition_Exclusion' && canonical.get(c)?.length === 2) excluded.push(c);
  }
}

function decomposed(code, compatibly) {
  if (code >= kHangul[0] && code < kHangul[1]) return lettersOf(code - kHangul[0]);
  const step = canonical.get(code) ?? (compatibly ? compatible.get(code) : undefined);
  return step ? step.flatMap((each) => decomposed(each, compatibly)) : [code];
}

/** A Hangul syllable's letters (Unicode, section 3.12). */
function lettersOf(index) {
  const letters = [0x1100 + Math.floor(index / 588), 0x1161 + (Math.floor(index / 28) % 21), 0x11a7 + (index % 28)];
  return letters[2] === 0x11a7 ? letters.slice(0, 2) : letters;
}

/** NFKC_Casefold of one code point, decomposed. */
function folded(code) {
  const mapped = nfkcCasefold.get(code) ?? decomposed(code, true).flatMap((each) => nfkcCasefold.get(each) ?? [each]);
  return mapped.flatMap((each) => decomposed(each, true));
}

/** The foldings that do not follow from the decomposition and the foldings of its parts. */
function foldings() {
  const all = new Map();
  for (let code = 0; code < kEnd; code++) {
    if (code >= kHangul[0] && code < kHangul[1]) continue;
    const result = folded(code);
    if (result.length !== 1 || result[0] !== code) all.set(code, result);
  }
  return new Map(
    [...all].filter(([code, result]) => {
      const parts = decomposed(code, false);
      const follows = parts.flatMap((part) => (part === code ? [part] : (all.get(part) ?? [part])));
      return parts[0] === code || follows.join() !== result.join();
    }),
  );
}

function kindOf(code) {
  const category = characters.get(code)?.category ?? 'Cn';
  if (category === 'Mn') return kinds.mark;
  if (category.startsWith('Z')) return kinds.space;
  if (category.startsWith('C')) return kinds.unseen;
  return category.startsWith('P') ? kinds.punctuation : kinds.letter;
}

const bytes = [];
function number(value) {
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  bytes.push(value);
}
const signed = (value) => number(value < 0 ? -2 * value - 1 : 2 * value);

/** Sources, lengths and targets apart: each column repeats itself. */
function mapping(map) {
  const entries = [...map].sort(([a], [b]) => a - b);
  number(entries.length);
  entries.forEach(([code], i) => number(code - (i > 0 ? entries[i - 1][0] : 0)));
  for (const [, targets] of entries) number(targets.length);
  const last = Array(32).fill(0);
  for (const [, targets] of entries)
    targets.forEach((code, place) => {
      signed(code - last[place]);
      last[place] = code;
    });
}

/** Runs of code points with one value: how many, and the value. */
function runs(valueOf) {
  const found = [];
  for (let code = 0; code < kEnd; code++) {
    const value = valueOf(code);
    if (found.at(-1)?.value === value) found.at(-1).count += 1;
    else found.push({ value, count: 1 });
  }
  number(found.length);
  for (const { value, count } of found) {
    number(count);
    number(value);
  }
}

mapping(canonical);
mapping(foldings());
mapping(new Map([...characters].filter(([, { lower }]) => lower.length > 0).map(([code, { lower }]) => [code, lower])));
mapping(new Map(excluded.map((code) => [code, []])));
runs((code) => characters.get(code)?.combining ?? 0);
runs(kindOf);

const version = /-(\d+\.\d+\.\d+)\.txt/.exec(readFileSync(join(source, 'Scripts.txt'), 'utf8'))[1];
const rows = [];
for (let i = 0; i < bytes.length; i += 32) rows.push(`    ${bytes.slice(i, i + 32).join(',')},`);
writeFileSync(
  target,
  `// Generated by scripts/unicode/generate-forms.mjs from Unicode ${version}; do not edit.
// Copyright of the data: Unicode, Inc.
#include "base/unicode_forms_data.h"

namespace corsac {

// clang-format off
const std::uint8_t kUnicodeForms[${bytes.length}] = {
${rows.join('\n')}
};
// clang-format on

}  // namespace corsac
`,
);
console.log(`Unicode ${version}: ${bytes.length} bytes`);
