import { beforeEach, describe, expect, test } from 'vitest';

import { CachedEmbedder } from '../../js/embed/cached.js';
import type { EmbedOptions } from '../../js/embedder.js';

/** Vectors that say which text they are of; runs end when `release` is called. */
class Recorder {
  readonly id = 'recorder';
  readonly dimension = 2;
  readonly fingerprint = 'recorder-1';
  readonly hybridWeight = 0.4;
  readonly calls: string[][] = [];
  readonly signals: AbortSignal[] = [];
  failure: Error | undefined;
  #gate: Promise<void> | undefined;
  release = () => {};

  hold(): void {
    this.#gate = new Promise((resolve) => (this.release = resolve));
  }

  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  async embed(input: any, { as, signal }: EmbedOptions = {}): Promise<any> {
    this.calls.push([...input]);
    this.signals.push(signal!);
    await this.#gate;
    signal?.throwIfAborted();
    if (this.failure) throw this.failure;
    return (input as string[]).map((text) => Float32Array.of(text.length, as === 'query' ? 1 : 0));
  }
}

describe('CachedEmbedder', () => {
  let inner: Recorder;
  let cached: CachedEmbedder;

  beforeEach(() => {
    inner = new Recorder();
    cached = new CachedEmbedder(inner);
  });

  test('says what the embedder behind says', () => {
    expect(cached).toMatchObject({ id: 'recorder', dimension: 2, fingerprint: 'recorder-1', hybridWeight: 0.4 });
    expect(cached.maxTokens).toBeUndefined();
  });

  test('asks for each text once', async () => {
    expect([...(await cached.embed('fox'))]).toEqual([3, 0]);
    expect((await cached.embed(['den', 'fox', 'den'])).map(([length]) => length)).toEqual([3, 3, 3]);
    expect(inner.calls).toEqual([['fox'], ['den']]);
    expect(cached.stats()).toEqual({ hits: 2, misses: 2, shared: 0, size: 2 });
  });

  test('keeps questions and documents apart', async () => {
    expect([...(await cached.embed('fox'))]).toEqual([3, 0]);
    expect([...(await cached.embed('fox', { as: 'query' }))]).toEqual([3, 1]);
  });

  test('gives vectors that the caller may change', async () => {
    (await cached.embed('fox')).fill(9);
    (await cached.embed('fox')).fill(9);
    expect([...(await cached.embed('fox'))]).toEqual([3, 0]);
  });

  test('forgets the least recently used first', async () => {
    cached = new CachedEmbedder(inner, { capacity: 2 });
    for (const text of ['a', 'bb', 'a', 'ccc']) await cached.embed(text);
    expect(cached.stats().size).toBe(2);
    await cached.embed('a');
    expect(inner.calls).toEqual([['a'], ['bb'], ['ccc']]);
    await cached.embed('bb');
    expect(inner.calls).toHaveLength(4);
  });

  test('shares one run between calls that miss the same text', async () => {
    inner.hold();
    const first = cached.embed(['fox', 'den']);
    const second = cached.embed(['den', 'hare']);
    inner.release();
    expect((await first).map(([length]) => length)).toEqual([3, 3]);
    expect((await second).map(([length]) => length)).toEqual([3, 4]);
    expect(inner.calls).toEqual([['fox', 'den'], ['hare']]);
    expect(cached.stats()).toMatchObject({ misses: 3, shared: 1 });
  });

  test('one caller giving up does not stop the others', async () => {
    inner.hold();
    const giving = new AbortController();
    const reason = new Error('changed my mind');
    const first = cached.embed('fox', { signal: giving.signal });
    const second = cached.embed('fox');
    giving.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(inner.signals[0]!.aborted).toBe(false);
    inner.release();
    expect([...(await second)]).toEqual([3, 0]);
  });

  test('a run that nobody waits for is aborted, and the next call begins anew', async () => {
    inner.hold();
    const giving = new AbortController();
    const first = cached.embed('fox', { signal: giving.signal });
    giving.abort();
    await expect(first).rejects.toThrow();
    expect(inner.signals[0]!.aborted).toBe(true);
    inner.release();
    expect([...(await cached.embed('fox'))]).toEqual([3, 0]);
    expect(inner.calls).toHaveLength(2);
  });

  test('a failure reaches every caller and is not kept', async () => {
    inner.failure = new Error('no model');
    const both = [cached.embed('fox'), cached.embed('fox')];
    for (const each of both) await expect(each).rejects.toBe(inner.failure);
    inner.failure = undefined;
    expect([...(await cached.embed('fox'))]).toEqual([3, 0]);
  });

  test('reports progress over all texts of the call', async () => {
    await cached.embed('fox');
    const seen: unknown[] = [];
    await cached.embed(['fox', 'den'], { onProgress: (p) => seen.push(p) });
    expect(seen.at(-1)).toEqual({ done: 2, total: 2 });
  });

  test('clear forgets the vectors', async () => {
    await cached.embed('fox');
    cached.clear();
    await cached.embed('fox');
    expect(cached.stats()).toEqual({ hits: 0, misses: 2, shared: 0, size: 1 });
  });

  test('refuses wrong arguments', async () => {
    expect(() => new CachedEmbedder({} as Recorder)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    for (const capacity of [0, 1.5, Number.NaN, 1e9]) {
      expect(() => new CachedEmbedder(inner, { capacity })).toThrow(
        expect.objectContaining({ code: 'invalid_argument' }),
      );
    }
    await expect(cached.embed(7 as unknown as string)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(cached.embed(['a', null as unknown as string])).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
