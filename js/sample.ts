// Vectors and texts that stand for many, as rows of numbers: what `tune` measures and `train` learns from.
import { checkText, checkVector } from './document.js';
import type { EmbedOptions } from './embedder.js';
import type { Embedding } from './embedding.js';
import { nameOf } from './json.js';
import { invalid } from './option-check.js';

/** The vectors of `sample` one after another, texts embedded. @throws {CorsacError} `invalid_argument`, `dimension_mismatch`, `model`, `drift` */
export async function sampleRows(
  sample: unknown,
  { of, most }: { readonly of: string; readonly most: number },
  embedding: Embedding,
  dimension: number,
  options: EmbedOptions,
): Promise<Float32Array> {
  if (!Array.isArray(sample)) throw invalid(`sample must be a list of ${of}, got ${nameOf(sample)}`);
  if (sample.length < 1 || sample.length > most)
    throw invalid(`sample must have 1 to ${most.toLocaleString('en')} ${of}, got ${sample.length}`);
  const given = sample.map((each: unknown, i) =>
    typeof each === 'string' ? checkText(each, `sample[${i}]`) : checkVector(each, dimension, `sample[${i}]`),
  );
  const texts = given.filter((each) => typeof each === 'string');
  const embedded = texts.length > 0 ? await embedding.embed(texts, options) : [];
  const out = new Float32Array(given.length * dimension);
  let next = 0;
  given.forEach((each, i) => out.set(typeof each === 'string' ? embedded[next++]! : each, i * dimension));
  return out;
}
