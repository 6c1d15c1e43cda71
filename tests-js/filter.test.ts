import { expect, test } from 'vitest';

import { filter as f } from 'corsac';

import { memoryStore } from './support/stores.js';

test('the builder makes the plain form', () => {
  expect(f.eq('a.b', 1)).toEqual({ 'a.b': { $eq: 1 } });
  expect([f.ne('a', null), f.gt('a', 1), f.gte('a', 1), f.lt('a', 'x'), f.lte('a', 1)]).toEqual([
    { a: { $ne: null } },
    { a: { $gt: 1 } },
    { a: { $gte: 1 } },
    { a: { $lt: 'x' } },
    { a: { $lte: 1 } },
  ]);
  expect([f.in('a', [1, 'x', null]), f.nin('a', [true])]).toEqual([
    { a: { $in: [1, 'x', null] } },
    { a: { $nin: [true] } },
  ]);
  expect([f.exists('a'), f.exists('a', false), f.isNull('a'), f.startsWith('a', 'x'), f.contains('a', 'x')]).toEqual([
    { a: { $exists: true } },
    { a: { $exists: false } },
    { a: { $isNull: true } },
    { a: { $startsWith: 'x' } },
    { a: { $contains: 'x' } },
  ]);
  expect(f.not(f.and(f.eq('a', 1), f.or()))).toEqual({ $not: { $and: [{ a: { $eq: 1 } }, { $or: [] }] } });
  expect(Object.keys(f.eq('__proto__', 1))).toEqual(['__proto__']);
});

const ROWS = [
  { id: 'a', metadata: { n: 5, s: 'apple', tags: ['x', 'y'], deep: { v: null } } },
  { id: 'b', metadata: { n: 5.5, s: 'Äpfel', tags: [], flag: false } },
  { id: 'c', metadata: { n: '5', s: 'banana', flag: true } },
  { id: 'd' },
];

const CASES: [what: string, filter: object, ids: string][] = [
  ['everything', {}, 'abcd'],
  ['a bare value', { n: 5 }, 'a'],
  ['eq of another type', f.eq('n', '5'), 'c'],
  ['eq of a boolean', f.eq('flag', false), 'b'],
  ['eq of null', f.eq('deep.v', null), 'a'],
  ['ne, the complement', f.ne('n', 5), 'bcd'],
  ['gt among numbers', f.gt('n', 5), 'b'],
  ['gte and lte together', { n: { $gte: 5, $lte: 5.5 } }, 'ab'],
  ['lt among strings', f.lt('s', 'b'), 'a'],
  ['lte of another type', f.lte('n', 'z'), 'c'],
  ['in of several kinds', f.in('n', [5, '5', true]), 'ac'],
  ['nin, the complement', f.nin('n', [5, '5']), 'bd'],
  ['in of nothing', f.in('n', []), ''],
  ['an element of an array', f.eq('tags', 'y'), 'a'],
  ['ne of an element', f.ne('tags', 'y'), 'bcd'],
  ['contains an element', f.contains('tags', 'x'), 'a'],
  ['contains a substring', f.contains('s', 'an'), 'c'],
  ['startsWith', f.startsWith('s', 'Ä'), 'b'],
  ['exists, null included', f.exists('deep.v'), 'a'],
  ['exists of an object', f.exists('deep'), 'a'],
  ['does not exist', f.exists('flag', false), 'ad'],
  ['is null', f.isNull('deep.v'), 'a'],
  ['is not null', f.isNull('deep.v', false), 'bcd'],
  ['and of nothing', f.and(), 'abcd'],
  ['or of nothing', f.or(), ''],
  ['not', f.not(f.eq('n', 5)), 'bcd'],
  ['a tree', f.or(f.and(f.gt('n', 1), f.not(f.eq('flag', false))), { s: 'banana' }), 'ac'],
  ['mixed forms', { $or: [{ n: 5.5 }, f.startsWith('s', 'ban')], tags: { $exists: true } }, 'b'],
  ['undefined as absent', { n: undefined, s: { $eq: 'apple', $ne: undefined } }, 'a'],
];

test.each(CASES)('%s', async (_what, filter, ids) => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  await collection.insertMany(ROWS as never);
  const { documents } = await collection.list({ filter: filter as never });
  expect(documents.map(({ id }) => id).join('')).toBe(ids);
  expect(await collection.count(filter as never)).toBe(ids.length);
});
