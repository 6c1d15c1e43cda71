// The page of the OPFS home: its contract runs in a worker, whole stores through Corsac's own.
import { VectorStore, capabilities } from 'corsac';

import { assert, type Case, equal, rejects } from '../support/assert.js';
import { report } from './report.js';
import { exercise, withStore } from './suite.js';

interface Answer {
  readonly names?: string[];
  readonly value?: unknown;
  readonly error?: string;
  readonly written?: number;
}

function startWorker() {
  const worker = new Worker('/opfs-worker.js', { type: 'module' });
  const next = () =>
    new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
    });
  const ask = async (question: object): Promise<unknown> => {
    const answer = next();
    worker.postMessage(question);
    const { value, error } = await answer;
    if (error) throw new Error(error);
    return value;
  };
  return { worker, ask, next, ready: next() };
}

const { ask, ready } = startWorker();
const { names = [] } = await ready;
const has = names.length > 0;

const everywhere: Case[] = [
  {
    name: 'OPFS on the page itself is refused with the reason',
    async run() {
      const open = () => VectorStore.open('opfs-page', { storage: 'opfs', worker: false });
      const { message } = await rejects('unsupported_environment', open);
      assert(/worker|no origin-private/.test(message), message);
    },
  },
];

const here: Case[] = [
  { name: 'OPFS is among the homes', run: async () => equal(capabilities().homes.includes('opfs'), true) },
  {
    name: 'a store in OPFS answers through its worker',
    run: () => withStore('opfs-store', exercise, { storage: 'opfs' }),
  },
  {
    name: 'a second opener of a store in OPFS is refused at once',
    run: () =>
      withStore(
        'opfs-twice',
        async () => {
          const started = performance.now();
          await rejects('locked', () => VectorStore.open('opfs-twice', { storage: 'opfs', tabs: 'exclusive' }));
          assert(performance.now() - started < 4_000, 'it waited');
        },
        { storage: 'opfs', tabs: 'exclusive' },
      ),
  },
  {
    name: 'a store in OPFS is whole after its worker was ended amid writes, and opens at once',
    async run() {
      await ask({ run: 0 });
      let acknowledged = 0;
      for (let round = 0; round < 10; round++) {
        const { worker, next, ready: started } = startWorker();
        await started;
        worker.postMessage({ writeForEver: 'opfs-ended' });
        for (let i = 0; i <= round; i++) acknowledged = (await next()).written ?? 0;
        worker.terminate();
        const size = Number(await ask({ size: 'opfs-ended' }));
        assert(size >= acknowledged && size % 8 === 0, `${acknowledged} bytes acknowledged, ${size} there`);
      }
      await VectorStore.destroy('opfs-ended', { storage: 'opfs' });
    },
  },
  ...names.map((name, run): Case => ({ name: `OPFS: ${name}`, run: async () => void (await ask({ run })) })),
];

const without: Case[] = [
  {
    name: 'without OPFS a store there is refused with the reason',
    run: async () =>
      void (await rejects('unsupported_environment', () => VectorStore.open('opfs-none', { storage: 'opfs' }))),
  },
  { name: 'the contract of OPFS', skip: 'this engine has no sync access handles', run: async () => {} },
];

await report([...everywhere, ...(has ? here : without)]);
