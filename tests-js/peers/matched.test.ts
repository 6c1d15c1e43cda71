import { expect, test } from 'vitest';

// @ts-expect-error a plain module of the benchmark
import { median, speedAt } from '../../benchmarks/peers/matched.mjs';

const curve = [
  { ef: 64, recall: 0.99, qps: 1000 },
  { ef: 16, recall: 0.9, qps: 4000 },
  { ef: 32, recall: 0.96, qps: 2000 },
];

test('the speed at a recall lies between that of its neighbours on the curve', () => {
  expect(speedAt(curve, 0.93)).toBeCloseTo(Math.sqrt(4000 * 2000), 6);
  expect(speedAt(curve, 0.96)).toBe(2000);
});

test('a recall that no point reaches has no speed', () => {
  expect(speedAt(curve, 0.995)).toBeUndefined();
  expect(speedAt([], 0.5)).toBeUndefined();
});

test('a curve that begins above a recall gives its first speed', () => {
  expect(speedAt(curve, 0.5)).toBe(4000);
});

test('a wider search that happened to be faster counts', () => {
  expect(speedAt([...curve, { ef: 48, recall: 0.97, qps: 2500 }], 0.95)).toBe(2500);
});

test('the median is the middle, or the mean of two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});
