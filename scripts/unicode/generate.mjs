// Writes src/text/unicode_table.cpp from the Unicode Character Database.
//
//   node scripts/unicode/generate.mjs [folder]
//
// The folder defaults to where Debian's unicode-data package puts the database. The output is
// committed, so a build needs neither the package nor this script.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = process.argv[2] ?? '/usr/share/unicode';
const target = fileURLToPath(new URL('../../src/text/unicode_table.cpp', import.meta.url));

// Order and positions are those of the enums in src/text/unicode_table.h.
const breakClasses = [
  'Other',
  'CR',
  'LF',
  'Newline',
  'Extend',
  'ZWJ',
  'Format',
  'Regional_Indicator',
  'Katakana',
  'Hebrew_Letter',
  'ALetter',
  'Single_Quote',
  'Double_Quote',
  'MidNumLet',
  'MidLetter',
  'MidNum',
  'Numeric',
  'ExtendNumLet',
  'WSegSpace',
];
const bit = {
  pictograph: 1 << 5,
  alphanumeric: 1 << 6,
  word: 1 << 7,
  ideogram: 1 << 8,
  emoji: 1 << 9,
  joiner: 1 << 10,
  upper: 1 << 11,
  lower: 1 << 12,
  digit: 1 << 13,
};
const kBlock = 64;
// Planes 0 to 3 and the first 4,096 code points of plane 14 follow each other in the table; everything else is 0.
const kLowEnd = 0x40000;
const kTags = 0xe0000;
const kTagCount = 0x1000;

/** Calls visit(codePoint, value) for each code point listed in a database file. */
function forEach(file, visit) {
  for (const line of readFileSync(join(source, file), 'utf8').split('\n')) {
    const text = line.replace(/#.*/, '').trim();
    if (text === '') continue;
    const [range, value] = text.split(';').map((field) => field.trim());
    const [first, last = first] = range.split('..').map((hex) => parseInt(hex, 16));
    for (let code = first; code <= last; code++) visit(code, value);
  }
}

function collect(file, accept) {
  const members = new Set();
  forEach(file, (code, value) => {
    if (accept(value)) members.add(code);
  });
  return members;
}

function mapOf(file) {
  const values = new Map();
  forEach(file, (code, value) => values.set(code, value));
  return values;
}

const wordBreak = mapOf('auxiliary/WordBreakProperty.txt');
const category = mapOf('extracted/DerivedGeneralCategory.txt');
const script = mapOf('Scripts.txt');
const lineBreak = mapOf('LineBreak.txt');
const pictographs = collect('emoji/emoji-data.txt', (value) => value === 'Extended_Pictographic');
const emoji = collect('emoji/emoji-data.txt', (value) => value === 'Emoji_Presentation');
const alphabetic = collect('DerivedCoreProperties.txt', (value) => value === 'Alphabetic');
const upper = collect('DerivedCoreProperties.txt', (value) => value === 'Uppercase');
const lower = collect('DerivedCoreProperties.txt', (value) => value === 'Lowercase');
const ideographic = collect('PropList.txt', (value) => value === 'Ideographic');

/** Written without spaces between words: indexed as overlapping pairs. */
function isIdeogram(code, kind) {
  const letter = kind.startsWith('L');
  const system = script.get(code);
  if (ideographic.has(code)) return true;
  if (system === 'Han' || system === 'Katakana' || system === 'Hiragana') return !/^[PM]/.test(kind);
  if (system === 'Hangul' || lineBreak.get(code) === 'SA') return letter;
  return wordBreak.get(code) === 'Katakana' && letter;
}

function recordOf(code) {
  const kind = category.get(code) ?? 'Cn';
  const name = wordBreak.get(code) ?? 'Other';
  let record = breakClasses.indexOf(name);
  if (record < 0) throw new Error(`unknown Word_Break value ${name}`);
  if (pictographs.has(code)) record |= bit.pictograph;
  if (alphabetic.has(code) || kind.startsWith('N')) record |= bit.alphanumeric;
  if (isIdeogram(code, kind)) record |= bit.ideogram;
  else if (emoji.has(code)) record |= bit.emoji;
  else if (
    ['ALetter', 'Hebrew_Letter', 'Numeric', 'Katakana'].includes(name) ||
    (name === 'Other' && kind.startsWith('L'))
  )
    record |= bit.word;
  if (/^Mid|^Single_Quote$|^ExtendNumLet$/.test(name)) record |= bit.joiner;
  if (upper.has(code)) record |= bit.upper;
  if (lower.has(code)) record |= bit.lower;
  if (name === 'Numeric') record |= bit.digit;
  return record;
}

function build() {
  const records = [0];
  const blocks = [];
  const blockIndex = new Map();
  const stage1 = [];
  const codes = (index) => (index < kLowEnd ? index : index - kLowEnd + kTags);
  for (let start = 0; start < kLowEnd + kTagCount; start += kBlock) {
    const block = [];
    for (let i = 0; i < kBlock; i++) {
      const record = recordOf(codes(start + i));
      if (!records.includes(record)) records.push(record);
      block.push(records.indexOf(record));
    }
    const key = block.join();
    if (!blockIndex.has(key)) {
      blockIndex.set(key, blocks.length);
      blocks.push(block);
    }
    stage1.push(blockIndex.get(key));
  }
  if (records.length > 256) throw new Error(`${records.length} records no longer fit a byte`);
  for (const code of wordBreak.keys()) {
    const covered = code < kLowEnd || (code >= kTags && code < kTags + kTagCount);
    if (!covered) throw new Error(`U+${code.toString(16)} lies outside the table`);
  }
  return { records, blocks, stage1 };
}

function rows(values, perRow) {
  const lines = [];
  for (let i = 0; i < values.length; i += perRow) lines.push(`    ${values.slice(i, i + perRow).join(',')},`);
  return lines.join('\n');
}

const version = /-(\d+\.\d+\.\d+)\.txt/.exec(readFileSync(join(source, 'Scripts.txt'), 'utf8'))[1];
const { records, blocks, stage1 } = build();
writeFileSync(
  target,
  `// Generated by scripts/unicode/generate.mjs from Unicode ${version}; do not edit.
// Two stages: the block of a code point, then its record. Copyright of the data: Unicode, Inc.
#include "text/unicode_table.h"

namespace corsac::text {

// clang-format off
const std::uint16_t kAsciiRecords[128] = {
${rows(
  Array.from({ length: 128 }, (_, code) => recordOf(code)),
  32,
)}
};

const std::uint16_t kUnicodeRecords[${records.length}] = {
${rows(records, 24)}
};

const std::uint16_t kUnicodeBlocks[${stage1.length}] = {
${rows(stage1, 48)}
};

const std::uint8_t kUnicodeTable[${blocks.length} * ${kBlock}] = {
${rows(blocks.flat(), 2 * kBlock)}
};
// clang-format on

}  // namespace corsac::text
`,
);
console.log(
  `Unicode ${version}: ${records.length} records, ${blocks.length} blocks, ${2 * stage1.length + blocks.length * kBlock} bytes`,
);
