// What IndexedDB does to its users, injected into the real one: each failure is outlived or has a type, none hangs.
import type { ErrorCode } from '../../js/errors.js';
import { IndexedDbStore } from '../../js/storage/indexed-db.js';
import { assert, type Case, equal, rejects } from '../support/assert.js';
import { report } from './report.js';

const NAME = 'corsac/faults';
const bytes = (text: string) => new TextEncoder().encode(text);
const put = (name: string, data = bytes('x')) => ({ op: 'put', name, bytes: data }) as const;
const failure = (name: string) => new DOMException(`injected ${name}`, name);

/** Replaces a method while `run` runs. `stand` gets the real one. */
async function patched<T extends object, K extends keyof T>(
  target: T,
  key: K,
  stand: (real: T[K]) => T[K],
  run: () => Promise<unknown>,
): Promise<void> {
  const real = target[key];
  target[key] = stand(real);
  try {
    await run();
  } finally {
    target[key] = real;
  }
}

/** Timers of seconds fire in hundredths, so that a watchdog can be waited for. */
const hurried = (run: () => Promise<unknown>) =>
  patched(
    globalThis as { setTimeout: typeof setTimeout },
    'setTimeout',
    (real) => ((handler: () => void, ms = 0) => real.call(globalThis, handler, ms >= 1000 ? ms / 100 : ms)) as never,
    run,
  );

/** A store with one blob, closed and forgotten afterwards. */
async function withStore(run: (store: IndexedDbStore) => Promise<void>): Promise<void> {
  await IndexedDbStore.destroy(NAME);
  const store = await IndexedDbStore.open(NAME);
  await store.apply([put('a/kept', bytes('kept'))], 'strict');
  try {
    await run(store);
  } finally {
    await store.close();
    await IndexedDbStore.destroy(NAME);
  }
}

const transactions = IDBDatabase.prototype as { transaction: (this: IDBDatabase, ...args: any[]) => IDBTransaction };
const stores = IDBObjectStore.prototype as {
  put: (this: IDBObjectStore, ...args: any[]) => IDBRequest<IDBValidKey>;
  getAll: (this: IDBObjectStore, ...args: any[]) => IDBRequest<unknown[]>;
};
const factory = IDBFactory.prototype as { open: (this: IDBFactory, ...args: any[]) => IDBOpenDBRequest };

/** A method that throws `error` the first `times` times. */
function failing<F extends (...args: any[]) => unknown>(error: Error, times: number) {
  return (real: F) =>
    function (this: unknown, ...args: unknown[]) {
      if (times-- > 0) throw error;
      return real.apply(this, args);
    } as F;
}

/** Aborts the first `times` transactions after a put worked, with `error` where one is given. */
const aborting = (times: number, error?: DOMException) => (real: typeof stores.put) => {
  const met = new WeakSet<IDBTransaction>();
  return function (this: IDBObjectStore, ...args: unknown[]) {
    const request = real.apply(this, args);
    const tx = this.transaction;
    if (met.has(tx) || times-- <= 0) return request;
    met.add(tx);
    if (error) Object.defineProperty(tx, 'error', { get: () => error });
    Object.defineProperty(tx, 'commit', { value: () => {} }); // what was committed cannot be aborted
    request.onsuccess = () => tx.abort();
    return request;
  };
};

/** An open request that fails, or with no error never answers. */
const brokenOpen = (times: number, error?: DOMException) => (real: typeof factory.open) =>
  function (this: IDBFactory, ...args: unknown[]) {
    if (times-- <= 0) return real.apply(this, args);
    const request = { error, onerror: undefined as (() => void) | undefined };
    if (error) queueMicrotask(() => request.onerror?.());
    return request as unknown as IDBOpenDBRequest;
  };

const connectionRow = (name: string): Case => ({
  name: `${name} once is outlived, twice it is a storage error, and then the store works again`,
  run: () =>
    withStore(async (store) => {
      await patched(transactions, 'transaction', failing(failure(name), 1), () => store.apply([put('a/x')], 'relaxed'));
      await patched(transactions, 'transaction', failing(failure(name), 2), () =>
        rejects('storage', () => store.apply([put('a/y')], 'relaxed')),
      );
      await store.apply([put('a/y')], 'strict');
      equal((await store.list()).length, 3);
    }),
});

const readRow = (name: string): Case => ({
  name: `${name} on a read is corrupt`,
  run: () =>
    withStore(async (store) => {
      await patched(stores, 'getAll', failing(failure(name), 1), () =>
        rejects('corrupt', () => store.read('a/kept', 0, 4)),
      );
      equal(await store.read('a/kept', 0, 4), bytes('kept'));
    }),
});

const openRow = (name: string, times: number, code?: ErrorCode): Case => ({
  name: `${name} ${times} times while opening is ${code ?? 'outlived'}`,
  async run() {
    await IndexedDbStore.destroy(NAME);
    await patched(factory, 'open', brokenOpen(times, failure(name)), async () => {
      if (code) await rejects(code, () => IndexedDbStore.open(NAME));
      else await (await IndexedDbStore.open(NAME)).close();
    });
    await (await IndexedDbStore.open(NAME)).close();
  },
});

const connectionCases: Case[] = [
  ...['InvalidStateError', 'UnknownError', 'TransactionInactiveError'].map(connectionRow),
  {
    name: 'a transaction that is aborted is sent again, once',
    run: () =>
      withStore(async (store) => {
        await patched(stores, 'put', aborting(1), () => store.apply([put('a/x')], 'relaxed'));
        await patched(stores, 'put', aborting(2), () => rejects('storage', () => store.apply([put('a/y')], 'relaxed')));
        equal((await store.list()).map(({ name }) => name).sort(), ['a/kept', 'a/x']);
      }),
  },
  {
    name: 'a connection that the browser closes is opened again',
    run: () =>
      withStore(async (store) => {
        let db: IDBDatabase | undefined;
        const spy = (real: typeof transactions.transaction) =>
          function (this: IDBDatabase, ...args: unknown[]) {
            db = this;
            return real.apply(this, args);
          };
        await patched(transactions, 'transaction', spy, () => store.apply([put('a/x')], 'relaxed'));
        db!.close();
        db!.dispatchEvent(new Event('close'));
        await store.apply([put('a/y')], 'relaxed');
        equal((await store.list()).length, 3);
      }),
  },
  openRow('UnknownError', 2),
  openRow('UnknownError', 3, 'storage'),
  openRow('SecurityError', 1, 'unsupported_environment'),
  openRow('QuotaExceededError', 1, 'quota'),
];

const hangCases: Case[] = [
  {
    name: 'an open that never answers ends with an error, and what comes too late is closed',
    async run() {
      await IndexedDbStore.destroy(NAME);
      await hurried(() =>
        patched(factory, 'open', brokenOpen(1), () => rejects('storage', () => IndexedDbStore.open(NAME))),
      );
      await (await IndexedDbStore.open(NAME)).close();
    },
  },
  {
    name: 'a transaction that never answers ends with an error',
    run: () =>
      withStore(async (store) => {
        const deaf = (real: typeof transactions.transaction) =>
          function (this: IDBDatabase, ...args: unknown[]) {
            const tx = real.apply(this, args);
            for (const event of ['oncomplete', 'onabort']) Object.defineProperty(tx, event, { set() {} });
            return tx;
          };
        await hurried(() =>
          patched(transactions, 'transaction', deaf, () =>
            rejects('storage', () => store.apply([put('a/x')], 'relaxed')),
          ),
        );
        equal(await store.read('a/kept', 0, 4), bytes('kept'));
      }),
  },
  {
    name: 'deleting is busy while a connection elsewhere stays open',
    async run() {
      await (await IndexedDbStore.open(NAME)).close();
      const other = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(NAME);
        request.onsuccess = () => resolve(request.result);
      });
      await hurried(() => rejects('busy', () => IndexedDbStore.destroy(NAME)));
      other.close();
      await (await IndexedDbStore.open(NAME)).close();
    },
  },
];

const truthCases: Case[] = [
  {
    name: 'a full disk that shows only when the transaction ends fails the write and nothing else',
    run: () =>
      withStore(async (store) => {
        await patched(stores, 'put', aborting(1, failure('QuotaExceededError')), () =>
          rejects('quota', () => store.apply([put('a/x')], 'relaxed')),
        );
        equal((await store.list()).length, 1);
        await store.apply([put('a/x')], 'strict');
      }),
  },
  {
    name: 'a store with no room for its fence is opened, deletes, and takes the fence with the first write that fits',
    run: () =>
      withStore(async (store) => {
        const full = aborting(1, failure('QuotaExceededError'));
        let crowded: IndexedDbStore | undefined;
        await store.close();
        await patched(stores, 'put', full, async () => (crowded = await IndexedDbStore.open(NAME)));
        equal(await crowded!.read('a/kept', 0, 4), bytes('kept'));
        await crowded!.apply([{ op: 'delete', name: 'a/kept' }], 'relaxed');
        await patched(stores, 'put', aborting(1, failure('QuotaExceededError')), () =>
          rejects('quota', () => crowded!.apply([put('a/x')], 'relaxed')),
        );
        await crowded!.apply([put('a/x')], 'relaxed');
        await crowded!.apply([put('a/y')], 'strict');
        await crowded!.close();
        const again = await IndexedDbStore.open(NAME);
        equal((await again.list()).map(({ name }) => name).sort(), ['a/x', 'a/y']);
        await again.close();
      }),
  },
  {
    name: 'a store without a fence of its own is locked once another writer took one',
    run: () =>
      withStore(async (store) => {
        await store.close();
        let crowded: IndexedDbStore | undefined;
        await patched(stores, 'put', aborting(1, failure('QuotaExceededError')), async () => {
          crowded = await IndexedDbStore.open(NAME);
        });
        const thief = await IndexedDbStore.open(NAME, true);
        await rejects('locked', () => crowded!.apply([put('a/x')], 'relaxed'));
        await rejects('locked', () => crowded!.apply([{ op: 'delete', name: 'a/kept' }], 'relaxed'));
        await thief.apply([put('a/x')], 'relaxed');
        await crowded!.close();
        await thief.close();
      }),
  },
  {
    name: 'a small view of a large buffer is stored by itself',
    run: () =>
      withStore(async (store) => {
        const heap = new Uint8Array(10 << 20);
        const stored: unknown[] = [];
        const spy = (real: typeof stores.put) =>
          function (this: IDBObjectStore, value: unknown, ...rest: unknown[]) {
            stored.push(value);
            return real.call(this, value, ...rest);
          };
        await patched(stores, 'put', spy, () =>
          store.apply(
            [put('a/x', heap.subarray(100, 110)), { op: 'root', name: 'a', slot: 0, bytes: heap.subarray(5, 7) }],
            'relaxed',
          ),
        );
        const sizes = stored.map((value) => (value instanceof ArrayBuffer ? value.byteLength : typeof value));
        equal(sizes, [10, 'number', 2]);
      }),
  },
  {
    name: 'no record is larger than 1 MiB',
    run: () =>
      withStore(async (store) => {
        let largest = 0;
        const spy = (real: typeof stores.put) =>
          function (this: IDBObjectStore, value: unknown, ...rest: unknown[]) {
            if (value instanceof ArrayBuffer) largest = Math.max(largest, value.byteLength);
            return real.call(this, value, ...rest);
          };
        await patched(stores, 'put', spy, () => store.apply([put('a/x', new Uint8Array(2_500_000))], 'relaxed'));
        equal(largest, 1 << 20);
      }),
  },
  {
    name: 'a writer that lost its place cannot write',
    run: () =>
      withStore(async (store) => {
        await new Promise<void>((resolve) => {
          const request = indexedDB.open(NAME);
          request.onsuccess = () => {
            const tx = request.result.transaction('m', 'readwrite');
            tx.objectStore('m').put({ epoch: 99, owner: 'somebody' }, ['fence']);
            tx.oncomplete = () => (request.result.close(), resolve());
          };
        });
        await rejects('locked', () => store.apply([put('a/x')], 'relaxed'));
      }),
  },
  {
    name: 'a database that is deleted while open is data_loss, and no empty one takes its place',
    async run() {
      const store = await IndexedDbStore.open(NAME);
      await new Promise((resolve) => (indexedDB.deleteDatabase(NAME).onsuccess = resolve));
      await rejects('data_loss', () => store.apply([put('a/x')], 'relaxed'));
      await rejects('data_loss', () => store.readRoots());
      await store.close();
      const left = (await indexedDB.databases?.())?.filter(({ name, version }) => name === NAME && version) ?? [];
      assert(left.length === 0, 'an empty database was made');
    },
  },
  ...['NotFoundError', 'DataError', 'NotReadableError'].map(readRow),
];

await report(
  [...connectionCases, ...hangCases, ...truthCases].map((each) => ({ ...each, name: `IndexedDB: ${each.name}` })),
);
