// The page of the mirror: a browser that loses IndexedDB: what was stored comes back from the mirror, or its loss is said.
import { VectorStore, type StoreEvents } from 'corsac';

import { CacheStore } from '../../js/storage/cache-store.js';
import { byteStoreCases } from '../storage/byte-store.contract.js';
import { type Case, equal, rejects } from '../support/assert.js';
import { report } from './report.js';

const document = (i: number) => ({ id: `d${i}`, content: `document ${i}`, metadata: { i } });

/** Deletes the database behind the store's back, as a browser does that found it damaged. */
const wipe = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`corsac/${name}`);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });

/** An ephemeral session, as WebKit's driver has, forgets a cache as soon as no page or worker refers to it. */
const held: Cache[] = [];
const hold = async (name: string) => void held.push(await caches.open(`corsac/indexeddb/${name}`));

const cacheHomes = {
  open: () => CacheStore.open('corsac/contract'),
  wipe: () => CacheStore.destroy('corsac/contract'),
};

const cases: Case[] = [
  ...byteStoreCases(cacheHomes).map(({ name, run }) => ({ name: `Cache: ${name}`, run })),
  {
    name: 'a store whose database the browser deleted is brought back, and says so',
    async run() {
      await VectorStore.destroy('wiped');
      await hold('wiped');
      const store = await VectorStore.open('wiped');
      const notes = await store.createCollection('notes', { dimension: 2 });
      await notes.insertMany(Array.from({ length: 500 }, (_, i) => ({ ...document(i), embedding: [i + 1, 1] })));
      await notes.checkpoint();
      await notes.insert(document(500));
      const { storeId } = store.report;
      await store.close();
      await wipe('wiped');
      const again = await VectorStore.open('wiped', { expectStoreId: storeId });
      const events: StoreEvents['recovered'][] = [];
      again.on('recovered', (event) => events.push(event));
      try {
        equal(again.report.outcome, 'restored');
        equal(again.report.collections['notes']?.outcome, 'restored');
        const back = await again.getCollection('notes');
        equal(await back.count(), 501);
        equal((await back.searchVector([7, 1], { k: 1 })).hits[0]?.id, 'd6');
        equal((await again.verify()).ok, true);
        equal(events.length, 1);
      } finally {
        await again.close();
        await VectorStore.destroy('wiped');
      }
    },
  },
  {
    name: 'a store beyond the mirror that the browser deleted is data_loss, never an empty store',
    async run() {
      const options = { mirror: { maxBytes: 10 } };
      await VectorStore.destroy('lost', options);
      await hold('lost');
      const store = await VectorStore.open('lost', options);
      await (await store.createCollection('notes')).insert(document(1));
      await store.close();
      await wipe('lost');
      await rejects('data_loss', () => VectorStore.open('lost', options));
      await rejects('data_loss', () => VectorStore.open('lost'));
      await VectorStore.destroy('lost');
      const fresh = await VectorStore.open('lost');
      equal(await fresh.collections(), []);
      await fresh.close();
      await VectorStore.destroy('lost');
    },
  },
];

await report(cases);
