// The page of shared tabs: does what scripts/browsers/tabs.mjs tells it, and remembers what happened.
import { VectorStore, type Collection } from 'corsac';

let store: VectorStore | undefined;
let notes: Collection | undefined;
const acknowledged: string[] = [];
const led: boolean[] = [];
let writing = false;

const actions = {
  async open(storage: 'indexeddb' | 'opfs') {
    store = await VectorStore.open('tabs', { storage });
    store.on('leader', ({ leading }) => led.push(leading));
    notes = await store.getOrCreateCollection('notes');
  },
  async destroy(storage: 'indexeddb' | 'opfs') {
    await VectorStore.destroy('tabs', { storage });
  },
  insert: async (id: string) => notes!.insert({ id, content: `document ${id}` }),
  count: async () => notes!.count(),
  async ids() {
    const { documents } = await notes!.list({ limit: 10_000, include: [] });
    return documents.map(({ id }) => id);
  },
  close: async () => store!.close(),
  led: async () => led,
  /** Writes one document after another until told to stop; every id that was acknowledged is kept. */
  async write(prefix: string) {
    writing = true;
    void (async () => {
      for (let i = 0; writing; i++) {
        await notes!.insert({ id: `${prefix}${i}`, content: `document ${i}` });
        acknowledged.push(`${prefix}${i}`);
      }
    })();
  },
  async stop() {
    writing = false;
    await notes!.flush();
    return acknowledged;
  },
  written: async () => acknowledged.length,
};

(globalThis as { act?: unknown }).act = async (name: keyof typeof actions, ...args: never[]) => {
  try {
    return { value: await (actions[name] as (...args: never[]) => Promise<unknown>)(...args) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code: code ?? 'error', message };
  }
};
document.body.dataset.ready = 'yes';
