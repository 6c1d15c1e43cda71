import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';

import { VectorStore, type Collection, type ImportOptions } from 'corsac';

import { MemoryMedium, MemoryStore } from '../js/storage/memory.js';
import { FailingHome, quotaError } from './support/failing-home.js';
import { Letters } from './support/letters.js';
import { folder, memoryStore, random, vectors } from './support/stores.js';

const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as never).arrayBuffer());
const textOf = async (stream: ReadableStream<Uint8Array>) => new TextDecoder().decode(await bytesOf(stream));

/** Two collections: one with graph, text and deletes and a log behind its snapshot, one with text alone. */
async function filled(store: VectorStore, count = 300): Promise<void> {
  const rows = vectors(count, 8);
  const graph = await store.createCollection('graph', { dimension: 8, index: { kind: 'hnsw', codec: 'sq8' } });
  const documents = rows.map((embedding, i) => ({
    id: `d${i}`,
    content: `document ${i} about ${i % 7 ? 'foxes' : 'bears'}`,
    embedding,
    metadata: { i },
  }));
  await graph.insertMany(documents.slice(0, count / 2));
  await graph.checkpoint();
  await graph.insertMany(documents.slice(count / 2));
  await graph.delete(['d3', 'd200']);
  const notes = await store.createCollection('notes');
  await notes.insert({
    id: 'fox',
    content: 'Füchse 🦊',
    metadata: { __proto__: null, deep: { a: [1, null] } } as never,
  });
}

/** All that can be asked of it. */
async function answers(store: VectorStore): Promise<unknown> {
  const graph = await store.getCollection('graph');
  const notes = await store.getCollection('notes');
  const page = await graph.list({ limit: 10_000, include: ['content', 'metadata', 'embedding'] });
  const found = await graph.searchVector(vectors(1, 8, 5)[0]!, { k: 20 });
  const all = JSON.stringify([
    page.documents.map(({ embedding, ...rest }) => [rest, Array.from(embedding!)]),
    found.hits.map(({ id, score }) => [id, score]),
    (await graph.searchText('bears', { k: 50 })).hits.map(({ id, score }) => [id, score]),
    await notes.get('fox'),
  ]);
  return createHash('sha256').update(all).digest('hex');
}

async function archive(): Promise<{ bytes: Uint8Array; expected: unknown; storeId: string }> {
  const store = await memoryStore();
  await filled(store);
  const expected = await answers(store);
  return { bytes: await bytesOf(store.export()), expected, storeId: store.report.storeId };
}

describe('an archive', () => {
  test('brings back the whole store, its indexes and its id, in pieces of any size and into any home', async () => {
    const { bytes, expected, storeId } = await archive();
    const next = random(3);
    const pieces = function* () {
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + Math.floor(next() ** 4 * 20_000);
        yield bytes.slice(at, end);
        at = end;
      }
    };
    const storage = folder();
    const copy = await VectorStore.open('copy', { storage });
    const stages: string[] = [];
    const report = await copy.import(pieces(), { onProgress: ({ stage }) => stages.push(stage) });
    expect(report).toMatchObject({ storeId, collections: ['graph', 'notes'], documents: 299, bytes: bytes.length });
    expect(new Set(stages)).toEqual(new Set(['import']));
    expect(copy.report.storeId).toBe(storeId);
    expect(await answers(copy)).toBe(expected);
    await (await copy.getCollection('graph')).insert({ id: 'new', content: 'after the import' });
    await copy.close();
    const again = await VectorStore.open('copy', { storage, expectStoreId: storeId });
    expect(Object.values(again.report.collections).map(({ outcome }) => outcome)).toEqual(['clean', 'clean']);
    expect(await (await again.getCollection('graph')).has('new')).toBe(true);
    expect((await again.verify()).ok).toBe(true);
    await again.close();
  });

  test('is one moment of each collection, whatever is written, checkpointed and compacted meanwhile', async () => {
    const store = await memoryStore();
    await filled(store);
    const expected = await answers(store);
    const reader = store.export().getReader();
    const parts = [(await reader.read()).value!];
    const graph = await store.getCollection('graph');
    await graph.delete({ i: { $lt: 250 } });
    await graph.checkpoint();
    await graph.compact();
    await graph.checkpoint();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      parts.push(value);
    }
    const copy = await memoryStore();
    await copy.import(parts);
    expect(await answers(copy)).toBe(expected);
    await graph.checkpoint();
    expect(await graph.count()).toBe(50);
    expect((await store.verify()).ok).toBe(true);
  });

  test.each([8, 12])('of a later version (byte %i) is refused and changes nothing', async (at) => {
    const { bytes } = await archive();
    const newer = bytes.slice();
    newer[at]! |= 0x40;
    const copy = await memoryStore();
    await expect(copy.import([newer])).rejects.toMatchObject({ code: 'unsupported_format' });
    expect(await copy.collections()).toEqual([]);
  });

  test('that is damaged, cut or longer anywhere changes nothing', async () => {
    const { bytes, expected } = await archive();
    const medium = new MemoryMedium();
    const store = await VectorStore.open('copy', { storage: MemoryStore.open(medium) });
    onTestFinished(() => store.close());
    const image = () => [...medium.blobs.keys(), ...medium.roots.keys()].sort();
    const before = image();
    const next = random(11);
    const wrong: Uint8Array[] = [bytes.slice(0, 10), new Uint8Array([...bytes, 0]), new Uint8Array(64)];
    for (let i = 0; i < 60; i++) {
      const flipped = bytes.slice();
      const at = Math.floor(next() * bytes.length);
      flipped[at]! ^= 1 << Math.floor(next() * 8);
      wrong.push(bytes.slice(0, at), flipped);
    }
    let harmless = 0;
    for (const each of wrong) {
      const failure = await store.import([each]).catch((error: { code: string }) => error);
      if ('code' in failure) {
        expect(failure.code).toMatch(/^(corrupt|data_loss|unsupported_format|invalid_argument)$/);
        expect(image()).toEqual(before);
        continue;
      }
      harmless++; // padding, or the older of two roots
      expect(await answers(store)).toBe(expected);
      for (const name of await store.collections()) await store.deleteCollection(name);
      before.splice(0, before.length, ...image());
    }
    expect(harmless).toBeLessThan(30);
  });

  test('is refused beyond its limits, beside collections, and while another import goes on', async () => {
    const { bytes } = await archive();
    const store = await memoryStore();
    for (const limits of [{ totalBytes: 1000 }, { blobs: 2 }]) {
      await expect(store.import([bytes], { limits })).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    async function* slowly() {
      yield bytes.slice(0, 5000);
      await expect(store.import([bytes])).rejects.toMatchObject({ code: 'busy' });
      await expect(store.createCollection('x')).rejects.toMatchObject({ code: 'busy' });
      yield bytes.slice(5000);
    }
    await store.import(slowly());
    await expect(store.import([bytes])).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await store.collections()).toEqual(['graph', 'notes']);
  });

  test('whose storing fails at any step leaves the store empty and usable', async () => {
    const { bytes, expected } = await archive();
    const home = new FailingHome();
    const store = await VectorStore.open('copy', { storage: home });
    for (let n = 0; ; n++) {
      let calls = 0;
      home.failing = (ops) => ops.some(({ op }) => op !== 'delete') && calls++ === n;
      home.failure = quotaError();
      const failure = await store.import([bytes]).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      home.failure = undefined;
      if (failure === undefined) break;
      expect(failure).toBe('quota');
      expect(await store.collections()).toEqual([]);
      expect(await home.list()).toEqual([]);
    }
    expect(await answers(store)).toBe(expected);
    await store.close();
  });
});

describe('JSON Lines', () => {
  test('bring every document back, vectors to the last bit', async () => {
    const store = await memoryStore();
    await filled(store);
    const text = await textOf(store.export({ format: 'jsonl', collection: 'graph' }));
    expect(text.split('\n')).toHaveLength(299);
    const copy = await memoryStore();
    const into = await copy.createCollection('graph', { dimension: 8, index: { kind: 'flat', codec: 'f32' } });
    const report = await copy.import([text.slice(0, 777), text.slice(777)], { format: 'jsonl' });
    expect(report).toMatchObject({ collections: ['graph'], documents: 298 });
    expect(
      createHash('sha256')
        .update(await textOf(copy.export({ format: 'jsonl' })))
        .digest('hex'),
    ).toBe(createHash('sha256').update(text).digest('hex'));
    expect(await into.count()).toBe(298);
  });

  test('without vectors are embedded by the collection', async () => {
    const store = await memoryStore();
    const letters = new Letters();
    const into: Collection = await store.createCollection('c', { embedder: letters });
    await store.import(['{"id":"a","content":"aab"}\n\n{"id":"b"}'], { format: 'jsonl' });
    expect(Array.from((await into.get('a', { include: ['embedding'] }))!.embedding!.slice(0, 2))).toEqual([2, 1]);
    expect(await into.count()).toBe(2);
  });

  const wrong: [string, string[], ImportOptions, string, string][] = [
    ['no JSON', ['{"id":"x"}\n{"id":'], {}, 'invalid_argument', 'line 2'],
    ['no document', ['{"id":"x"}\n[]'], {}, 'invalid_argument', 'line 2'],
    ['a wrong dimension', ['{"id":"x","embedding":[1]}'], {}, 'dimension_mismatch', 'line 1'],
    ['an unknown field', ['{"id":"x","score":1}'], {}, 'invalid_argument', 'score'],
    ['an id twice', ['{"id":"x"}\n{"id":"x"}'], {}, 'already_exists', 'line 2'],
    ['a known id', ['{"id":"new"}\n{"id":"old"}'], {}, 'already_exists', 'old'],
    ['too many bytes', ['{"id":"x"}\n'], { limits: { totalBytes: 5 } }, 'invalid_argument', 'totalBytes'],
    ['too many lines', ['{"id":"x"}\n{"id":"y"}'], { limits: { documents: 1 } }, 'invalid_argument', 'documents'],
    ['no such collection', ['{"id":"x"}'], { collection: 'none' }, 'not_found', 'none'],
  ];
  test.each(wrong)('with %s change nothing', async (_, source, options, code, word) => {
    const store = await memoryStore();
    const into = await store.createCollection('c', { dimension: 2 });
    await into.insert({ id: 'old' });
    await expect(store.import(source, { format: 'jsonl', ...options })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(word),
    });
    expect(await into.count()).toBe(1);
  });

  test('of an insert that fails on the way are taken out again', async () => {
    const home = new FailingHome();
    const store = await VectorStore.open('x', { storage: home });
    const into = await store.createCollection('c');
    const lines = Array.from({ length: 3000 }, (_, i) => `{"id":"d${i}"}\n`);
    let writes = 0;
    home.failing = (ops) => ops.some(({ op }) => op === 'append' || op === 'put') && ++writes === 3;
    home.failure = quotaError();
    await expect(store.import(lines, { format: 'jsonl' })).rejects.toMatchObject({ code: 'quota' });
    expect(await into.count()).toBe(0);
    await store.close();
  });
});

describe('verify', () => {
  test('finds every flipped byte of the newest snapshot and its documents, and says where', async () => {
    const medium = new MemoryMedium();
    const store = await VectorStore.open('x', { storage: MemoryStore.open(medium), checkpoint: { keep: 1 } });
    onTestFinished(() => store.close());
    await filled(store);
    for (const name of await store.collections()) await (await store.getCollection(name)).checkpoint();
    const good = await store.verify();
    expect(good).toMatchObject({ ok: true, collections: { graph: { ok: true, documents: 298 }, notes: { ok: true } } });
    await (await store.getCollection('graph')).insert({ id: 'last', content: 'in the log alone' });
    for (const [name, bytes] of medium.blobs) {
      const at = name.includes('wal') ? bytes.length - 20 : bytes.length >> 1;
      bytes[at]! ^= 4;
      const report = await store.verify();
      bytes[at]! ^= 4;
      expect(report.ok, name).toBe(false);
      const damaged = name.startsWith('1/') ? 'graph' : 'notes';
      expect(report.collections[damaged]!.damages.length, name).toBeGreaterThan(0);
    }
    expect((await store.verify()).collections['graph']).toMatchObject({ ok: true, documents: 299 });
  });
});
