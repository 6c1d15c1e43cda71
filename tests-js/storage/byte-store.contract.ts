/** The promises of ByteStore, asked of every home, in Node and in every browser engine. */
import type { ByteStore, Op } from '../../js/storage/byte-store.js';
import { type Case, equal, rejects } from '../support/assert.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const put = (name: string, content: string | Uint8Array): Op => ({
  op: 'put',
  name,
  bytes: typeof content === 'string' ? bytes(content) : content,
});
const append = (name: string, offset: number, content: string): Op => ({
  op: 'append',
  name,
  offset,
  bytes: bytes(content),
});
const root = (name: string, slot: 0 | 1, content: string): Op => ({ op: 'root', name, slot, bytes: bytes(content) });
const remove = (name: string): Op => ({ op: 'delete', name });

/** Where a contract gets its homes: `open` opens the same bytes again, `wipe` forgets them. */
export interface Homes {
  open(): Promise<ByteStore>;
  wipe(): Promise<void>;
}

export function byteStoreCases(homes: Homes): Case[] {
  const cases: Case[] = [];
  const check = (name: string, run: (store: ByteStore, reopen: () => Promise<ByteStore>) => Promise<void>) =>
    cases.push({
      name,
      async run() {
        await homes.wipe();
        let store = await homes.open();
        const reopen = async () => {
          await store.close();
          return (store = await homes.open());
        };
        try {
          await run(store, reopen);
        } finally {
          await store.close();
        }
      },
    });

  check('a new home is empty', async (store) => {
    equal(await store.list(), []);
    equal(await store.readRoots(), []);
    equal(await store.size('a/x'), undefined);
    await rejects('not_found', () => store.read('a/x', 0, 1));
  });

  check('what was put survives reopening, and is never replaced', async (store, reopen) => {
    await store.apply([put('a/x', 'first')], 'strict');
    store = await reopen();
    await rejects('storage', () => store.apply([put('a/x', 'second')], 'strict'));
    equal(text(await store.read('a/x', 0, 100)), 'first');
    equal(await store.list(), [{ name: 'a/x', length: 5 }]);
  });

  check('append extends at the length it knows, and nowhere else', async (store, reopen) => {
    await store.apply([put('a/log', 'one,'), append('a/log', 4, 'two,')], 'relaxed');
    await store.apply([append('a/log', 8, 'three')], 'strict');
    await rejects('storage', () => store.apply([append('a/log', 4, 'again')], 'relaxed'));
    await rejects('not_found', () => store.apply([append('a/none', 0, 'x')], 'relaxed'));
    store = await reopen();
    equal(text(await store.read('a/log', 0, 99)), 'one,two,three');
    await store.apply([append('a/log', 13, '!')], 'strict');
    equal(await store.size('a/log'), 14);
  });

  check('any range can be read, across records', async (store) => {
    const big = new Uint8Array(2_500_000).map((_, i) => (i * 31) & 255);
    await store.apply([put('a/big', big), append('a/big', big.length, 'tail')], 'strict');
    for (const [offset, length] of [
      [0, 10],
      [1_048_570, 20],
      [2_499_990, 14],
      [2_500_004, 5],
      [9_999_999, 1],
    ] as const) {
      const expected = [
        ...big.slice(offset, offset + length),
        ...bytes('tail').slice(Math.max(0, offset - big.length)),
      ];
      equal(await store.read('a/big', offset, length), expected.slice(0, length), `read(${offset}, ${length})`);
    }
    equal((await store.read('a/big', 0, 1e9)).length, 2_500_004);
  });

  check('a root has two slots, each replaced by itself', async (store, reopen) => {
    await store.apply([root('a', 0, 'old'), root('a', 1, 'other'), root('catalog', 0, 'c')], 'strict');
    await store.apply([root('a', 0, 'new')], 'strict');
    store = await reopen();
    const found = (await store.readRoots())
      .map(({ name, slot, bytes: data }) => `${name}/${slot}=${text(data)}`)
      .sort();
    equal(found, ['a/0=new', 'a/1=other', 'catalog/0=c']);
    equal(await store.list(), []);
  });

  check('delete forgets blobs and roots, twice', async (store, reopen) => {
    await store.apply([put('a/x', 'x'), put('a/y', 'y'), root('a', 0, 'r')], 'strict');
    await store.apply([remove('a/x'), remove('a')], 'strict');
    await store.apply([remove('a/x'), remove('a')], 'strict');
    store = await reopen();
    equal(await store.list(), [{ name: 'a/y', length: 1 }]);
    equal(await store.readRoots(), []);
  });

  check('the caller may reuse its buffer, and owns what it read', async (store) => {
    const heap = bytes('....mine....');
    const written = store.apply([{ op: 'put', name: 'a/x', bytes: heap.subarray(4, 8) }], 'relaxed');
    heap.fill(0);
    await written;
    (await store.read('a/x', 0, 4)).fill(0);
    equal(text(await store.read('a/x', 0, 4)), 'mine');
  });

  check('batches keep their order without being awaited', async (store) => {
    let length = 0;
    await store.apply([put('a/log', '')], 'relaxed');
    const writes = Array.from({ length: 50 }, (_, i) => {
      const piece = `${i};`;
      const done = store.apply([append('a/log', length, piece)], i % 7 ? 'relaxed' : 'strict');
      length += piece.length;
      return done;
    });
    await Promise.all(writes);
    equal(text(await store.read('a/log', 0, 999)), Array.from({ length: 50 }, (_, i) => `${i};`).join(''));
  });

  check('a failed batch leaves the blobs it met as they were, and the home usable', async (store) => {
    await store.apply([put('a/x', 'x')], 'strict');
    await rejects('storage', () => store.apply([append('a/x', 1, 'y'), put('a/x', 'z')], 'strict'));
    const left = text(await store.read('a/x', 0, 9));
    equal(left, store.caps.atomicBatch ? 'x' : 'xy');
    await store.apply([put('a/w', 'w')], 'strict');
    equal(text(await store.read('a/w', 0, 9)), 'w');
  });

  check('names that some home cannot hold are refused by all', async (store) => {
    for (const name of ['', '../x', '/x', 'a//b', 'A', 'a/é', 'x'.repeat(201)]) {
      await rejects('invalid_argument', async () => store.apply([put(name, 'x')], 'relaxed'));
    }
  });

  check('a second writer is refused at once, and let in after close', async (store) => {
    await rejects('locked', () => homes.open());
    await store.close();
    const next = await homes.open();
    await next.close();
  });

  check('everything is refused after close, and closing twice is quiet', async (store) => {
    await store.close();
    await store.close();
    await rejects('closed', () => store.apply([], 'relaxed'));
    await rejects('closed', () => store.read('a/x', 0, 1));
    await rejects('closed', () => store.list());
  });

  return cases;
}
