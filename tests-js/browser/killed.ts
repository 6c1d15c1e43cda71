// The page that is killed: says what it finds, then writes pairs of documents and says which were acknowledged, until
// the whole browser is killed. Whoever listens keeps the log outside of the browser.
import { CorsacError, VectorStore, type Collection } from 'corsac';

const asked = new URLSearchParams(location.search);
const storage = asked.get('storage') as 'indexeddb' | 'opfs';
const durability = asked.get('durability') as 'relaxed' | 'strict';

const say = (what: string, body: unknown) =>
  fetch(`/${what}`, { method: 'POST', body: JSON.stringify(body) }).then(() => undefined);

/** How many documents of each pair are there. */
async function pairs(collection: Collection): Promise<[number, number][]> {
  const there = new Map<number, number>();
  for (let after: string | undefined, page; ; after = page.after) {
    page = await collection.list({ limit: 5000, ...(after !== undefined && { after }) });
    for (const { content, metadata } of page.documents) {
      const number = metadata!['number'] as number;
      if (content !== `pair ${number}`) throw new Error(`the content of pair ${number} is ${content}`);
      there.set(number, (there.get(number) ?? 0) + 1);
    }
    if (page.after === undefined) return [...there];
  }
}

const document = (number: number, half: number) => ({
  id: `${number}-${half}`,
  content: `pair ${number}`,
  embedding: [Math.sin(number), Math.cos(number), half, 1],
  metadata: { number },
});

async function write(collection: Collection, first: number): Promise<void> {
  let next = first;
  const chain = async () => {
    for (;;) {
      const number = next++;
      await collection.insertMany([document(number, 0), document(number, 1)]);
      await say('acknowledged', number);
    }
  };
  await Promise.all([chain(), chain(), chain()]);
}

try {
  const store = await VectorStore.open('killed', { storage, durability, checkpoint: { operations: 150 } });
  const collection = await store.getOrCreateCollection('c', { dimension: 4, index: { kind: 'hnsw' } });
  const there = await pairs(collection);
  const { ok } = await store.verify();
  const { outcome, collections } = store.report;
  await say('opened', { outcome, collection: collections['c']?.outcome, detail: collections['c']?.detail, there, ok });
  await write(collection as Collection, Number(asked.get('first')));
} catch (error) {
  const { name, message } = error as Error;
  await say('failed', { code: error instanceof CorsacError ? error.code : name, message });
}
