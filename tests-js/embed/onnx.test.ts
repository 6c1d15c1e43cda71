import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';

import { OnnxEmbedder, type OnnxEmbedderOptions, type OnnxRuntime } from 'corsac/embed/onnx';

const folder = join(import.meta.dirname, '../fixtures/tiny-model');
const model = join(folder, 'states.onnx');
const tokenizer = join(folder, 'tokenizer.json');
const expected: { text: string; ids: number[]; states: number[][] }[] = JSON.parse(
  await readFile(join(folder, 'expected.json'), 'utf8'),
);
const DIMENSION = 8;

const open: OnnxEmbedder[] = [];
async function load(options: Partial<OnnxEmbedderOptions> = {}): Promise<OnnxEmbedder> {
  const embedder = await OnnxEmbedder.load({ model, tokenizer, ...options });
  open.push(embedder);
  return embedder;
}
afterEach(async () => {
  for (const embedder of open.splice(0)) await embedder.close();
});

const meanOf = (states: number[][]) =>
  Array.from({ length: DIMENSION }, (_, i) => states.reduce((sum, row) => sum + row[i]!, 0) / states.length);
const unit = (vector: number[]) => vector.map((x) => x / Math.hypot(...vector));

function close(actual: ArrayLike<number>, wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((x, i) => expect(actual[i], `number ${i}`).toBeCloseTo(x, 4));
}

describe('OnnxEmbedder', () => {
  test('reads dimension and position limit from the model', async () => {
    const embedder = await load();
    expect(embedder).toMatchObject({ dimension: DIMENSION, maxTokens: 24, id: model });
    expect(embedder.fingerprint).toMatch(/^onnx-1-8-[0-9a-f]{16}-[0-9a-f]{16}$/);
  });

  test('means the states of each text, whatever else is in its batch', async () => {
    const embedder = await load();
    const vectors = await embedder.embed(expected.map(({ text }) => text));
    for (const [i, { text, states }] of expected.entries()) {
      close(vectors[i]!, unit(meanOf(states)));
      close(await embedder.embed(text), unit(meanOf(states)));
    }
  });

  test('ignores the truncation and the fixed padding of the tokenizer', async () => {
    const { text, ids, states } = expected[0]!;
    const asked = JSON.parse(await readFile(tokenizer, 'utf8')) as {
      truncation: { max_length: number };
      padding: { strategy: { Fixed: number } };
    };
    expect(ids.length).toBeGreaterThan(asked.truncation.max_length);
    expect(ids.length).toBeLessThan(asked.padding.strategy.Fixed);
    close(await (await load({ normalize: false })).embed(text), meanOf(states));
  });

  test('pools as asked', async () => {
    const { text, states } = expected[0]!;
    close(await (await load({ pooling: 'cls', normalize: false })).embed(text), states[0]!);
    const largest = Array.from({ length: DIMENSION }, (_, i) => Math.max(...states.map((row) => row[i]!)));
    close(await (await load({ pooling: 'max', normalize: false })).embed(text), largest);
  });

  test('prefers the vector that a model of two inputs has pooled itself', async () => {
    const embedder = await load({ model: join(folder, 'pooled.onnx'), pooling: 'cls', normalize: false });
    const vectors = await embedder.embed(expected.map(({ text }) => text));
    expected.forEach(({ states }, i) => close(vectors[i]!, meanOf(states)));
  });

  test('cuts long texts and keeps their closing token', async () => {
    const embedder = await load({ maxTokens: 5 });
    expect(embedder.maxTokens).toBe(5);
    close(await embedder.embed('the fox hides food in its den.'), [...(await embedder.embed('the fox hides'))]);
    const whole = await (await load()).embed('fox '.repeat(500));
    close(whole, [...(await (await load()).embed('fox '.repeat(22)))]);
  });

  test('puts prefixes in front of queries and of documents', async () => {
    const plain = await load();
    const prefixed = await load({ queryPrefix: 'where ', documentPrefix: 'the ' });
    close(await prefixed.embed('fox', { as: 'query' }), [...(await plain.embed('where fox'))]);
    close(await prefixed.embed('fox'), [...(await plain.embed('the fox'))]);
    expect(prefixed.fingerprint).not.toBe(plain.fingerprint);
  });

  test('has one fingerprint for the same model from a file, bytes or parsed JSON', async () => {
    const json = JSON.parse(await readFile(tokenizer, 'utf8')) as { model: object };
    const bytes = await load({
      model: new Uint8Array(await readFile(model)),
      tokenizer: json,
      id: 'tiny',
      hybridWeight: 0.4,
    });
    expect(bytes).toMatchObject({ fingerprint: (await load()).fingerprint, id: 'tiny', hybridWeight: 0.4 });
    for (const change of [
      { pooling: 'cls' as const },
      { normalize: false },
      { maxTokens: 9 },
      { model: join(folder, 'pooled.onnx') },
    ]) {
      expect((await load(change)).fingerprint).not.toBe(bytes.fingerprint);
    }
  });

  test('embeds nothing, many, and as one goes', async () => {
    const embedder = await load();
    expect(await embedder.embed([])).toEqual([]);
    const seen: number[] = [];
    const texts = Array.from({ length: 100 }, (_, i) => expected[i % expected.length]!.text);
    const vectors = await embedder.embed(texts, { onProgress: ({ done, total }) => seen.push(done, total) });
    texts.forEach((_, i) => close(vectors[i]!, unit(meanOf(expected[i % expected.length]!.states))));
    expect(seen).toEqual([32, 100, 64, 100, 96, 100, 100, 100]);
  });

  test('calls at the same time do not disturb each other', async () => {
    const embedder = await load();
    const all = await Promise.all(expected.map(({ text }) => embedder.embed(text)));
    expected.forEach(({ states }, i) => close(all[i]!, unit(meanOf(states))));
  });

  test('stops between batches with the reason of the signal', async () => {
    const embedder = await load();
    const reason = new Error('enough');
    const stop = new AbortController();
    const run = embedder.embed(new Array<string>(200).fill('fox'), {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    close(await embedder.embed('income tax'), unit(meanOf(expected[2]!.states)));
  });

  test('is closed after close', async () => {
    const embedder = await load();
    const last = embedder.embed('fox');
    const closing = embedder.close();
    await expect(embedder.embed('fox')).rejects.toMatchObject({ code: 'closed' });
    await closing;
    await embedder.close();
    await last.catch((error: unknown) => expect(error).toMatchObject({ code: 'closed' }));
  });
});

describe('OnnxEmbedder.load refuses', () => {
  const { dirname } = import.meta;
  let temporary: string | undefined;
  afterAll(async () => temporary && rm(temporary, { recursive: true }));

  test.each([
    [{}, 'needs the option "model"'],
    [{ model }, 'needs the option "tokenizer"'],
    [{ model, tokenizer, pooling: 'median' }, 'pooling must be one of'],
    [{ model, tokenizer, maxTokens: 25 }, 'maxTokens must be an integer from 2 to 24, got 25'],
    [{ model, tokenizer, maxTokens: 1 }, 'maxTokens must be an integer from 2 to 24, got 1'],
    [{ model, tokenizer, normalise: true }, 'unknown option "normalise"'],
    [{ model, tokenizer, normalize: 'yes' }, 'normalize must be true or false'],
    [{ model, tokenizer, queryPrefix: 7 }, 'queryPrefix must be a string'],
    [{ model, tokenizer, executionProviders: 'wasm' }, 'executionProviders must be an array of names'],
    [{ model, tokenizer, hybridWeight: 2 }, 'hybridWeight must be a number from 0 to 1'],
    [{ model: 7, tokenizer }, 'the model must be bytes, a URL or a path'],
  ])('%j', async (options, message) => {
    const loading = OnnxEmbedder.load(options as unknown as OnnxEmbedderOptions);
    await expect(loading).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(message),
    });
  });

  test('files that are not there or are something else', async () => {
    temporary = await mkdtemp(join(tmpdir(), 'corsac-onnx-'));
    const broken = join(temporary, 'broken');
    await writeFile(broken, '{ "version": "1.0" }');
    for (const options of [
      { model: join(dirname, 'none.onnx'), tokenizer },
      { model, tokenizer: join(dirname, 'none.json') },
      { model: broken, tokenizer },
      { model, tokenizer: broken },
      { model, tokenizer: model },
      { model, tokenizer: { model: { type: 'Unheard' } } },
    ]) {
      await expect(OnnxEmbedder.load(options), JSON.stringify(options)).rejects.toMatchObject({
        name: 'CorsacError',
        code: 'model',
      });
    }
  });

  test('models whose inputs or outputs are no sentence model', async () => {
    const session = { inputNames: ['pixels'], outputNames: ['label'], release: async () => {} };
    const runtime = {
      InferenceSession: { create: async () => session },
      env: { wasm: {} },
      Tensor: class {},
    } as unknown as OnnxRuntime;
    const bytes = new Uint8Array(8);
    await expect(OnnxEmbedder.load({ model: bytes, tokenizer, runtime })).rejects.toMatchObject({
      code: 'model',
      message: expect.stringContaining('pixels'),
    });
    session.inputNames = ['input_ids'];
    await expect(OnnxEmbedder.load({ model: bytes, tokenizer, runtime })).rejects.toMatchObject({
      code: 'model',
      message: expect.stringContaining('label'),
    });
  });
});
