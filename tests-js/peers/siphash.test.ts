import { expect, test } from 'vitest';

// @ts-expect-error a plain module of the benchmark
import { rawRow, sipHash13, sipHashVectors } from '../../benchmarks/peers/siphash.mjs';

test("the hash is the original's", () => {
  expect(sipHash13(42, 0, 0).map((half: number) => half.toString(16))).toEqual(['bb728850', 'd1891883']);
});

test.each([
  [42, 0, [-48, -39, -25, 91, -96, 37, 101, 39]],
  [42, 1, [52, -120, 127, -89, 9, 115, -72, 84]],
  [42, 99_999, [-117, -117, -33, -25, -92, 61, -81, 98]],
  [123, 0, [-73, 106, -45, 94, -59, 125, -10, 12]],
])('row %i, %i begins as it must', (seed, row, start) => {
  expect([...rawRow(seed, row, 128).subarray(0, 8)]).toEqual(start);
});

test('rows are scaled by their own length', () => {
  const raw = rawRow(42, 0, 128);
  const norm = Math.sqrt(raw.reduce((sum: number, x: number) => sum + x * x, 0));
  expect(norm).toBeCloseTo(840.1851, 4);
  const [first] = sipHashVectors(42, 1, 128);
  expect(first).toBe(Math.fround(-48 / Math.fround(norm)));
});
