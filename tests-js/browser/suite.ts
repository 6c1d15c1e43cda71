// The in-page suite: what must hold in every engine, over the packed package and real storage.
import { type Collection, VectorStore, filter as f } from 'corsac';
import { StaticEmbedder } from 'corsac/embed';

import type { ByteStore } from '../../js/storage/byte-store.js';
import { IndexedDbStore } from '../../js/storage/indexed-db.js';
import { MemoryStore } from '../../js/storage/memory.js';
import { byteStoreCases } from '../storage/byte-store.contract.js';
import { type Case, assert, equal, rejects } from '../support/assert.js';

const SENTENCES = [
  ['fox', 'The quick brown fox hides its food under leaves.', 'animals'],
  ['bear', 'A brown bear catches salmon in the cold river.', 'animals'],
  ['bread', 'Knead the dough, let it rise, and bake the bread.', 'kitchen'],
  ['soup', 'Simmer the vegetable soup until the carrots are soft.', 'kitchen'],
  ['rocket', 'The rocket leaves the launch pad with a roar.', 'space'],
  ['comet', 'A comet leaves a bright tail across the night sky.', 'space'],
] as const;

const documents = () =>
  SENTENCES.map(([id, content, topic], i) => ({ id, content, metadata: { topic, year: 2000 + i } }));

/** Opens, runs, closes and forgets a store. */
export async function withStore(
  name: string,
  run: (store: VectorStore) => Promise<void>,
  options: object = {},
): Promise<void> {
  await VectorStore.destroy(name, options);
  const store = await VectorStore.open(name, options);
  try {
    await run(store);
  } finally {
    await store.close();
    await VectorStore.destroy(name, options);
  }
}

async function fill(store: VectorStore): Promise<Collection> {
  const notes = await store.createCollection('notes', { embedder: await StaticEmbedder.load() });
  await notes.insertMany(documents());
  return notes;
}

const ids = (results: Iterable<{ id: string }>) => [...results].map(({ id }) => id);

export async function exercise(store: VectorStore): Promise<void> {
  const notes = await fill(store);
  equal(await notes.count(), SENTENCES.length);
  equal(ids(await notes.searchText('brown bear', { k: 2 })), ['bear', 'fox']);
  equal(ids(await notes.search('an animal that eats fish', { k: 1 })), ['bear']);
  const kitchen = await notes.search('food', { filter: { topic: 'kitchen' } });
  assert(
    ids(kitchen).every((id) => id === 'bread' || id === 'soup'),
    `the filter let through ${ids(kitchen).join()}`,
  );
  equal(ids(await notes.searchText('leaves', { filter: f.gte('year', 2004) })).sort(), ['comet', 'rocket']);
  // What is loaded when first asked for.
  const found = await notes.searchText('leaves', { k: 1, facets: ['topic'], snippet: { length: 20 } });
  equal(found.facets, { topic: { space: 2, animals: 1 } } as never);
  assert(found.hits[0]!.snippet!.highlights.length === 1, 'the snippet marks the word');
  equal((await notes.searchText('leaves', { k: 5, after: found.after })).hits.length, 2);
  equal(ids(await notes.searchText('leaves', { diversify: { field: 'topic', max: 1 } })).length, 2);
  equal(ids(await notes.searchText('leaves', { k: 2, diversify: { lambda: 0.5 } })).length, 2);
  equal((await notes.suggest('br', { limit: 2 }))[0]!, { text: 'brown', documents: 2 } as never);
  const german = await store.createCollection('german', { text: { language: 'de' } }); // Fetches stemmers.wasm.
  await german.insertMany([
    { id: 'haus', content: 'Die Häuser am Fluss' },
    { id: 'wald', content: 'Der Wald am Berg' },
  ]);
  equal(ids(await german.searchText('haus')), ['haus']);
  equal(await notes.delete('bear'), 1);
  equal(ids(await notes.searchText('bear')), []);
  await notes.upsert({ id: 'fox', content: 'An arctic fox.', metadata: { topic: 'animals' } });
  const [fox] = await notes.searchText('fox', { highlight: true });
  equal(fox?.highlights, [{ start: 10, end: 13 }]);
  await notes.checkpoint();
  equal((await notes.get('fox'))?.content, 'An arctic fox.');
}

/** A home that fails every write after the first `count` as a full disk does. */
function fullAfter(count: number): ByteStore {
  const home = MemoryStore.open();
  let writes = 0;
  const apply: ByteStore['apply'] = (ops, level) =>
    ++writes > count
      ? Promise.reject(new DOMException('injected: no space left', 'QuotaExceededError'))
      : home.apply(ops, level);
  return Object.assign(Object.create(home) as ByteStore, {
    caps: home.caps,
    apply,
    read: home.read.bind(home),
    size: home.size.bind(home),
    list: home.list.bind(home),
    readRoots: home.readRoots.bind(home),
    close: home.close.bind(home),
  });
}

const homes = {
  open: () => IndexedDbStore.open('corsac/contract'),
  wipe: () => IndexedDbStore.destroy('corsac/contract'),
};

/** Cases of the first visit. */
const EXCLUSIVE = { tabs: 'exclusive' } as const;

export const firstVisit: Case[] = [
  ...byteStoreCases(homes).map(({ name, run }) => ({ name: `IndexedDB: ${name}`, run })),
  { name: 'a store answers through its worker', run: () => withStore('through-worker', exercise) },
  { name: 'a store answers on the page itself', run: () => withStore('on-page', exercise, { worker: false }) },
  { name: 'a store answers from memory', run: () => withStore('memory', exercise, { storage: 'memory' }) },
  {
    name: 'a second opener is refused at once',
    run: () =>
      withStore(
        'twice',
        async () => void (await rejects('locked', () => VectorStore.open('twice', EXCLUSIVE))),
        EXCLUSIVE,
      ),
  },
  {
    name: 'a full disk fails the write and keeps the store usable',
    async run() {
      const store = await VectorStore.open('full', { storage: fullAfter(6) });
      try {
        const notes = await store.createCollection('notes', { dimension: 4, text: false });
        let stored = 0;
        const error = await rejects('quota', async () => {
          for (;;) {
            await notes.insert({ id: `n${stored}`, embedding: [1, 2, 3, stored] });
            stored++;
          }
        });
        assert(error.message.length > 0, 'the error says what happened');
        equal(await notes.count(), stored);
        equal((await notes.searchVector([1, 2, 3, 0], { k: 100 })).hits.length, stored);
      } finally {
        await store.close();
      }
    },
  },
  {
    name: 'wrong input is refused with a typed error',
    run: () =>
      withStore('wrong', async (store) => {
        const notes = await store.createCollection('notes', { dimension: 2 });
        await rejects('dimension_mismatch', () => notes.insert({ id: 'a', embedding: [1] }));
        await rejects('invalid_argument', () => notes.insert({ id: '', embedding: [1, 2] }));
        await rejects('invalid_argument', () => notes.insert({ id: 'a', embedding: [1, NaN] }));
        await rejects('invalid_filter', () => notes.count({ year: { $near: 1 } } as never));
        equal(await notes.count(), 0);
      }),
  },
  {
    name: 'the page is not blocked while a worker indexes',
    run: () =>
      withStore('responsive', async (store) => {
        const notes = await store.createCollection('notes', { dimension: 64, text: false, index: { kind: 'hnsw' } });
        let ticks = 0;
        const timer = setInterval(() => ticks++, 5);
        const batch = Array.from({ length: 2000 }, (_, i) => ({
          id: String(i),
          embedding: Float32Array.from({ length: 64 }, (_unused, j) => Math.sin(i * 0.37 + j * j)),
        }));
        await notes.insertMany(batch, { batchSize: 500 });
        clearInterval(timer);
        assert(ticks > 0, 'no timer fired while the worker indexed');
        equal(await notes.count(), 2000);
      }),
  },
  {
    name: 'opening and closing again and again leaves no lock and no connection',
    async run() {
      await VectorStore.destroy('leaks');
      for (let i = 0; i < 25; i++) {
        const store = await VectorStore.open('leaks', i % 2 ? { worker: false, tabs: 'exclusive' } : {});
        const notes = await store.getOrCreateCollection('notes', { dimension: 2 });
        await notes.upsert({ id: 'a', content: 'text', embedding: [1, i] });
        await store.close();
      }
      const { held = [], pending = [] } = (await navigator.locks?.query()) ?? {};
      equal(
        [...held, ...pending].map(({ name }) => name).filter((name) => name?.includes('leaks')),
        [],
      );
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase('corsac/leaks');
        request.onblocked = () => reject(new Error('a connection is still open'));
        request.onerror = () => reject(request.error);
        request.onsuccess = () => resolve();
      });
      await VectorStore.destroy('leaks');
    },
  },
  {
    name: 'what is written before a reload (first half)',
    async run() {
      await VectorStore.destroy('reload');
      const store = await VectorStore.open('reload');
      await fill(store);
      await store.close();
    },
  },
];

/** Cases after the page was loaded again. */
export const secondVisit: Case[] = [
  {
    name: 'what is written before a reload is there after it, without a rebuild (second half)',
    async run() {
      const store = await VectorStore.open('reload');
      try {
        const notes = await store.getCollection('notes', { embedder: await StaticEmbedder.load() });
        equal(await notes.count(), SENTENCES.length);
        equal(ids(await notes.searchText('brown bear', { k: 2 })), ['bear', 'fox']);
        equal(ids(await notes.search('an animal that eats fish', { k: 1 })), ['bear']);
        const outcomes = Object.values(store.report.collections).map(({ outcome }) => outcome);
        equal(outcomes, ['clean']);
      } finally {
        await store.close();
        await VectorStore.destroy('reload');
      }
    },
  },
];

const quotaKey = 'documents-before-quota';

/** Cases of a visit under a real quota of a few megabytes. */
export const quotaVisit: Case[] = [
  {
    name: 'a real quota fails the write and keeps what was acknowledged',
    async run() {
      await VectorStore.destroy('quota');
      const store = await VectorStore.open('quota');
      let stored = 0;
      try {
        const notes = await store.createCollection('notes', { dimension: 1024, text: false });
        await rejects('quota', async () => {
          for (; stored < 20_000; stored += 100) {
            await notes.insertMany(
              Array.from({ length: 100 }, (_, i) => ({
                id: String(stored + i),
                embedding: Float32Array.from({ length: 1024 }, (_unused, j) => Math.sin((stored + i) * 7.7 + j)),
              })),
            );
          }
        });
        equal(await notes.count(), stored, 'documents after the failed write');
        equal((await notes.searchVector(new Float32Array(1024).fill(1), { k: 5, include: [] })).hits.length, 5);
      } finally {
        localStorage.setItem(quotaKey, String(stored));
        await store.close().catch(() => undefined); // closing writes too
      }
    },
  },
  {
    name: 'a store on a disk that is really full is opened, read and emptied',
    async run() {
      const stored = Number(localStorage.getItem(quotaKey));
      const store = await VectorStore.open('quota');
      try {
        const notes = await store.getCollection('notes');
        equal(await notes.count(), stored, 'documents after opening');
        equal((await notes.searchVector(new Float32Array(1024).fill(1), { k: 5, include: [] })).hits.length, 5);
        equal(await notes.delete(['0', '1']), 2);
        localStorage.setItem(quotaKey, String(stored - 2));
        await rejects('locked', () => VectorStore.open('quota', { tabs: 'exclusive' }));
      } finally {
        await store.close().catch(() => undefined);
      }
    },
  },
];

/** Cases of a visit after the quota was lifted. */
export const afterQuotaVisit: Case[] = [
  {
    name: 'what was acknowledged under a quota is there when there is room again',
    async run() {
      const store = await VectorStore.open('quota');
      try {
        equal(await (await store.getCollection('notes')).count(), Number(localStorage.getItem(quotaKey)));
      } finally {
        await store.close();
        await VectorStore.destroy('quota');
      }
    },
  },
];
