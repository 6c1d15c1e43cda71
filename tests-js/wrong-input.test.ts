import { beforeAll, afterAll, describe, expect, test } from 'vitest';

import { VectorStore, type Collection, type ErrorCode } from 'corsac';

import { Letters } from './support/letters.js';

type Call = (collection: any, store: VectorStore) => unknown;
type Row = [what: string, code: ErrorCode, call: Call, message?: RegExp];

const cycle: Record<string, unknown> = {};
cycle['self'] = { cycle };

const deep = (levels: number): object => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as object;
const wide = (keys: number): object => Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, i]));

/** Everything that can be wrong about a document, with the words the message must have. */
const DOCUMENTS: [what: string, code: ErrorCode, document: unknown, message?: RegExp][] = [
  ['nothing', 'invalid_argument', undefined],
  ['null', 'invalid_argument', null],
  ['a string', 'invalid_argument', 'doc'],
  ['an array', 'invalid_argument', []],
  ['no id', 'invalid_argument', {}, /id/],
  ['a number as id', 'invalid_argument', { id: 7 }, /id.*7/],
  ['an empty id', 'invalid_argument', { id: '' }, /1 to 512/],
  ['an id of 513 bytes', 'invalid_argument', { id: 'x'.repeat(513) }, /513/],
  ['an id of 513 bytes in 171 letters', 'invalid_argument', { id: '東'.repeat(171) }, /513/],
  ['an id with half a surrogate pair', 'invalid_argument', { id: 'a\ud800' }, /Unicode/],
  ['an unknown field', 'invalid_argument', { id: 'x', text: 'y' }, /text/],
  ['content that is no string', 'invalid_argument', { id: 'x', content: 7 }, /content/],
  ['content with half a surrogate pair', 'invalid_argument', { id: 'x', content: '\udfff' }, /Unicode/],
  ['content above 16 MiB', 'invalid_argument', { id: 'x', content: 'x'.repeat((16 << 20) + 1) }, /16777216/],
  ['a short vector', 'dimension_mismatch', { id: 'x', embedding: [1, 2] }, /3.*2/],
  ['a long vector', 'dimension_mismatch', { id: 'x', embedding: new Float32Array(4) }, /3.*4/],
  ['an empty vector', 'dimension_mismatch', { id: 'x', embedding: [] }],
  ['NaN in a vector', 'invalid_argument', { id: 'x', embedding: [1, NaN, 0] }, /embedding\[1\]/],
  [
    'Infinity in a vector',
    'invalid_argument',
    { id: 'x', embedding: Float32Array.of(1, 0, -Infinity) },
    /embedding\[2\]/,
  ],
  ['a number too large for 32 bits', 'invalid_argument', { id: 'x', embedding: [1e39, 0, 0] }, /embedding\[0\]/],
  ['a string in a vector', 'invalid_argument', { id: 'x', embedding: [1, '2', 3] }, /embedding\[1\]/],
  ['a hole in a vector', 'invalid_argument', { id: 'x', embedding: new Array(3) }, /embedding\[0\]/],
  ['a Float64Array', 'invalid_argument', { id: 'x', embedding: new Float64Array(3) }, /Float64Array/],
  ['an ArrayBuffer', 'invalid_argument', { id: 'x', embedding: new ArrayBuffer(12) }],
  ['several vectors', 'invalid_argument', { id: 'x', embedding: [[1, 2, 3]] }, /not available yet/],
  ['metadata that is an array', 'invalid_argument', { id: 'x', metadata: [1] }, /metadata/],
  ['metadata that is null', 'invalid_argument', { id: 'x', metadata: null }],
  ['metadata that is a Map', 'invalid_argument', { id: 'x', metadata: new Map() }, /Map/],
  ['undefined in metadata', 'invalid_argument', { id: 'x', metadata: { a: { b: undefined } } }, /metadata\.a\.b/],
  ['NaN in metadata', 'invalid_argument', { id: 'x', metadata: { a: [1, NaN] } }, /metadata\.a\[1\]/],
  ['a Date in metadata', 'invalid_argument', { id: 'x', metadata: { d: new Date(0) } }, /metadata\.d.*Date/],
  ['a BigInt in metadata', 'invalid_argument', { id: 'x', metadata: { n: 1n } }, /metadata\.n.*1n/],
  ['a function in metadata', 'invalid_argument', { id: 'x', metadata: { f: () => 1 } }, /metadata\.f/],
  ['a symbol in metadata', 'invalid_argument', { id: 'x', metadata: { s: Symbol('s') } }, /metadata\.s/],
  ['a symbol as key', 'invalid_argument', { id: 'x', metadata: { [Symbol('s')]: 1 } }, /symbol/],
  ['a RegExp in metadata', 'invalid_argument', { id: 'x', metadata: { r: /x/ } }, /RegExp/],
  ['a hole in an array', 'invalid_argument', { id: 'x', metadata: { a: [1, , 2] } }, /metadata\.a\[1\]/],
  ['toJSON in metadata', 'invalid_argument', { id: 'x', metadata: { toJSON: () => 1 } }, /toJSON/],
  ['a cycle in metadata', 'invalid_argument', { id: 'x', metadata: cycle }, /contains itself/],
  ['metadata 33 levels deep', 'invalid_argument', { id: 'x', metadata: deep(33) }, /32/],
  ['metadata of 10,001 keys', 'invalid_argument', { id: 'x', metadata: wide(10_001) }, /10000/],
  ['metadata above 1 MiB', 'invalid_argument', { id: 'x', metadata: { s: 'x'.repeat(1 << 20) } }, /1048576/],
  ['half a surrogate pair in metadata', 'invalid_argument', { id: 'x', metadata: { s: '\ud800' } }, /Unicode/],
];

const query = [1, 0, 0];

const CALLS: Row[] = [
  ['unknown option of insert', 'invalid_argument', (c) => c.insert({ id: 'x' }, { durable: true }), /durable/],
  ['unknown durability', 'invalid_argument', (c) => c.insert({ id: 'x' }, { durability: 'none' }), /none/],
  ['update without an id', 'invalid_argument', (c) => c.update(undefined, {})],
  ['update with an id in the patch', 'invalid_argument', (c) => c.update('a', { id: 'b' }), /id/],
  ['update to a wrong vector', 'dimension_mismatch', (c) => c.update('a', { embedding: [1] })],
  [
    'update to wrong metadata',
    'invalid_argument',
    (c) => c.update('a', { metadata: { a: { b: NaN } } }),
    /patch\.metadata\.a\.b/,
  ],
  ['delete of nothing', 'invalid_argument', (c) => c.delete()],
  ['delete of a number', 'invalid_argument', (c) => c.delete(3)],
  ['delete with a wrong id among good ones', 'invalid_argument', (c) => c.delete(['a', 3]), /ids\[1\]/],
  ['delete by a filter that is none', 'invalid_filter', (c) => c.delete({ a: { $near: 1 } }), /\$near/],
  ['get of an object', 'invalid_argument', (c) => c.get({})],
  ['get with an unknown include', 'invalid_argument', (c) => c.get('a', { include: ['vector'] }), /vector/],
  ['has of a number', 'invalid_argument', (c) => c.has(1)],
  ['insertMany of an object', 'invalid_argument', (c) => c.insertMany({}), /iterable/],
  ['insertMany of a string', 'invalid_argument', (c) => c.insertMany('abc')],
  ['insertMany in batches of 0', 'invalid_argument', (c) => c.insertMany([], { batchSize: 0 }), /batchSize/],
  ['insertMany in an unknown mode', 'invalid_argument', (c) => c.insertMany([], { mode: 'replace' }), /replace/],
  ['insertMany with a callback that is none', 'invalid_argument', (c) => c.insertMany([], { onProgress: 1 })],
  ['list with limit 0', 'invalid_argument', (c) => c.list({ limit: 0 })],
  ['list after nonsense', 'invalid_argument', (c) => c.list({ after: 'nonsense' })],
  ['k of 0', 'invalid_argument', (c) => c.searchVector(query, { k: 0 }), /k .*0/],
  ['k of 10,001', 'invalid_argument', (c) => c.searchVector(query, { k: 10_001 }), /10000/],
  ['k of 2.5', 'invalid_argument', (c) => c.searchVector(query, { k: 2.5 })],
  ['k as a string', 'invalid_argument', (c) => c.searchVector(query, { k: '3' })],
  ['efSearch of 65,537', 'invalid_argument', (c) => c.searchVector(query, { efSearch: 65_537 }), /65536/],
  ['minScore NaN', 'invalid_argument', (c) => c.searchVector(query, { minScore: NaN })],
  ['a signal that is none', 'invalid_argument', (c) => c.searchVector(query, { signal: {} })],
  ['an unknown search option', 'invalid_argument', (c) => c.searchVector(query, { limit: 3 }), /limit/],
  [
    'an option of text in a vector search',
    'invalid_argument',
    (c) => c.searchVector(query, { operator: 'and' }),
    /operator/,
  ],
  ['a query of another length', 'dimension_mismatch', (c) => c.searchVector([1, 2]), /3.*2/],
  ['a query with NaN', 'invalid_argument', (c) => c.searchVector([1, 2, NaN])],
  ['a query that is no vector', 'invalid_argument', (c) => c.searchVector('fox')],
  ['text that is no string', 'invalid_argument', (c) => c.searchText(7)],
  ['an unknown operator', 'invalid_argument', (c) => c.searchText('x', { operator: 'xor' })],
  ['k1 of 11', 'invalid_argument', (c) => c.searchText('x', { k1: 11 })],
  [
    'an unknown fusion',
    'invalid_argument',
    (c) => c.searchHybrid({ text: 'x', vector: query }, { fusion: { strategy: 'max' } }),
  ],
  [
    'negative weights',
    'invalid_argument',
    (c) => c.searchHybrid({ text: 'x', vector: query }, { fusion: { vectorWeight: -1 } }),
  ],
  ['hybrid without text', 'invalid_argument', (c) => c.searchHybrid({ vector: query })],
  ['hybrid without a vector or embedder', 'model', (c) => c.searchHybrid({ text: 'x' })],
  [
    'a fusion without two legs',
    'invalid_argument',
    (c) => c.search('x', { fusion: { strategy: 'rrf' } }),
    /fusion.*text search/,
  ],
  [
    'highlights of a vector',
    'invalid_argument',
    (c) => c.search(query, { highlight: true }),
    /highlight.*vector search/,
  ],
  ['a search for nothing', 'invalid_argument', (c) => c.search()],
  ['a search for an empty object', 'invalid_argument', (c) => c.search({}), /text, vector/],
  ['a search in an unknown mode', 'invalid_argument', (c) => c.search('x', { mode: 'magic' })],
  ['searchMany of one', 'invalid_argument', (c) => c.searchMany('x')],
  ['a filter that is an array', 'invalid_filter', (c) => c.count([])],
  ['a filter that is a string', 'invalid_filter', (c) => c.count('year > 3')],
  [
    'an unknown operator in a filter',
    'invalid_filter',
    (c) => c.searchText('x', { filter: { year: { $near: 3 } } }),
    /\$near/,
  ],
  ['an unknown operator at the top', 'invalid_filter', (c) => c.count({ $nor: [] }), /\$nor/],
  ['an object as operand', 'invalid_filter', (c) => c.count({ year: { $eq: { a: 1 } } })],
  ['$in of a string', 'invalid_filter', (c) => c.count({ year: { $in: 'abc' } })],
  ['$exists of a number', 'invalid_filter', (c) => c.count({ year: { $exists: 1 } })],
  ['$and of an object', 'invalid_filter', (c) => c.count({ $and: {} })],
  ['a Date in a filter', 'invalid_filter', (c) => c.count({ when: { $gt: new Date(0) } }), /Date/],
  ['NaN in a filter', 'invalid_filter', (c) => c.count({ year: NaN })],
  [
    'a filter nested without end',
    'invalid_filter',
    (c) => c.count(Array.from({ length: 100 }).reduce((inner) => ({ $not: inner }), {})),
  ],
  ['no collection name', 'invalid_argument', (_, s) => s.createCollection('')],
  ['a collection name with a slash', 'invalid_argument', (_, s) => s.createCollection('a/b')],
  ['a collection name of 129 bytes', 'invalid_argument', (_, s) => s.createCollection('x'.repeat(129))],
  ['an unknown collection option', 'invalid_argument', (_, s) => s.createCollection('n', { dim: 3 } as never), /dim/],
  ['dimension 0', 'invalid_argument', (_, s) => s.createCollection('n', { dimension: 0 }), /1 to 8192/],
  ['dimension 8,193', 'invalid_argument', (_, s) => s.createCollection('n', { dimension: 8193 })],
  ['an unknown metric', 'invalid_argument', (_, s) => s.createCollection('n', { metric: 'hamming' as never })],
  ['an unknown index', 'invalid_argument', (_, s) => s.createCollection('n', { index: { kind: 'tree' } as never })],
  [
    'an unknown index option',
    'invalid_argument',
    (_, s) => s.createCollection('n', { index: { kind: 'hnsw', M: 3 } as never }),
    /"M"/,
  ],
  ['m of 3', 'invalid_argument', (_, s) => s.createCollection('n', { index: { kind: 'hnsw', m: 3 } }), /m.*3/],
  ['an unknown language', 'invalid_argument', (_, s) => s.createCollection('n', { text: { language: 'xx' } }), /xx/],
  ['an embedder that is none', 'invalid_argument', (_, s) => s.createCollection('n', { embedder: {} as never })],
  [
    'an embedder without a fingerprint',
    'invalid_argument',
    (_, s) => s.createCollection('n', { embedder: Object.assign(new Letters(), { fingerprint: '' }) }),
  ],
  ['an existing name', 'already_exists', (_, s) => s.createCollection('c')],
  ['an unknown name', 'not_found', (_, s) => s.getCollection('nobody')],
  ['unloading an unknown name', 'not_found', (_, s) => s.unloadCollection('nobody')],
  ['deleting an unknown name', 'not_found', (_, s) => s.deleteCollection('nobody')],
  [
    'another dimension for an existing name',
    'invalid_argument',
    (_, s) => s.getOrCreateCollection('c', { dimension: 4 }),
    /3.*4/,
  ],
  [
    'another metric for an existing name',
    'invalid_argument',
    (_, s) => s.getOrCreateCollection('c', { metric: 'dot' }),
    /cosine.*dot/,
  ],
  ['an unknown event', 'invalid_argument', async (_, s) => s.on('changed' as never, () => {})],
  ['a listener that is none', 'invalid_argument', async (_, s) => s.on('change', 1 as never)],
  ['no store name', 'invalid_argument', () => VectorStore.open('', { storage: 'memory' })],
  ['a store name with a slash', 'invalid_argument', () => VectorStore.open('../x', { storage: 'memory' })],
  ['an unknown storage', 'invalid_argument', () => VectorStore.open('x', { storage: 'cloud' as never })],
  ['an unknown open option', 'invalid_argument', () => VectorStore.open('x', { path: '/' } as never), /path/],
  [
    'an unknown checkpoint codec',
    'invalid_argument',
    () => VectorStore.open('x', { storage: 'memory', checkpoint: { codec: 'brotli' as never } }),
  ],
  [
    'a worker that is none',
    'invalid_argument',
    () => VectorStore.open('x', { storage: 'memory', worker: true as never }),
  ],
  [
    'a wasm URL that is none',
    'invalid_argument',
    () => VectorStore.open('x', { storage: 'memory', wasm: { url: 'not a url' } }),
  ],
  [
    'a wasm module that is none',
    'invalid_argument',
    () => VectorStore.open('x', { storage: 'memory', wasm: { module: {} as never } }),
  ],
  ['options that are a string', 'invalid_argument', () => VectorStore.open('x', 'memory' as never)],
];

describe('wrong input is a typed error and changes nothing', () => {
  let store: VectorStore;
  let collection: Collection;
  let before: string;

  const state = async () =>
    JSON.stringify([await store.collections(), await collection.list(), await collection.count()]);

  beforeAll(async () => {
    store = await VectorStore.open('test', { storage: 'memory' });
    collection = await store.createCollection('c', { dimension: 3 });
    await collection.insertMany([
      { id: 'a', content: 'one', embedding: [1, 0, 0], metadata: { year: 1 } },
      { id: 'b' },
    ]);
    before = await state();
  });
  afterAll(() => store.close());

  const refused = async (code: ErrorCode, message: RegExp | undefined, call: () => unknown) => {
    const outcome = await Promise.resolve()
      .then(call)
      .then(
        () => 'it was accepted',
        (error: unknown) => error,
      );
    expect(outcome).toMatchObject({ name: 'CorsacError', code });
    if (message) expect((outcome as Error).message).toMatch(message);
    expect(await state()).toBe(before);
  };

  describe.each(DOCUMENTS)('a document: %s', (_what, code, document, message) => {
    test('insert', () => refused(code, message, () => collection.insert(document as never)));
    test('upsert', () => refused(code, message, () => collection.upsert(document as never)));
    test('insertMany', () => refused(code, message, () => collection.insertMany([{ id: 'good' }, document as never])));
  });

  test.each(CALLS)('%s is %s', (_what, code, call, message) => refused(code, message, () => call(collection, store)));
});
