// Makes utf8proc small: its table of character properties loses the columns that nothing here reads,
// and with them the rows and blocks that have become equal. Half of what it adds to the wasm goes.
//
// node trim-utf8proc.mjs <folder of utf8proc> <folder to write>
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const blockSize = 256;

/** column of utf8proc_property_t -> what takes its place; the others are kept. */
const unread = {
  2: '0', // bidi_class
  6: 'UINT16_MAX', // uppercase_seqindex
  8: 'UINT16_MAX', // titlecase_seqindex
  10: 'false', // bidi_mirrored
  13: 'false', // control_boundary
  14: '1', // charwidth
  16: 'UTF8PROC_BOUNDCLASS_OTHER', // boundclass
};

const [from, to] = process.argv.slice(2);
const data = readFileSync(join(from, 'utf8proc_data.c'), 'utf8');

const { values: rows, renumbered: rowOf } = distinct(rowsOf('utf8proc_properties').map(trimRow));
const cells = numbersOf('utf8proc_stage2table').map((row) => rowOf[row]);
const allBlocks = Array.from({ length: cells.length / blockSize }, (_, i) =>
  cells.slice(i * blockSize, (i + 1) * blockSize).join(', '),
);
const { values: blocks, renumbered: blockOf } = distinct(allBlocks);
const starts = numbersOf('utf8proc_stage1table').map((start) => blockOf[start / blockSize] * blockSize);

mkdirSync(to, { recursive: true });
for (const file of ['utf8proc.c', 'utf8proc.h']) copyFileSync(join(from, file), join(to, file));
writeFileSync(
  join(to, 'utf8proc_data.c'),
  [
    tableText('utf8proc_sequences'),
    table('utf8proc_uint16_t', 'utf8proc_stage1table', starts),
    table('utf8proc_uint16_t', 'utf8proc_stage2table', blocks),
    table('utf8proc_property_t', 'utf8proc_properties', rows),
    tableText('utf8proc_combinations'),
  ].join('\n'),
);

/** The declaration of a table as it stands. */
function tableText(name) {
  const start = data.indexOf(`static const`, data.lastIndexOf('\n', data.indexOf(`${name}[] = {`)));
  return data.slice(start, data.indexOf('};', start) + 2);
}

function body(name) {
  const text = tableText(name);
  return text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'));
}

function numbersOf(name) {
  return body(name)
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean)
    .map(Number);
}

function rowsOf(name) {
  return [...body(name).matchAll(/\{([^}]*)\}/g)].map(([, row]) => row.split(',').map((cell) => cell.trim()));
}

function trimRow(cells) {
  if (cells.length !== 17) throw new Error(`a row of ${cells.length} columns, expected 17`);
  return `{${cells.map((cell, column) => unread[column] ?? cell).join(', ')}}`;
}

/** Each value once, in order, and for each of the old indices the new one. */
function distinct(list) {
  const places = new Map();
  const renumbered = list.map((value) => places.get(value) ?? places.set(value, places.size).get(value));
  return { values: [...places.keys()], renumbered };
}

function table(type, name, values) {
  return `static const ${type} ${name}[] = {\n${values.join(',\n')}\n};\n`;
}
