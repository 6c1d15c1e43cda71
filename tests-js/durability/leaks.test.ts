// Opening and closing again and again leaves nothing behind. CORSAC_CYCLES says how often: 10000 takes some minutes.
import { readdir } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

import { VectorStore } from 'corsac';

import { folder, memoryStore } from '../support/stores.js';

const CYCLES = Number(process.env.CORSAC_CYCLES ?? 150);
const FIRST = 30; // what is compiled, cached and pooled once is there by then

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** File handles of this process, where the system tells. */
const handles = async () => (await readdir('/proc/self/fd').catch(() => [])).length;

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test(
  `${CYCLES} stores that are opened and closed leave no handle, no lock and no core`,
  { timeout: 3_600_000 },
  async () => {
    const { directory } = folder();
    const stores: WeakRef<VectorStore>[] = [];
    const cycle = async (i: number) => {
      const store = await VectorStore.open('leaks', { storage: { directory }, worker: false });
      const notes = await store.getOrCreateCollection('notes', { dimension: 4 });
      await notes.upsert({ id: `d${i % 10}`, content: `text ${i}`, embedding: [1, 2, 3, i] });
      if (i % 10 === 0) await notes.checkpoint();
      await notes.search({ text: 'text', vector: [1, 0, 0, 0] });
      await store.close();
      stores.push(new WeakRef(store));
    };
    for (let i = 0; i < FIRST; i++) await cycle(i);
    await settle();
    const [open, before] = [await handles(), process.memoryUsage()];
    for (let i = FIRST; i < CYCLES; i++) await cycle(i);
    await settle();
    expect(await handles()).toBeLessThanOrEqual(open + 2);
    expect(await readdir(directory)).not.toContain('store.lock');
    // The last few may still be on a stack; each would hold a core of its own, with 16 MiB of wasm pages.
    expect(stores.filter((store) => store.deref()).length).toBeLessThan(5);
    expect(process.memoryUsage().external - before.external).toBeLessThan(32 << 20);
  },
);

test(
  `${CYCLES} times loading and unloading a collection takes no page of the core's memory`,
  { timeout: 3_600_000 },
  async () => {
    const store = await memoryStore({ worker: false });
    const made = await store.createCollection('notes', { dimension: 8 });
    await made.insertMany(
      Array.from({ length: 500 }, (_, i) => ({
        id: `d${i}`,
        content: `the text number ${i}`,
        metadata: { i },
        embedding: Array.from({ length: 8 }, (_, at) => Math.sin(i * 8 + at)),
      })),
    );
    await made.checkpoint();
    const cycle = async () => {
      await store.unloadCollection('notes');
      const notes = await store.getCollection('notes');
      expect((await notes.search({ text: 'number', vector: [1, 0, 0, 0, 0, 0, 0, 0] })).hits.length).toBe(10);
    };
    for (let i = 0; i < FIRST; i++) await cycle();
    const { memoryBytes } = await store.stats();
    for (let i = FIRST; i < CYCLES; i++) await cycle();
    expect((await store.stats()).memoryBytes).toBe(memoryBytes);
  },
);
