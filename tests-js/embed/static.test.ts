import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { StaticEmbedder } from 'corsac/embed';

const model = join(import.meta.dirname, '../../js/embed/static-model.bin');
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('StaticEmbedder', () => {
  let embedder: StaticEmbedder;
  beforeAll(async () => void (embedder = await StaticEmbedder.load()));

  test('says what it is', () => {
    expect(embedder).toMatchObject({ id: 'static', dimension: 256, hybridWeight: 0.3 });
    expect(embedder.fingerprint).toMatch(/^static-1-256-[0-9a-f]{32}$/);
  });

  test('the asset is at most 4.5 MB', () => expect(readFileSync(model).length).toBeLessThanOrEqual(4_500_000));

  test('puts related texts near each other', async () => {
    const [question, den, tax, law] = (await embedder.embed([
      'where do foxes hide food',
      'the animal keeps its prey in a burrow',
      'income tax return',
      'a statute about taxation',
    ])) as [Float32Array, Float32Array, Float32Array, Float32Array];
    expect(dot(question, den)).toBeGreaterThan(dot(question, tax) + 0.2);
    expect(dot(tax, law)).toBeGreaterThan(dot(tax, den) + 0.2);
  });

  test('vectors have length 1, or 0 for a text without a word', async () => {
    const texts = [
      'fox',
      'The quick brown fox',
      'naïve café',
      '🦊 fox',
      'ﬁne ①',
      '',
      '  ',
      '\u0000\uFFFF',
      '🦊🦊',
      '\uD800',
    ];
    const lengths = (await embedder.embed(texts)).map((vector) => dot(vector, vector));
    lengths.forEach((length, i) => expect(length, texts[i]).toBeCloseTo(i < 5 ? 1 : 0, 5));
  });

  test('one text gives one vector, a list as many, none none', async () => {
    const one = await embedder.embed('a small fox');
    expect(one).toBeInstanceOf(Float32Array);
    expect(await embedder.embed(['a small fox'])).toEqual([one]);
    expect(await embedder.embed([])).toEqual([]);
    expect(await embedder.embed('a small fox', { as: 'query' })).toEqual(one);
  });

  test('a text has the same vector in any company, and in another instance', async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `document ${i} about ${i % 7 === 0 ? 'foxes' : 'taxes'}`);
    const seen: number[] = [];
    const vectors = await embedder.embed(texts, { onProgress: ({ done, total }) => seen.push(done, total) });
    expect(seen).toEqual([1024, 3000, 2048, 3000, 3000, 3000]);
    const other = await StaticEmbedder.load({ model: new Uint8Array(await readFile(model)) });
    expect(other.fingerprint).toBe(embedder.fingerprint);
    for (const i of [0, 1023, 1024, 2999]) expect(await other.embed(texts[i]!)).toEqual(vectors[i]);
  });

  test('stops between chunks with the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const run = embedder.embed(new Array<string>(5000).fill('fox'), {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    await expect(embedder.embed('fox', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test.each([
    [7, {}],
    [null, {}],
    [[1], {}],
    [['a', undefined], {}],
    ['a', { as: 'question' }],
    ['a', { role: 'query' }],
    ['a', { signal: 7 }],
    ['a', { onProgress: 'often' }],
  ])('refuses embed(%j, %j)', async (input, options) => {
    await expect(embedder.embed(input as string, options as object)).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('refuses a table that is damaged, cut, from the future, or not there', async () => {
    const bytes = new Uint8Array(await readFile(model));
    const changed = (at: number, value: number) => Object.assign(bytes.slice(), { [at]: value });
    await expect(StaticEmbedder.load({ model: changed(100_000, bytes[100_000]! ^ 1) })).rejects.toMatchObject({
      code: 'corrupt',
    });
    await expect(StaticEmbedder.load({ model: bytes.subarray(0, 1_000_000) })).rejects.toMatchObject({
      code: 'corrupt',
    });
    await expect(StaticEmbedder.load({ model: new Uint8Array(0) })).rejects.toMatchObject({ code: 'corrupt' });
    await expect(StaticEmbedder.load({ model: changed(8, 2) })).rejects.toMatchObject({ code: 'unsupported_format' });
    await expect(StaticEmbedder.load({ model: 'nowhere.bin' })).rejects.toMatchObject({ code: 'model' });
    await expect(StaticEmbedder.load({ table: bytes } as object)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
