import { describe, expect, onTestFinished, test } from 'vitest';

import { CorsacError, VectorStore, filter as f, type OpenOptions, type StoreEvents } from 'corsac';
import { serve, type Endpoint } from 'corsac/worker';

import { FailingHome } from '../support/failing-home.js';
import { Letters } from '../support/letters.js';
import { folder, vectors } from '../support/stores.js';

/** Something like a Worker whose other end is on this thread: every message is really cloned or transferred. */
class ChannelWorker {
  readonly #channel = new MessageChannel();
  readonly sent: string[] = [];
  terminated = false;
  onError: ((event: { message: string }) => void) | undefined;

  constructor() {
    serve(this.#channel.port2 as unknown as Endpoint);
  }

  postMessage(message: { method?: string }, transfer: Transferable[]): void {
    if (message.method) this.sent.push(message.method);
    this.#channel.port1.postMessage(message, transfer as never);
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    if (type === 'error') this.onError = listener as never;
    else this.#channel.port1.addEventListener(type, listener as never);
  }

  start(): void {
    this.#channel.port1.start();
  }

  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}

async function open(options: OpenOptions = {}): Promise<{ store: VectorStore; worker: ChannelWorker }> {
  let worker: ChannelWorker | undefined;
  const factory = () => (worker = new ChannelWorker()) as unknown as Worker;
  const store = await VectorStore.open('test', { storage: 'memory', worker: factory, ...options });
  onTestFinished(() => store.close());
  return { store, worker: worker! };
}

/** A whole session, told as data: what must be the same with and without a worker. */
async function session(options: OpenOptions): Promise<unknown[]> {
  const store = await VectorStore.open('test', options);
  const told: unknown[] = [];
  const events: StoreEvents['change'][] = [];
  store.on('change', (event) => events.push(event));
  const rows = vectors(200, 8);
  const c = await store.createCollection('c', { dimension: 8, index: { kind: 'hnsw', codec: 'sq8' } });
  told.push(
    await c
      .insertMany(
        rows.map((embedding, i) => ({ id: `d${i}`, content: `word${i % 7} text`, embedding, metadata: { i } })),
      )
      .then(({ documentsIndexed }) => documentsIndexed),
  );
  told.push(
    await c.delete(f.gt('i', 150)),
    await c.count(),
    await c.has('d3'),
    c.needsCheckpoint,
    c.dimension,
    c.metric,
  );
  await c.update('d4', { metadata: { i: null, changed: true } });
  told.push(await c.get(['d4', 'nobody'], { include: ['content', 'metadata', 'embedding'] }));
  told.push(
    (await c.searchVector(rows[7]!, { k: 5, filter: f.lt('i', 100), include: ['metadata', 'embedding', 'parts'] }))
      .hits,
  );
  told.push((await c.searchText('word3', { k: 3, highlight: true })).hits);
  told.push((await c.search({ text: 'word3', vector: rows[3]!, include: ['parts'] })).hits);
  const first = await c.searchText('word3', { k: 3, snippet: true, facets: ['i'] });
  const { hits: next } = await c.searchText('word3', { k: 3, after: first.after });
  told.push(first.hits, first.facets, next);
  told.push(await c.suggest('wor'), await c.facets(['i'], f.lt('i', 3)));
  const spread = { field: 'i', max: 1 };
  for (const diversify of [{ lambda: 0.5 }, spread]) told.push((await c.searchVector(rows[7]!, { diversify })).hits);
  told.push(
    (await c.list({ limit: 2 })).documents,
    await c.compact().then(({ removed, documents }) => [removed, documents]),
  );
  await c.reindex({ kind: 'flat', codec: { pq: { subvectors: 2, iterations: 2 } } });
  told.push((await c.train({ sample: rows.slice(0, 90) })).vectors, (await c.searchVector(rows[7]!)).hits);
  told.push((await c.checkpoint()).sections.map(({ name, bytesBefore }) => [name, bytesBefore]));
  told.push((await c.stats()).index, await store.collections(), events);
  for (const wrong of [
    () => c.insert({ id: 'd3' }),
    () => c.update('nobody', {}),
    () => c.count({ a: { $near: 1 } } as never),
    () => store.getCollection('nobody'),
  ]) {
    told.push(
      await wrong().then(
        () => 'accepted',
        (error: CorsacError) => [error instanceof CorsacError, error.code, error.message],
      ),
    );
  }
  await store.close();
  return told;
}

describe('a store in a worker', () => {
  test('answers everything as one on this thread does', async () => {
    const here = await session({ storage: 'memory', worker: false });
    const there = await session({ storage: 'memory', worker: () => new ChannelWorker() as unknown as Worker });
    expect(there).toEqual(here);
  });

  test('leaves the arrays of its callers alone', async () => {
    const { store } = await open();
    const c = await store.createCollection('c', { dimension: 3 });
    const vector = Float32Array.of(1, 2, 3);
    const view = new Float32Array(Float32Array.of(0, 1, 2, 3, 9).buffer, 4, 3);
    await c.insert({ id: 'a', embedding: vector });
    await c.update('a', { embedding: view });
    expect((await c.searchVector(view)).hits[0]).toMatchObject({ id: 'a' });
    expect(vector).toEqual(Float32Array.of(1, 2, 3));
    expect(view).toEqual(Float32Array.of(1, 2, 3));
  });

  test('embeds where the embedder was made', async () => {
    const { store } = await open();
    const letters = new Letters();
    const c = await store.createCollection('c', { embedder: letters });
    await c.insertMany([{ id: 'a', content: 'abc' }]);
    expect((await c.search('cab')).hits[0]!.id).toBe('a');
    expect(letters.calls.map(({ as }) => as)).toEqual(['document', 'query']);
  });

  test('tells progress and stops when told, across the line', async () => {
    const { store } = await open();
    const c = await store.createCollection('c', { dimension: 8 });
    await c.insertMany(
      vectors(6000, 8).map((embedding, i) => ({ id: `d${i}`, content: `text ${i} of many`, embedding })),
    );
    await c.delete(Array.from({ length: 500 }, (_, i) => `d${i}`));
    const abort = new AbortController();
    const reason = new Error('enough');
    const stopped = c.compact({ signal: abort.signal });
    abort.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    expect(await c.count()).toBe(5500);
    const done: number[] = [];
    expect(await c.compact({ onProgress: (progress) => done.push(progress.done) })).toMatchObject({ removed: 500 });
    expect(done.length).toBeGreaterThan(1);
  });

  test('reports a damaged or missing collection by the same errors', async () => {
    const storage = folder();
    const { store } = await open({ storage });
    await (await store.createCollection('c')).insert({ id: 'a', content: 'x' });
    await store.close();
    const { store: again } = await open({ storage });
    expect(again.report.collections).toMatchObject({ c: { outcome: 'clean' } });
    expect((await (await again.getCollection('c')).get('a'))!.content).toBe('x');
  });

  test('ends its worker when it is closed or could not be opened', async () => {
    const { store, worker } = await open();
    await store.close();
    expect(worker.terminated).toBe(true);
    await expect(store.collections()).rejects.toMatchObject({ code: 'closed' });
    const failed = new ChannelWorker();
    await expect(
      VectorStore.open('test', { storage: 'memory', expectStoreId: 'x', worker: () => failed as unknown as Worker }),
    ).rejects.toMatchObject({ code: 'data_loss' });
    expect(failed.terminated).toBe(true);
  });

  test('whose script does not run rejects with crashed, and so does everything that waits', async () => {
    const { store, worker } = await open();
    const waiting = store.stats();
    worker.onError!({ message: 'boom' });
    await expect(waiting).rejects.toMatchObject({ code: 'crashed', message: expect.stringContaining('boom') });
    await expect(store.collections()).rejects.toMatchObject({ code: 'crashed' });
  });

  test('cannot have a ByteStore of its own', async () => {
    const worker = () => new ChannelWorker() as unknown as Worker;
    await expect(VectorStore.open('test', { storage: new FailingHome(), worker })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});
