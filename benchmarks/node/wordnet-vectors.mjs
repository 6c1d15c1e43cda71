// The real 100,000 x 384: vectors of WordNet glosses, two query sets and their exact neighbours.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const DIMENSION = 384;
const NEIGHBOURS = 100;

/** Rows of f16 values, little-endian, as f32. */
function rowsOf(bytes) {
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const values = Float32Array.from(bits, halfToFloat);
  return Array.from({ length: values.length / DIMENSION }, (_, i) =>
    values.subarray(i * DIMENSION, (i + 1) * DIMENSION),
  );
}

function halfToFloat(half) {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half & 0x8000 ? -magnitude : magnitude;
}

/** @param {string} folder that holds base.f16, queries.f16, questions.f16 and their *.top100.i32 */
export async function readWordNetVectors(folder, limit = Infinity) {
  const read = async (name) => rowsOf(await readFile(join(folder, `${name}.f16`)));
  const truth = async (name) => {
    const bytes = await readFile(join(folder, `${name}.top100.i32`));
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  };
  const base = (await read('base')).slice(0, limit);
  const sets = [];
  for (const name of ['queries', 'questions']) {
    sets.push({ name, vectors: await read(name), truth: await truth(name) });
  }
  return { base, sets };
}

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Recall of the true ten: a hit counts when it is as near as the true tenth, because twins are as good. */
export function recallAt10(base, { vectors, truth }, answers) {
  let found = 0;
  answers.forEach((ids, q) => {
    const tenth = dot(vectors[q], base[truth[q * NEIGHBOURS + 9]]) - 1e-6;
    found += ids.filter((id) => dot(vectors[q], base[Number(id)]) >= tenth).length;
  });
  return found / (10 * answers.length);
}
