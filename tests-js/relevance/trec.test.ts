import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

// @ts-expect-error a plain module of the benchmark
import { averagePrecision, meanOver, ndcg, readQrels, readRun, recall } from '../../benchmarks/relevance/trec.mjs';

type Grades = ReadonlyMap<string, number>;

describe('measures of a ranking', () => {
  const grades: Grades = new Map([
    ['a', 2],
    ['b', 1],
    ['c', 0],
    ['d', 1],
  ]);

  test('nDCG is 1 for the best order, and less for any other', () => {
    expect(ndcg(['a', 'b', 'd', 'c'], grades, 10)).toBe(1);
    expect(ndcg(['b', 'a', 'd'], grades, 10)).toBeCloseTo(
      (1 + 2 / Math.log2(3) + 0.5) / (2 + 1 / Math.log2(3) + 0.5),
      12,
    );
    expect(ndcg(['c', 'x'], grades, 10)).toBe(0);
    expect(ndcg([], new Map(), 10)).toBe(0);
  });

  test('nDCG looks no deeper than asked', () => {
    expect(ndcg(['c', 'a'], grades, 1)).toBe(0);
    expect(ndcg(['a'], grades, 1)).toBe(1);
  });

  test('recall and average precision count what was never found', () => {
    expect(recall(['a', 'x', 'b'], grades, 2)).toBeCloseTo(1 / 3, 12);
    expect(averagePrecision(['a', 'x', 'b'], grades)).toBeCloseTo((1 + 2 / 3) / 3, 12);
  });

  test('a query without an answer counts 0, one without relevant documents does not count', () => {
    const qrels = new Map([
      ['1', grades],
      ['2', grades],
      ['3', new Map([['a', 0]])],
    ]);
    expect(
      meanOver(qrels, new Map([['1', ['a']]]), (ranked: string[], each: Grades) => recall(ranked, each, 10)),
    ).toBeCloseTo(1 / 6, 12);
  });

  test('a run is ordered by score, equal ones by name downwards', () => {
    const run = readRun('1 Q0 b 1 0.5 tag\n1 Q0 c 2 0.5 tag\n1\tQ0\ta\t3\t0.7\ttag\n');
    expect(run.get('1')).toEqual(['a', 'c', 'b']);
  });
});

const fixtures = join(
  process.env['CORSAC_SHARED'] ?? join(import.meta.dirname, '../../../shared'),
  'data/trec-eval-fixtures',
);

describe.skipIf(!existsSync(fixtures))('agrees with trec_eval 9.0.7', () => {
  const read = (name: string) => readFileSync(join(fixtures, name), 'utf8');
  const measures: Record<string, (ranked: readonly string[], grades: Grades) => number> = {
    map: averagePrecision,
    ...Object.fromEntries(
      [5, 10, 20, 100].map((depth) => [`ndcg_cut_${depth}`, (r: readonly string[], g: Grades) => ndcg(r, g, depth)]),
    ),
    ...Object.fromEntries(
      [5, 10, 100].map((depth) => [`recall_${depth}`, (r: readonly string[], g: Grades) => recall(r, g, depth)]),
    ),
  };

  test('on every query of its own test', () => {
    const qrels: Map<string, Grades> = readQrels(read('qrels.test'));
    const run: Map<string, string[]> = readRun(read('results.test'));
    let compared = 0;
    for (const line of read('out.test.aq').split('\n')) {
      const [name, query, value] = line.trim().split(/\s+/) as [string, string, string];
      if (!(name in measures) || query === 'all') continue;
      expect(measures[name]!(run.get(query)!, qrels.get(query)!), `${name} of ${query}`).toBeCloseTo(Number(value), 4);
      compared += 1;
    }
    expect(compared).toBe(run.size * Object.keys(measures).length);
  });
});
