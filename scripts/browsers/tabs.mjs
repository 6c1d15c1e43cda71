// Real tabs of Chromium share one store: one is closed, one crashes, one stands still, and nothing that was
// acknowledged is lost or there twice.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from './engines.mjs';

const LIMIT_MS = 45_000;

/** @returns {Promise<{ name: string, error?: string, ms: number }[]>} */
export async function tabsCases(url) {
  const profile = await mkdtemp(join(tmpdir(), 'corsac-tabs-'));
  const context = await launchChromium(profile);
  const outcomes = [];
  try {
    for (const storage of ['indexeddb', 'opfs']) {
      for (const [name, run] of cases) {
        const started = Date.now();
        const error = await within(LIMIT_MS, runCase(context, url, storage, run)).then(
          () => undefined,
          (failure) => failure.stack,
        );
        outcomes.push({ name: `${storage}: ${name}`, error, ms: Date.now() - started });
      }
    }
  } finally {
    await context.close().catch(() => undefined);
    await rm(profile, { recursive: true, force: true });
  }
  return outcomes;
}

async function runCase(context, url, storage, run) {
  const tabs = [];
  const open = async () => {
    const tab = await openTab(context, url);
    tabs.push(tab);
    return tab;
  };
  const sweeper = await open();
  await sweeper.act('destroy', storage);
  try {
    await run({
      async tab() {
        const tab = await open();
        await tab.act('open', storage);
        return tab;
      },
      sameStorage: storage,
    });
  } finally {
    for (const tab of tabs) await tab.page.close().catch(() => undefined);
  }
}

async function openTab(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector('body[data-ready]', { state: 'attached' });
  return {
    page,
    async act(name, ...args) {
      const { value, code, message } = await page.evaluate(
        ([what, given]) => globalThis.act(what, ...given),
        [name, args],
      );
      if (code) throw new Error(`${name} failed: ${code}: ${message}`);
      return value;
    },
    cdp: () => context.newCDPSession(page),
  };
}

const cases = [
  [
    'two tabs write one store, and the second goes on when the first is closed',
    async ({ tab }) => {
      const [first, second] = [await tab(), await tab()];
      await first.act('insert', 'a');
      await second.act('write', 'b');
      await reached(second, 5);
      await first.page.close();
      await grown(second, 5);
      await allThere(second, ['a'], await second.act('stop'));
    },
  ],
  [
    'the second tab goes on when the first crashes amid writes',
    async ({ tab }) => {
      const [first, second] = [await tab(), await tab()];
      await second.act('write', 'b');
      await reached(second, 5);
      const session = await first.cdp();
      void session.send('Page.crash').catch(() => undefined);
      await grown(second, 5);
      await allThere(second, [], await second.act('stop'));
    },
  ],
  [
    'the second tab takes over from the first when that stands still, which follows when it wakes',
    async ({ tab, sameStorage }) => {
      const [first, second] = [await tab(), await tab()];
      await first.act('insert', 'a');
      const session = await first.cdp();
      // A page that DevTools watches is not frozen by the browser; one whose scripts are stopped answers just as little.
      await session.send('Debugger.enable');
      await session.send('Debugger.pause');
      const started = Date.now();
      const outcome = second.act('insert', 'b').then(
        () => undefined,
        (error) => error,
      );
      const error = await outcome;
      const ms = Date.now() - started;
      await session.send('Debugger.resume');
      await session.send('Debugger.disable');
      if (ms < 5_000) throw new Error(`the first tab did not stand still: it answered after ${ms} ms`);
      // The file handles of a living worker cannot be taken from it: then the error says so.
      if (error && !(sameStorage === 'opfs' && /locked|busy/.test(error.message))) throw error;
      await first.act('insert', 'c');
      const ids = await first.act('ids');
      const expected = ['a', ...(error ? [] : ['b']), 'c'];
      if (ids.join() !== expected.join()) throw new Error(`expected ${expected}, got ${ids}`);
    },
  ],
];

/** Waits until the tab has written `count` documents. */
async function reached(tab, count) {
  await tab.page.waitForFunction(async (least) => (await globalThis.act('written')).value >= least, count, {
    polling: 50,
  });
}

async function grown(tab, by) {
  await reached(tab, (await tab.act('written')) + by);
}

async function allThere(tab, before, acknowledged) {
  const ids = await tab.act('ids');
  if (new Set(ids).size !== ids.length) throw new Error('an id is there twice');
  const lacking = [...before, ...acknowledged].filter((id) => !ids.includes(id));
  if (lacking.length > 0) throw new Error(`${lacking.length} acknowledged documents are lost: ${lacking.slice(0, 5)}`);
}

function within(ms, promise) {
  let timer;
  const late = new Promise(
    (_, reject) => (timer = setTimeout(() => reject(new Error(`not done within ${ms / 1000} s`)), ms)),
  );
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
