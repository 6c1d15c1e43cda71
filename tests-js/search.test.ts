import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';

import { filter as f, type Collection, type Results } from 'corsac';

import { Letters } from './support/letters.js';
import { memoryStore, vectors } from './support/stores.js';

const ids = (results: Iterable<{ id: string }>) => Array.from(results, ({ id }) => id);

const NOTES = [
  { id: 'fox', content: 'The brown fox hides its food', metadata: { year: 2019, lang: 'en' } },
  { id: 'bear', content: 'A brown bear eats brown fish', metadata: { year: 2021, lang: 'en' } },
  { id: 'brot', content: 'Das Brot ist braun', metadata: { year: 2022, lang: 'de' } },
];

async function notes(): Promise<{ collection: Collection; letters: Letters }> {
  const letters = new Letters();
  const store = await memoryStore();
  const collection = await store.createCollection('notes', { embedder: letters });
  await collection.insertMany(NOTES);
  letters.calls.length = 0;
  return { collection, letters };
}

describe('what kind of search answers', () => {
  test('a string is hybrid where the collection has vectors and text', async () => {
    const { collection, letters } = await notes();
    const results = await collection.search('brown');
    expect(results.how).toMatchObject({ mode: 'hybrid', filter: 'none' });
    expect(letters.calls).toEqual([{ texts: ['brown'], as: 'query' }]);
    expect(ids(results).slice(0, 2).sort()).toEqual(['bear', 'fox']);
  });

  test('a string is answered by words where there are no vectors, by vectors where there is no text', async () => {
    const store = await memoryStore();
    const words = await store.createCollection('words');
    await words.insertMany(NOTES);
    expect((await words.search('brown')).how.mode).toBe('text');
    const mute = await store.createCollection('mute', { embedder: new Letters(), text: false });
    await mute.insertMany(NOTES);
    expect((await mute.search('brown')).how.mode).toBe('vector');
  });

  test('vectors, requests and modes are answered as asked', async () => {
    const { collection, letters } = await notes();
    const vector = await letters.embed('Das Brot');
    expect((await collection.search(vector)).how.mode).toBe('vector');
    expect((await collection.search(Array.from(vector))).how.mode).toBe('vector');
    expect((await collection.search({ vector, k: 1 })).hits).toHaveLength(1);
    expect((await collection.search({ text: 'bear', mode: 'text' })).how.mode).toBe('text');
    expect((await collection.search('bear', { mode: 'vector' })).how.mode).toBe('vector');
    expect((await collection.search({ text: 'bear', vector })).how.mode).toBe('hybrid');
    expect((await collection.searchHybrid({ text: 'bear' })).how.mode).toBe('hybrid');
  });

  test('searchMany embeds all texts at once and answers in order', async () => {
    const { collection, letters } = await notes();
    const results = await collection.searchMany(['fox', { text: 'Brot', k: 1 }, { text: 'bear', mode: 'text' }]);
    expect(letters.calls).toEqual([{ texts: ['fox', 'Brot'], as: 'query' }]);
    expect(results.map((each) => ids(each)[0])).toEqual(['fox', 'brot', 'bear']);
    expect(await collection.searchMany([])).toEqual([]);
  });

  test('similar leaves the document itself out', async () => {
    const { collection } = await notes();
    const results = await collection.similar('fox', { k: 2 });
    expect(ids(results)).toEqual(['bear', 'brot']);
    await expect(collection.similar('wolf')).rejects.toMatchObject({ code: 'not_found' });
    await collection.insert({ id: 'mute', metadata: {} });
    await expect(collection.similar('mute')).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('what an answer holds', () => {
  test('hits iterate, and include says what they carry', async () => {
    const { collection } = await notes();
    expect(await collection.searchText('fox')).toMatchObject({
      hits: [{ id: 'fox', content: NOTES[0]!.content, metadata: NOTES[0]!.metadata }],
    });
    const bare = await collection.searchText('fox', { include: [] });
    expect(Object.keys(bare.hits[0]!).sort()).toEqual(['id', 'score']);
    const [hit] = await collection.search('fox', { include: ['embedding', 'parts'] });
    expect(hit!.embedding).toHaveLength(26);
    expect(hit!.parts).toMatchObject({ vector: { rank: 1 }, text: { rank: 1 } });
    expect(hit).not.toHaveProperty('content');
  });

  test.each(['cosine', 'dot', 'l2'] as const)('score and distance agree under %s', async (metric) => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 2, metric, text: false });
    await collection.insertMany([
      { id: 'near', embedding: [3, 4] },
      { id: 'far', embedding: [-4, 1] },
    ]);
    const { hits } = await collection.searchVector([3, 3]);
    const expected = {
      cosine: [21 / Math.sqrt(18) / 5, -9 / Math.sqrt(18) / Math.sqrt(17)],
      dot: [21, -9],
      l2: [-1, -53],
    }[metric];
    hits.forEach((hit, i) => {
      expect(hit.score).toBeCloseTo(expected[i]!, 5);
      expect(hit.distance).toBeCloseTo(metric === 'cosine' ? 1 - expected[i]! : -expected[i]!, 5);
    });
    expect(ids(hits)).toEqual(['near', 'far']);
  });

  test('highlights are UTF-16 ranges of the words that matched', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c');
    await collection.insert({ id: 'a', content: '🦊 foxes run, a fox sleeps' });
    const [hit] = await collection.searchText('fox', { highlight: true });
    expect(hit!.highlights!.map(({ start, end }) => hit!.content!.slice(start, end))).toEqual(['foxes', 'fox']);
    expect((await collection.searchText('fox', { highlight: true, include: [] })).hits[0]!.highlights).toHaveLength(2);
  });

  test('k, minScore, operator and prefix narrow or widen the answer', async () => {
    const { collection } = await notes();
    expect((await collection.searchText('brown', { k: 1 })).hits).toHaveLength(1);
    expect(ids(await collection.searchText('brown fish', { operator: 'and' }))).toEqual(['bear']);
    expect(ids(await collection.searchText('bro', { prefix: true })).sort()).toEqual(['bear', 'brot', 'fox']);
    const all = await collection.searchText('brown');
    const above = await collection.searchText('brown', { minScore: all.hits[1]!.score + 1e-6 });
    expect(ids(above)).toEqual([all.hits[0]!.id]);
  });

  test('every strategy of fusion orders by its own rule', async () => {
    const { collection } = await notes();
    for (const strategy of ['dbsf', 'rrf', 'weightedSum'] as const) {
      const { hits } = await collection.search('brown fish', {
        fusion: { strategy, vectorWeight: 0.1, keywordWeight: 0.9 },
      });
      expect(hits[0]!.id).toBe('bear');
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
    }
  });

  test('the k best matching documents come back, however few match', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 16, index: { kind: 'hnsw', codec: 'sq8' } });
    const rows = vectors(2000, 16);
    await collection.insertMany(
      rows.map((embedding, i) => ({
        id: `d${i}`,
        content: `n${i % 3}`,
        embedding,
        metadata: { i, rare: i % 500 === 7 },
      })),
    );
    const query = rows[3]!;
    const results = await collection.searchVector(query, { k: 10, filter: f.eq('rare', true) });
    expect(results.hits).toHaveLength(4);
    expect(results.how.filter).toBe('scan');
    expect(new Set(ids(results))).toEqual(new Set(['d7', 'd507', 'd1007', 'd1507']));
    const half = await collection.searchVector(query, { k: 10, filter: f.lt('i', 1000), include: ['metadata'] });
    expect(half.hits.every(({ metadata }) => (metadata as { i: number }).i < 1000)).toBe(true);
    expect(half.hits[0]!.id).toBe('d3');
    expect((await collection.searchText('n1', { k: 5, filter: { rare: true } })).hits).toHaveLength(2);
  });

  test('equal scores keep the order of the last write', async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { dimension: 2 });
    for (const id of ['c', 'a', 'b']) await collection.insert({ id, embedding: [1, 0], content: 'same words' });
    await collection.upsert({ id: 'c', embedding: [1, 0], content: 'same words' });
    expect(ids(await collection.searchVector([1, 0]))).toEqual(['a', 'b', 'c']);
    expect(ids(await collection.searchText('words'))).toEqual(['a', 'b', 'c']);
  });

  test('an aborted search rejects with the reason of the signal', async () => {
    const { collection } = await notes();
    const reason = new Error('enough');
    await expect(collection.search('fox', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('an engine whose signals have no reason yet rejects with aborted', async () => {
    const { collection } = await notes();
    const signal = { aborted: true, addEventListener: () => {}, removeEventListener: () => {} } as never;
    await expect(collection.search('fox', { signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('vectors and requests of another realm count', async () => {
    const { collection } = await notes();
    const vector = runInNewContext('Float32Array.from({ length: 26 }, () => 1)') as Float32Array;
    expect(vector).not.toBeInstanceOf(Float32Array);
    expect((await collection.searchVector(vector)).hits).toHaveLength(3);
    const request = runInNewContext("({ text: 'fox', mode: 'text', filter: { year: { $gte: 2000 } } })") as {
      text: string;
    };
    expect(ids(await collection.search(request))).toEqual(['fox']);
  });

  test('the query vector is neither kept nor changed', async () => {
    const { collection, letters } = await notes();
    const query = await letters.embed('fox');
    const copy = query.slice();
    const first: Results = await collection.searchVector(query);
    expect(query).toEqual(copy);
    query.fill(0);
    expect((await collection.searchVector(copy)).hits).toEqual(first.hits);
  });

  test('answers survive growth of the memory of the core', async () => {
    const { collection, letters } = await notes();
    const query = await letters.embed('bear');
    const before = await collection.searchVector(query);
    const store = await memoryStore();
    const large = await store.createCollection('large', { dimension: 4096, text: false });
    await large.insertMany(vectors(2000, 4096).map((embedding, i) => ({ id: `v${i}`, embedding })));
    expect((await store.stats()).memoryBytes).toBeGreaterThan(32 << 20);
    expect((await large.searchVector(vectors(1, 4096)[0]!, { k: 1 })).hits[0]!.id).toBe('v0');
    expect((await collection.searchVector(query)).hits).toEqual(before.hits);
  });
});

describe('the query language', () => {
  const open = async (text?: object) => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', text && { text });
    await collection.insertMany([
      { id: 'red', content: 'a red fox in the snow' },
      { id: 'fast', content: 'the fox was red and silent' },
      { id: 'dog', content: 'a silent dog' },
    ]);
    return collection;
  };
  const found = async (collection: Awaited<ReturnType<typeof open>>, text: string, options: object = {}) =>
    ids(await collection.searchText(text, { lenient: false, ...options })).sort();

  test('phrases, required, excluded, prefix and misspelt words', async () => {
    const collection = await open();
    expect(await found(collection, '"red fox"')).toEqual(['red']);
    expect(await found(collection, '"red fox"~3')).toEqual(['fast', 'red']);
    expect(await found(collection, '+silent -dog')).toEqual(['fast']);
    expect(await found(collection, 'sno*')).toEqual(['red']);
    expect(await found(collection, 'slient~')).toEqual(['dog', 'fast']);
    expect(await found(collection, 'slient')).toEqual([]);
    expect(await found(collection, 'slient', { lenient: true, fuzzy: 1 })).toEqual(['dog', 'fast']);
    const [hit] = await collection.searchText('slient~ -fox', { lenient: false, highlight: true });
    expect(hit!.highlights).toEqual([{ start: 2, end: 8 }]);
  });

  test('a quoted phrase lifts its documents when text is text', async () => {
    const collection = await open();
    expect(ids(await collection.searchText('"red fox" silent:'))[0]).toBe('red');
  });

  test('an error points at the character', async () => {
    const collection = await open();
    await expect(found(collection, '🦊 "red')).rejects.toMatchObject({
      code: 'invalid_query',
      message: expect.stringContaining('at character 3'),
    });
    await expect(found(collection, 'x', { fuzzy: 3 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('without positions there are no phrases', async () => {
    const collection = await open({ positions: false });
    await expect(found(collection, '"red fox"')).rejects.toMatchObject({ code: 'invalid_query' });
    expect(ids(await collection.searchText('"red fox"')).length).toBe(2);
  });
});

describe('text fields', () => {
  const open = async () => {
    const store = await memoryStore();
    const collection = await store.createCollection('c', { text: { fields: { title: 4, 'info.tags': 1 } } });
    await collection.insertMany([
      { id: 'titled', content: 'about animals', metadata: { title: 'Foxes', info: { tags: ['red', 'snow'] } } },
      { id: 'told', content: 'foxes and other animals', metadata: { title: 'Woods' } },
      { id: 'bare', content: 'animals' },
      { id: 'tagged', metadata: { info: { tags: ['fox', 7] } } },
    ]);
    return collection;
  };

  test('metadata is found as text, by its boost', async () => {
    const collection = await open();
    const found = ids(await collection.searchText('fox'));
    expect(found[0]).toBe('titled');
    expect(found.sort()).toEqual(['tagged', 'titled', 'told']);
  });

  test('fields says where to look', async () => {
    const collection = await open();
    expect(ids(await collection.searchText('fox', { fields: ['content'] }))).toEqual(['told']);
    expect(ids(await collection.searchText('fox', { fields: ['info.tags'] }))).toEqual(['tagged']);
    expect(ids(await collection.searchText('title:fox', { lenient: false }))).toEqual(['titled']);
    expect(ids(await collection.searchText('+fox +animals', { lenient: false })).sort()).toEqual(['titled', 'told']);
    await expect(collection.searchText('fox', { fields: ['cast'] })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('cast'),
    });
    await expect(collection.searchText('cast:fox', { lenient: false })).rejects.toMatchObject({
      code: 'invalid_query',
    });
  });
});
