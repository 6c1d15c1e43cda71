// The filters of the core against a naive evaluation in JavaScript, on random metadata and random predicates.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { filter as f, type JsonObject } from 'corsac';

import { memoryStore } from './support/stores.js';

type Scalar = string | number | boolean | null;

/** What stands at each path of a document; a path without a scalar is there all the same. */
function flatten(metadata: JsonObject): Map<string, Scalar[]> {
  const flat = new Map<string, Scalar[]>();
  const put = (path: string, value: unknown): void => {
    if (!flat.has(path)) flat.set(path, []);
    if (Array.isArray(value)) value.forEach((item) => put(path, item));
    else if (value !== null && typeof value === 'object') members(value as JsonObject, `${path}.`);
    else flat.get(path)!.push(value as Scalar);
  };
  const members = (object: JsonObject, prefix: string): void =>
    Object.entries(object).forEach(([key, value]) => put(prefix + key, value));
  members(metadata, '');
  return flat;
}

/** Order of strings by code point. */
const points = (text: string) => [...text].map((each) => each.codePointAt(0)!);
function compare(a: Scalar, b: Scalar): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b || (a > b ? 1 : a < b ? -1 : 0);
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  const [x, y] = [points(a), points(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return x.length - y.length;
}

function satisfies(flat: Map<string, Scalar[]>, path: string, op: string, operand: any): boolean {
  const values = flat.get(path);
  const some = (test: (value: Scalar) => boolean) => (values ?? []).some(test);
  const ordered = (test: (order: number) => boolean) =>
    some((value) => {
      const order = compare(value, operand);
      return order !== undefined && test(order);
    });
  switch (op) {
    case '$eq':
      return some((value) => value === operand);
    case '$ne':
      return !some((value) => value === operand);
    case '$in':
      return some((value) => operand.includes(value));
    case '$nin':
      return !some((value) => operand.includes(value));
    case '$gt':
      return ordered((order) => order > 0);
    case '$gte':
      return ordered((order) => order >= 0);
    case '$lt':
      return ordered((order) => order < 0);
    case '$lte':
      return ordered((order) => order <= 0);
    case '$exists':
      return (values !== undefined) === operand;
    case '$isNull':
      return some((value) => value === null) === operand;
    case '$startsWith':
      return some((value) => typeof value === 'string' && value.startsWith(operand));
    case '$contains':
      return some((value) => typeof value === 'string' && value.includes(operand));
    default:
      throw new Error(op);
  }
}

function evaluate(filter: any, flat: Map<string, Scalar[]>): boolean {
  return Object.entries<any>(filter).every(([key, value]) => {
    if (key === '$and') return value.every((each: object) => evaluate(each, flat));
    if (key === '$or') return value.some((each: object) => evaluate(each, flat));
    if (key === '$not') return !evaluate(value, flat);
    if (value === null || typeof value !== 'object') return satisfies(flat, key, '$eq', value);
    return Object.entries(value).every(([op, operand]) => satisfies(flat, key, op, operand));
  });
}

// Few keys and values, so that predicates meet documents; some keys are dotted, empty, or names of Object.prototype.
const KEYS = ['a', 'b', 'a.b', '', '.', '0', '__proto__', 'constructor', 'toString', 'ключ', 'a.'];
const key = fc.constantFrom(...KEYS);
const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', '0', '5', 'é', '\u{1F600}', '\uFFEE'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  text,
  fc.constantFrom<Scalar>(0, -0, 1, 5, 5.5, -1, 2 ** 53, 2 ** 53 + 2, 1e308, 5e-324, true, false, null),
);
const { object } = fc.letrec<{ value: any; object: JsonObject }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(key, tie('value') as fc.Arbitrary<any>, {
    maxKeys: 4,
    noNullPrototype: true,
  }) as fc.Arbitrary<JsonObject>,
}));
const path = fc.oneof(
  fc.array(key, { minLength: 1, maxLength: 3 }).map((keys) => keys.join('.')),
  fc.constant('missing'),
);
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('$eq', '$ne'), scalar),
  fc.tuple(
    fc.constantFrom('$gt', '$gte', '$lt', '$lte'),
    scalar.filter((each) => typeof each === 'string' || typeof each === 'number'),
  ),
  fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(scalar, { maxLength: 4 })),
  fc.tuple(fc.constantFrom('$exists', '$isNull'), fc.boolean()),
  fc.tuple(fc.constantFrom('$startsWith', '$contains'), text),
);
const leaf = fc.oneof(
  fc.tuple(path, scalar),
  fc.tuple(
    path,
    fc.array(comparison, { minLength: 1, maxLength: 2 }).map((all) => Object.fromEntries(all)),
  ),
);
const { filter: predicate } = fc.letrec<{ filter: object }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    fc.array(leaf, { maxLength: 2 }).map((all) => Object.fromEntries(all) as object),
    fc.array(tie('filter'), { maxLength: 3 }).map(($and) => ({ $and })),
    fc.array(tie('filter'), { maxLength: 3 }).map(($or) => ({ $or })),
    (tie('filter') as fc.Arbitrary<object>).map(($not) => ({ $not })),
  ) as fc.Arbitrary<object>,
}));

const wellFormed = (value: unknown) => !/\p{Surrogate}/u.test(JSON.stringify(value).replace(/\\ud[89a-f]/gi, '\ud800'));

test('filters match what a naive evaluation matches', async () => {
  const store = await memoryStore();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(object.filter(wellFormed), { minLength: 1, maxLength: 30 }),
      fc.array(predicate.filter(wellFormed), { minLength: 1, maxLength: 10 }),
      async (documents, predicates) => {
        const collection = await store.createCollection(`c${run++}`, { text: false });
        await collection.insertMany(documents.map((metadata, i) => ({ id: String(i), metadata })));
        await collection.insert({ id: 'bare' });
        const flats = [...documents.map(flatten), flatten({})];
        const ids = [...documents.map((_, i) => String(i)), 'bare'];
        for (const filter of predicates) {
          const expected = ids.filter((_, i) => evaluate(filter, flats[i]!));
          const { documents: found } = await collection.list({ filter: filter as never, include: [] });
          expect(found.map(({ id }) => id)).toEqual(expected);
          expect(await collection.count(f.not(filter as never) as never)).toBe(ids.length - expected.length);
        }
        await store.deleteCollection(collection.name);
      },
    ),
    { seed: 20_240_501, numRuns: 150 },
  );
});

test('paths through arrays, dotted keys and positions mean what the guide says', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  await collection.insertMany([
    { id: 'nested', metadata: { a: { b: 1 } } },
    { id: 'dotted', metadata: { 'a.b': 1 } },
    { id: 'both', metadata: { a: { b: 2 }, 'a.b': 1 } },
    { id: 'array', metadata: { a: [{ b: 1 }, { b: 3 }] } },
    { id: 'deep', metadata: { a: [[{ b: [[1]] }]] } },
    { id: 'position', metadata: { a: ['x', 'y'] } },
    { id: 'key', metadata: { a: [{ '0': 'x' }] } },
  ] as never);
  const matching = async (filter: object) =>
    (await collection.list({ filter: filter as never })).documents.map(({ id }) => id).join(' ');
  expect(await matching({ 'a.b': 1 })).toBe('nested dotted both array deep');
  expect(await matching({ 'a.b': 3 })).toBe('array');
  expect(await matching({ 'a.b': { $gt: 1 } })).toBe('both array');
  expect(await matching({ 'a.0': 'x' })).toBe('key');
  expect(await matching({ a: 'x' })).toBe('position');
  expect(await matching({ 'a.b': { $gt: 1, $lt: 2 } })).toBe('both array');
});

test('dates compare as numbers or as ISO strings', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  const days = ['2019-12-31', '2020-01-01', '2020-06-15', '2021-01-01'];
  await collection.insertMany(
    days.map((day) => ({ id: day, metadata: { iso: new Date(day).toISOString(), ms: Date.parse(day) } })),
  );
  for (const [path, from, to] of [
    ['iso', '2020-01-01', '2021-01-01'],
    ['ms', Date.parse('2020-01-01'), Date.parse('2021-01-01')],
  ] as const) {
    const { documents } = await collection.list({ filter: { [path]: { $gte: from, $lt: to } } as never });
    expect(documents.map(({ id }) => id)).toEqual(['2020-01-01', '2020-06-15']);
  }
  const refused = collection.count({ iso: { $gte: new Date() } } as never);
  await expect(refused).rejects.toMatchObject({ code: 'invalid_filter' });
});

test.each([
  ['deep', Array.from({ length: 40 }).reduce<object>((inner) => ({ $not: inner }), { a: 1 })],
  ['wide', { a: { $in: Array.from({ length: 10_001 }, (_, i) => i) } }],
  ['unknown operator', { a: { $regex: 'x' } }],
  ['unknown combination', { $nor: [] }],
  ['an object to compare with', { a: { b: 1 } }],
  ['an array to compare with', { a: [1] }],
  ['not a number', { a: { $gt: NaN } }],
])('a hostile filter, %s, is refused by name', async (_what, filter) => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  await collection.insert({ id: 'a', metadata: { a: 1 } });
  await expect(collection.count(filter as never)).rejects.toMatchObject({ code: 'invalid_filter' });
});

test('huge metadata and thousands of paths are filtered exactly', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  const wide = (from: number) => Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${from + i}`, from]));
  await collection.insertMany([
    { id: 'a', metadata: wide(0) },
    { id: 'b', metadata: wide(3_000) },
    { id: 'c', metadata: { ...wide(1_500), ['long'.repeat(200)]: true } },
  ]);
  expect(await collection.count({ k2999: 0 } as never)).toBe(1);
  expect(await collection.count({ k5999: 3_000 } as never)).toBe(1);
  expect(await collection.count({ k4400: { $gte: 1_500 } } as never)).toBe(2);
  expect(await collection.count({ ['long'.repeat(200)]: true } as never)).toBe(1);
  expect(await collection.facets(['k5999', 'long'.repeat(200)])).toEqual({
    k5999: { 3000: 1 },
    ['long'.repeat(200)]: { true: 1 },
  });
});
