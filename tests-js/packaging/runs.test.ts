import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstalledPackage } from './installed.js';

const job = `
  import { VectorStore } from 'corsac';
  const store = await VectorStore.open('packaging', { storage: 'memory', worker: false });
  const notes = await store.createCollection('notes', { dimension: 2 });
  await notes.insertMany([
    { id: 'fox', content: 'a fox hides food', embedding: [1, 0] },
    { id: 'owl', content: 'an owl hunts at night', embedding: [0, 1] },
  ]);
  const near = await notes.searchVector([1, 0.1], { k: 1 });
  const words = await notes.searchText('hunting owls', { k: 1 });
  console.log(near.hits[0].id, words.hits[0].id);
  await store.close();
`;

describe('the packed package in Node', () => {
  let installed: InstalledPackage;

  beforeAll(() => {
    installed = new InstalledPackage();
  });
  afterAll(() => installed.remove());

  it('stores and searches, and lets the process end', () => {
    expect(installed.run(job).trim()).toBe('fox owl');
  });

  it('does so on a worker thread', () => {
    installed.write('job.mjs', job);
    const printed = installed.run(`
      import { Worker } from 'node:worker_threads';
      new Worker(new URL('./job.mjs', import.meta.url));
    `);
    expect(printed.trim()).toBe('fox owl');
  });

  it('does so with threads, in the process and on a worker thread', () => {
    const threaded = job.replace('worker: false', 'worker: false, threads: 3');
    expect(installed.run(threaded).trim()).toBe('fox owl');
    installed.write('threaded.mjs', threaded);
    const printed = installed.run(`
      import { Worker } from 'node:worker_threads';
      new Worker(new URL('./threaded.mjs', import.meta.url));
    `);
    expect(printed.trim()).toBe('fox owl');
  });

  it('lets the process end when a store with threads is left open', () => {
    const open = job.replace('worker: false', 'worker: false, threads: 2').replace('await store.close();', '');
    expect(installed.run(open).trim()).toBe('fox owl');
  });

  it('embeds with the model that it carries', () => {
    const printed = installed.run(`
      import { StaticEmbedder } from 'corsac/embed';
      const embedder = await StaticEmbedder.load();
      const vector = await embedder.embed('a fox hides food');
      console.log(vector.length === embedder.dimension, Math.hypot(...vector).toFixed(3));
    `);
    expect(printed.trim()).toBe('true 1.000');
  });

  it('finds its assets under their subpaths', () => {
    const printed = installed.run(`
      const names = ['static-model', 'core.simd.wasm', 'core.relaxed.wasm', 'core.threads.wasm', 'stemmers.wasm', 'package.json'];
      const subpath = (name) => (name === 'static-model' ? 'embed/static-model' : name);
      console.log(names.map((name) => import.meta.resolve('corsac/' + subpath(name)).split('/').at(-1)).join(' '));
    `);
    expect(printed.trim()).toBe(
      'static-model.bin core.simd.wasm core.relaxed.wasm core.threads.wasm stemmers.wasm package.json',
    );
  });
});
