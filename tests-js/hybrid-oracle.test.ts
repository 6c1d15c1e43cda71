// Each hybrid search against the rules of fusion written plainly: lists of max(100, 5k) from either leg, missing scores
// completed exactly, statistics of a leg's own list, nothing clamped.
import { beforeAll, describe, expect, test } from 'vitest';

import { filter as f, VectorStore, type Collection, type FusionOptions } from 'corsac';

import { random, vectors } from './support/stores.js';

const COUNT = 5_000;
const WORDS = ['fox', 'bear', 'snow', 'tree', 'river', 'stone', 'night', 'moon', 'wolf', 'sea'];
const query = Float32Array.from({ length: 16 }, (_, i) => 1 - i / 8);
const text = 'fox snow moon';

interface Scored {
  readonly id: string;
  readonly score: number;
}

let exact: Collection;
let graph: Collection;
/** Every document with a vector, and every one that matches the text, best first. */
let byVector: Scored[];
let byText: Scored[];

const SELECTIVITIES = [0.5, 0.1, 0.01, 0.001];
const matches = (id: string, share: number) => Number(id) % Math.round(1 / share) === 0;
const selecting = (share: number) => f.eq(`every${Math.round(1 / share)}`, true);

beforeAll(async () => {
  const store = await VectorStore.open('oracle', { storage: 'memory' });
  const next = random(11);
  const rows = vectors(COUNT, 16).map((embedding, i) => ({
    id: String(i),
    // Some have no text, some no vector.
    content: i % 13 === 5 ? undefined : Array.from({ length: 4 }, () => WORDS[Math.floor(next() ** 2 * 10)]).join(' '),
    embedding: i % 17 === 3 ? undefined : embedding,
    metadata: Object.fromEntries(
      SELECTIVITIES.filter((share) => matches(String(i), share)).map((share) => [
        `every${Math.round(1 / share)}`,
        true,
      ]),
    ),
  }));
  exact = (await store.createCollection('flat', {
    dimension: 16,
    index: { kind: 'flat', codec: 'f32' },
  })) as Collection;
  graph = (await store.createCollection('hnsw', {
    dimension: 16,
    index: { kind: 'hnsw', codec: 'f32' },
  })) as Collection;
  await exact.insertMany(rows);
  await graph.insertMany(rows);
  const all = { k: 10_000, include: [] };
  byVector = (await exact.searchVector(query, all)).hits;
  byText = (await exact.searchText(text, all)).hits;
  return () => store.close();
});

/** Which hits there must be, and their scores. */
function oracle(fusion: FusionOptions, k: number, share: number | undefined): Scored[] {
  const kept = (list: Scored[]) => (share === undefined ? list : list.filter(({ id }) => matches(id, share)));
  const fetch = Math.max(100, 5 * k);
  const legs = [kept(byVector).slice(0, fetch), kept(byText).slice(0, fetch)] as const;
  const full = [new Map(byVector.map((hit) => [hit.id, hit.score])), new Map(byText.map((hit) => [hit.id, hit.score]))];
  const union = [...new Set(legs.flatMap((leg) => leg.map(({ id }) => id)))];
  const { strategy = 'dbsf', rrfK = 60 } = fusion;
  const defaults = strategy === 'dbsf' ? [0.5, 0.5] : [0.7, 0.3];
  const weights = [fusion.vectorWeight ?? defaults[0]!, fusion.keywordWeight ?? defaults[1]!];
  const worst = Math.min(...union.map((id) => full[0]!.get(id) ?? Infinity));
  const share_ = (leg: 0 | 1, id: string): number => {
    const list = legs[leg];
    if (list.length === 0) return 0;
    const rank = list.findIndex((hit) => hit.id === id) + 1;
    if (strategy === 'rrf') return 1 / (rrfK + (rank || list.length + 1));
    const score = full[leg]!.get(id) ?? (leg === 0 ? worst : 0);
    const scores = list.map((hit) => hit.score);
    if (strategy === 'weightedSum') {
      const [low, high] = [Math.min(...scores), Math.max(...scores)];
      return high - low <= 2 ** -23 ? 1 : (score - low) / (high - low);
    }
    const mean = scores.reduce((sum, each) => sum + each, 0) / scores.length;
    const sigma = Math.sqrt(scores.reduce((sum, each) => sum + (each - mean) ** 2, 0) / scores.length);
    return sigma < 2 ** -23 ? 0.5 : (score - (mean - 3 * sigma)) / (6 * sigma);
  };
  return union
    .map((id) => ({ id, score: weights[0]! * share_(0, id) + weights[1]! * share_(1, id) }))
    .sort((a, b) => b.score - a.score || Number(a.id) - Number(b.id))
    .slice(0, k);
}

const FUSIONS: FusionOptions[] = [
  {},
  { vectorWeight: 0.2, keywordWeight: 0.8 },
  { strategy: 'rrf' },
  { strategy: 'rrf', rrfK: 5, vectorWeight: 1, keywordWeight: 2 },
  { strategy: 'weightedSum' },
  { strategy: 'weightedSum', vectorWeight: 0.5, keywordWeight: 0.5 },
];

describe.each([undefined, ...SELECTIVITIES])('with a filter that leaves %s', (share) => {
  const filter = share === undefined ? undefined : (selecting(share) as never);

  test.each(FUSIONS)('%j fuses by its rules', async (fusion) => {
    for (const k of [10, 30]) {
      const expected = oracle(fusion, k, share);
      const { hits } = await exact.searchHybrid({ text, vector: query }, { k, filter, fusion, include: [] });
      expect(hits).toHaveLength(expected.length);
      hits.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i]!.score, 4));
      // Scores that f32 cannot tell apart may swap.
      const last = expected[expected.length - 1]!.score;
      const sure = expected.filter(({ score }) => score > last + 1e-5).map(({ id }) => id);
      expect(hits.map(({ id }) => id)).toEqual(expect.arrayContaining(sure));
    }
  });

  test('a vector search returns the k best that exist', async () => {
    const expected = byVector.filter(({ id }) => share === undefined || matches(id, share)).slice(0, 10);
    const ids = expected.map(({ id }) => id);
    const flat = await exact.searchVector(query, { filter, include: [] });
    expect(flat.hits.map(({ id }) => id)).toEqual(ids);
    const walked = await graph.searchVector(query, { filter, include: [], efSearch: 200 });
    expect(walked.hits).toHaveLength(ids.length);
    expect(walked.hits.filter(({ id }) => ids.includes(id)).length).toBeGreaterThanOrEqual(Math.ceil(0.9 * ids.length));
  });

  test('a text search returns the k best that exist', async () => {
    const expected = byText.filter(({ id }) => share === undefined || matches(id, share)).slice(0, 10);
    for (const collection of [exact, graph]) {
      const { hits } = await collection.searchText(text, { filter, include: [] });
      expect(hits.map(({ id, score }) => [id, score])).toEqual(expected.map(({ id, score }) => [id, score]));
    }
  });

  test('a hybrid search over a graph returns as many as exist', async () => {
    const expected = oracle({}, 10, share);
    const { hits } = await graph.searchHybrid({ text, vector: query }, { filter, include: [], efSearch: 400 });
    expect(hits).toHaveLength(expected.length);
    const found = hits.filter(({ id }) => expected.some((hit) => hit.id === id)).length;
    expect(found).toBeGreaterThanOrEqual(Math.ceil(0.8 * expected.length));
  });
});

test('a leg without a hit drops out, and the other decides', async () => {
  const vectorOnly = await exact.searchHybrid({ text: 'zebra', vector: query }, { include: [] });
  expect(vectorOnly.hits.map(({ id }) => id)).toEqual(byVector.slice(0, 10).map(({ id }) => id));
  const noVectors = f.eq('nothing', 1) as never;
  expect((await exact.searchHybrid({ text, vector: query }, { filter: noVectors })).hits).toEqual([]);
});
