// One store, two languages: what Node writes opens natively, and the other way round.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VectorStore } from 'corsac';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { NATIVE_PROGRAM, NativeHome } from '../support/native-home.js';
import { byteStoreCases } from './byte-store.contract.js';

const folder = await mkdtemp(join(tmpdir(), 'corsac-native-'));
const wipe = () => rm(folder, { recursive: true, force: true });
afterAll(wipe);
const title = (name: string) => (NATIVE_PROGRAM ? name : `${name} (corsac_files is not built)`);

interface Answer {
  readonly hits: { readonly id: string; readonly score: number; readonly content: string; readonly metadata: string }[];
  readonly documents: number;
  readonly outcome: string;
}

/** The native program with the store of `folder` open. */
async function openNatively() {
  const child = spawn(NATIVE_PROGRAM!, ['store', folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = JSON.parse((await lines.next()).value as string) as Answer & { code?: string; message?: string };
    if (answer.code) throw new Error(`${answer.code}: ${answer.message}`);
    return answer;
  };
  const close = async () => {
    const ended = once(child, 'exit');
    await ask({ do: 'close' });
    child.stdin.end();
    expect((await ended)[0]).toBe(0);
  };
  return { ask, close };
}

const openInNode = () => VectorStore.open('native', { storage: { directory: folder }, worker: false });
const OPTIONS = { dimension: 4, index: { kind: 'hnsw', codec: 'sq8' } } as const;
const document = (i: number) => ({
  id: `d${i}`,
  content: `the fox number ${i} of ${i % 7}`,
  metadata: { year: 2000 + (i % 10) },
  embedding: [Math.sin(i), Math.cos(i), Math.sin(2 * i), Math.cos(3 * i)],
});
const documents = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => document(from + i));
const QUERY = { text: 'fox 3', embedding: [0.3, 0.1, -0.5, 0.8], k: 10 };
const shown = ({ hits }: { hits: readonly { id: string; score: number; content?: string | undefined }[] }) =>
  hits.map(({ id, score, content }) => ({ id, score, content }));
const searchInNode = async (store: VectorStore) =>
  shown(
    await (await store.getCollection('notes')).search({ text: QUERY.text, vector: QUERY.embedding }, { k: QUERY.k }),
  );

/** Every file of the store by name, but for the lock. */
async function files() {
  const out = new Map<string, string>();
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) out.set(name, (await readFile(path)).toString('hex'));
  }
  return out;
}

describe.skipIf(!NATIVE_PROGRAM)(title('the native file home keeps the ByteStore contract'), () => {
  for (const { name, run } of byteStoreCases({ open: () => NativeHome.open(folder), wipe })) test(name, run);
});

describe.skipIf(!NATIVE_PROGRAM)(title('a store of two languages'), () => {
  beforeEach(wipe);

  test('what Node wrote is answered natively, log and snapshot, and the other way round', async () => {
    const store = await openInNode();
    const notes = await store.createCollection('notes', OPTIONS);
    await notes.insertMany(documents(0, 100));
    await notes.checkpoint();
    await notes.insertMany(documents(90, 120), { mode: 'upsert' });
    await notes.delete(['d3', 'd5']);
    const answer = await searchInNode(store);
    await store.close();

    const native = await openNatively();
    const question = { do: 'search', collection: 'notes', ...QUERY };
    expect(shown(await native.ask(question))).toEqual(answer);
    expect(await native.ask({ do: 'report', collection: 'notes' })).toMatchObject({ outcome: 'clean', documents: 118 });
    await native.ask({ do: 'upsert', collection: 'notes', documents: documents(120, 150) });
    await native.ask({ do: 'checkpoint', collection: 'notes' });
    await native.ask({ do: 'delete', collection: 'notes', ids: ['d7'] });
    const after = shown(await native.ask(question));
    await native.close();

    const again = await openInNode();
    expect(again.report.outcome).toBe('clean');
    expect(await searchInNode(again)).toEqual(after);
    expect((await (await again.getCollection('notes')).stats()).documents).toBe(147);
    expect((await again.verify()).ok).toBe(true);
    await again.close();
  });

  test('a store that a native program made opens in Node', async () => {
    const native = await openNatively();
    await native.ask({ do: 'create', collection: 'notes', options: JSON.stringify({ dimension: 4 }) });
    await native.ask({ do: 'upsert', collection: 'notes', documents: documents(0, 50) });
    const answer = shown(await native.ask({ do: 'search', collection: 'notes', ...QUERY }));
    await native.close();
    const store = await openInNode();
    expect(await searchInNode(store)).toEqual(answer);
    expect(await (await store.getCollection('notes')).get('d3')).toMatchObject({ content: document(3).content });
    await store.close();
  });
});

describe.skipIf(!NATIVE_PROGRAM)(title('the native file home and that of Node'), () => {
  beforeEach(wipe);

  test('write the same files', async () => {
    const { NodeFsStore } = await import('../../js/storage/node-fs.js');
    const wrote = [];
    for (const open of [() => NativeHome.open(folder), () => NodeFsStore.open(folder)]) {
      await wipe();
      const home = await open();
      const bytes = new Uint8Array([1, 2, 3]);
      await home.apply([{ op: 'put', name: '1/wal-1', bytes }], 'strict');
      await home.apply([{ op: 'append', name: '1/wal-1', offset: 3, bytes }], 'relaxed');
      await home.apply([{ op: 'root', name: '1', slot: 1, bytes }], 'strict');
      await home.apply([{ op: 'put', name: '2/blob-9', bytes }], 'strict');
      await home.apply([{ op: 'delete', name: '2/blob-9' }], 'strict');
      await home.close();
      wrote.push(await files());
    }
    expect(wrote[0]!.size).toBe(2);
    expect(wrote[0]).toEqual(wrote[1]);
  });

  test('respect the lock of each other', async () => {
    const home = await NativeHome.open(folder);
    await expect(openInNode()).rejects.toMatchObject({ code: 'locked' });
    await home.close();
    const store = await openInNode();
    await expect(NativeHome.open(folder)).rejects.toMatchObject({ code: 'locked' });
    await store.close();
  });
});
