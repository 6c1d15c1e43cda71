import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { OnnxEmbedder } from 'corsac/embed/onnx';
import { TextTokenizer, type TokenizerJson } from '../../js/embed/tokenizer.js';

const folder = join(
  process.env['CORSAC_SHARED'] ?? join(import.meta.dirname, '../../../shared'),
  'models/all-minilm-l6-v2-int8',
);
const dot = (a: ArrayLike<number>, b: readonly number[]) => b.reduce((sum, x, i) => sum + x * a[i]!, 0);

describe.skipIf(!existsSync(folder))('all-MiniLM-L6-v2', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const reference = existsSync(folder)
    ? (read('reference.json') as { text: string; ids: number[]; vector: number[] }[])
    : [];
  let embedder: OnnxEmbedder;
  beforeAll(async () => {
    embedder = await OnnxEmbedder.load({
      model: join(folder, 'model.onnx'),
      tokenizer: join(folder, 'tokenizer.json'),
    });
  });
  afterAll(() => embedder.close());

  test('has the dimension and the limits of the model, not of its tokenizer', () => {
    expect(embedder).toMatchObject({ dimension: 384, maxTokens: 256 });
  });

  test('the tokens of 40 texts are those of the reference', () => {
    const tokenizer = new TextTokenizer(read('tokenizer.json') as TokenizerJson);
    for (const { text, ids } of reference) expect(tokenizer.encode(text, 256).ids, text).toEqual(ids);
  });

  test('the vectors of 40 texts agree with the float model', async () => {
    const vectors = await embedder.embed(reference.map(({ text }) => text));
    for (const [i, { text, vector }] of reference.entries()) {
      const cosine = dot(vectors[i]!, vector) / Math.hypot(...vector);
      expect(cosine, JSON.stringify(text.slice(0, 40))).toBeGreaterThanOrEqual(text.trim() === '' ? 0.996 : 0.998);
    }
  });
});
