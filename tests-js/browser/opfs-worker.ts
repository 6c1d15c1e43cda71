// The promises of the OPFS home, asked where it works: in a dedicated worker. Told a number, it runs that case.
import { OpfsStore } from '../../js/storage/opfs.js';
import { byteStoreCases } from '../storage/byte-store.contract.js';
import { assert, type Case, equal, rejects } from '../support/assert.js';

type Write = (bytes: Uint8Array, options: { at: number }) => number;
type Prototype = { write: Write; flush: () => void };

const NAME = 'contract';
const prototype = (globalThis as { FileSystemSyncAccessHandle?: { prototype: Prototype } }).FileSystemSyncAccessHandle
  ?.prototype;
const bytes = (text: string) => new TextEncoder().encode(text);

/** Replaces a method of every handle while `run` runs. */
async function faulty<K extends keyof Prototype>(name: K, stand: Prototype[K], run: () => Promise<void>) {
  const real = prototype![name];
  prototype![name] = stand;
  try {
    await run();
  } finally {
    prototype![name] = real;
  }
}

function writeFailures(): Record<string, Write> {
  const real = prototype!.write;
  return {
    'a short count': function (this: object, data, options) {
      return real.call(this, data.subarray(0, 2), options);
    },
    'a count that cannot be': function (this: object, data, options) {
      real.call(this, data.subarray(0, 1), options);
      return 4_294_967_288;
    },
    'a full count without the bytes': (data) => data.length,
    'an exception': () => {
      throw new DOMException('injected', 'QuotaExceededError');
    },
  };
}

async function failedWriteLeavesTheBlob(write: Write): Promise<void> {
  await OpfsStore.destroy(NAME);
  let store = await OpfsStore.open(NAME);
  await store.apply([{ op: 'put', name: 'a/x', bytes: bytes('kept') }], 'strict');
  await faulty('write', write, async () => {
    const more = { op: 'append', name: 'a/x', offset: 4, bytes: bytes('more') } as const;
    await rejects('quota', () => store.apply([more], 'relaxed'));
    await rejects('quota', () => store.apply([{ op: 'put', name: 'a/y', bytes: bytes('new') }], 'relaxed'));
  });
  await store.apply([{ op: 'append', name: 'a/x', offset: 4, bytes: bytes('!') }], 'strict');
  await store.close();
  store = await OpfsStore.open(NAME);
  equal(await store.read('a/x', 0, 99), bytes('kept!'));
  equal(await store.list(), [{ name: 'a/x', length: 5 }]);
  await store.close();
}

const fail = () => {
  throw new DOMException('injected', 'InvalidStateError');
};

async function failedFlushPoisons(): Promise<void> {
  await OpfsStore.destroy(NAME);
  let store = await OpfsStore.open(NAME);
  const op = { op: 'put', name: 'a/x', bytes: bytes('x') } as const;
  await faulty('flush', fail, async () => void (await rejects('storage', () => store.apply([op], 'strict'))));
  await rejects('storage', () => store.apply([{ ...op, name: 'a/y' }], 'relaxed'));
  await store.close();
  store = await OpfsStore.open(NAME);
  await store.apply([{ ...op, name: 'a/y' }], 'strict');
  await store.close();
}

async function unflushedIsFlushedLater(): Promise<void> {
  await OpfsStore.destroy(NAME);
  const store = await OpfsStore.open(NAME);
  await store.apply([{ op: 'put', name: 'a/x', bytes: bytes('x') }], 'relaxed');
  await faulty('flush', fail, () => store.close());
  const next = await OpfsStore.open(NAME);
  let flushes = 0;
  await faulty(
    'flush',
    () => void flushes++,
    () => next.apply([], 'strict'),
  );
  assert(flushes > 0, 'nothing was flushed');
  await next.close();
}

const faultCases = (): Case[] => [
  ...Object.entries(writeFailures()).map(([kind, write]) => ({
    name: `a write that fails by ${kind} is quota, and leaves the blob as it was`,
    run: () => failedWriteLeavesTheBlob(write),
  })),
  {
    name: 'after a flush that failed nothing is acknowledged until the store is opened again',
    run: failedFlushPoisons,
  },
  { name: 'what a session left unflushed is flushed by the next strict batch', run: unflushedIsFlushedLater },
];

const contract = byteStoreCases({ open: () => OpfsStore.open(NAME), wipe: () => OpfsStore.destroy(NAME) });
const cases = prototype ? [...contract, ...faultCases()] : [];

/** Writes without a pause until the worker is ended; says how many bytes were taken. */
async function writeForEver(name: string): Promise<void> {
  const store = await OpfsStore.open(name);
  let length = (await store.size('a/log')) ?? 0;
  if (length === 0) await store.apply([{ op: 'put', name: 'a/log', bytes: bytes('') }], 'strict');
  for (;;) {
    await store.apply([{ op: 'append', name: 'a/log', offset: length, bytes: bytes('12345678') }], 'relaxed');
    postMessage({ written: (length += 8) });
    // A loop that never returns to the event loop is ended two seconds late.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function answer(data: { run?: number; writeForEver?: string; size?: string }): Promise<unknown> {
  if (data.writeForEver) return writeForEver(data.writeForEver);
  if (data.size) {
    const store = await OpfsStore.open(data.size);
    return store.size('a/log').finally(() => store.close());
  }
  return cases[data.run!]!.run();
}

addEventListener('message', ({ data }: MessageEvent) => {
  answer(data).then(
    (value) => postMessage({ value }),
    (error: Error) => postMessage({ error: `${error.message}\n${error.stack}` }),
  );
});
postMessage({ names: cases.map(({ name }) => name) });
