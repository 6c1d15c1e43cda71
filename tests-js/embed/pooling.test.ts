import { describe, expect, test } from 'vitest';

import { normalise, pool } from '../../js/embed/pooling.js';

const states = Float32Array.of(1, -2, 3, 4, 100, 100);

describe('pooling', () => {
  test('takes the mean of the tokens that count', () => expect([...pool('mean', states, 2, 2)]).toEqual([2, 1]));
  test('takes the first token', () => expect([...pool('cls', states, 2, 2)]).toEqual([1, -2]));
  test('takes the largest value per dimension', () => expect([...pool('max', states, 2, 2)]).toEqual([3, 4]));
  test.each(['mean', 'cls', 'max'] as const)('%s of one token is that token, of none zeros', (pooling) => {
    expect([...pool(pooling, states, 1, 2)]).toEqual([1, -2]);
    expect([...pool(pooling, states, 0, 2)]).toEqual([0, 0]);
  });
});

describe('normalise', () => {
  test('makes the length 1', () =>
    expect([...normalise(Float32Array.of(3, 4))]).toEqual([Math.fround(0.6), Math.fround(0.8)]));
  test('keeps zeros', () => expect([...normalise(new Float32Array(2))]).toEqual([0, 0]));
});
