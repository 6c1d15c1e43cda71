// The evaluation sets (BEIR: Thakur et al., NeurIPS 2021): documents as title + text, test queries, judgements, and the vectors
// that all-MiniLM-L6-v2 gave them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readQrels } from './trec.mjs';
import { readMember } from './zip.mjs';

export const SETS = ['nfcorpus', 'scifact'];

/** { documents: [{ id, text }], queries: [{ id, text }], qrels } of the test split. */
export function readSet(data, name) {
  const topics = join(data, 'beir-topics-qrels');
  const qrels = readQrels(readFileSync(join(topics, `qrels.beir-v1.0.0-${name}.test.txt`), 'utf8'));
  const lines = gunzipSync(readFileSync(join(topics, `topics.beir-v1.0.0-${name}.test.tsv.gz`)))
    .toString()
    .split('\n');
  const queries = lines
    .filter(Boolean)
    .map((line) => ({ id: line.slice(0, line.indexOf('\t')), text: line.slice(line.indexOf('\t') + 1) }));
  const documents = name === 'scifact' ? readScifact(data) : readNfcorpus(data);
  return { documents, queries: queries.filter(({ id }) => qrels.has(id)), qrels };
}

function readNfcorpus(data) {
  const corpus = readMember(readFileSync(join(data, 'beir-nfcorpus/nfcorpus.zip')), 'nfcorpus/corpus.jsonl').toString();
  return corpus
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { _id: id, title, text } = JSON.parse(line);
      return { id, text: `${title} ${text}` };
    });
}

function readScifact(data) {
  const table = readMember(readFileSync(join(data, 'scifact-text/scifact.zip')), 'corpus_train.csv').toString();
  const [, ...rows] = readCsv(table);
  return rows.map(([id, title, abstract]) => ({ id, text: `${title} ${printedSentences(abstract)}` }));
}

/** Rows of cells (RFC 4180). */
function readCsv(text) {
  const rows = [];
  let row = [];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const [, value, end] = cell.exec(text);
    row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** A printed list of Python strings, one per line and without commas: ['One.'\n "Two."]. Literals side by side are one string. */
function printedSentences(column) {
  const literal = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;
  const lines = column
    .trim()
    .slice(1, -1)
    .split('\n')
    .filter((line) => line.trim());
  const sentences = lines.map((line) =>
    [...line.matchAll(literal)].map(([, single, double]) => single ?? double).join(''),
  );
  return sentences.join(' ').replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\(.)/g, unescape);
}

function unescape(_all, byte, unit, sign) {
  if (byte ?? unit) return String.fromCharCode(parseInt(byte ?? unit, 16));
  return { n: '\n', t: '\t', r: '\r' }[sign] ?? sign;
}

/** id -> unit vector, of documents and of queries. */
export function readVectors(data, name, dimension = 384) {
  const folder = join(data, 'minilm-beir');
  const ids = JSON.parse(readFileSync(join(folder, `${name}.ids.json`), 'utf8'));
  const read = (kind) => {
    const halves = readFileSync(join(folder, `${name}.${kind}.f16`));
    return new Map(
      ids[kind].map((id, row) => [
        String(id),
        Float32Array.from({ length: dimension }, (_, i) => half(halves.readUInt16LE((row * dimension + i) * 2))),
      ]),
    );
  };
  return { documents: read('docs'), queries: read('queries') };
}

/** binary16 (IEEE 754) to a number. */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
