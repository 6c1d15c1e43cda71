// The demo through a real Chromium, as a person uses it, and what only Chromium lets a test do.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launchChromium } from './engines.mjs';
import { serve } from './server.mjs';

const ENTRIES = 3000;

/** @returns {Promise<{ name: string, ms: number, error?: string }[]>} */
export async function demoCases(folder) {
  const profile = await mkdtemp(join(tmpdir(), 'corsac-demo-'));
  const site = await serve({ '/': folder });
  const context = await launchChromium(profile);
  const shared = { context, url: `${site.url}/?limit=${ENTRIES}`, origin: site.url };
  const outcomes = [];
  try {
    for (const [name, run] of CASES) {
      const started = performance.now();
      const error = await run(shared).then(
        () => undefined,
        (thrown) => thrown.stack,
      );
      outcomes.push({ name, ms: performance.now() - started, error });
    }
  } finally {
    await context.close();
    await site.close();
    await rm(profile, { recursive: true, force: true });
  }
  return outcomes;
}

const CASES = [
  ['indexes, searches, reloads and finds the same without a rebuild', reloads],
  ['asks for nothing but its own files', staysHome],
  ['filters, switches modes and highlights', switches],
  ['says so when another tab holds the store', refusesSecondTab],
  ['moves by keyboard', keyboard],
  ['clears what it stored', clears],
];

async function openPage({ context, url }, state = /built|reopened/) {
  const page = await context.newPage();
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  await page.waitForFunction((pattern) => new RegExp(pattern).test(document.body.dataset.state ?? ''), state.source, {
    timeout: 120_000,
  });
  return { page, requests };
}

async function ask(page, text) {
  const before = await page.textContent('#how');
  await page.fill('#query', text);
  await page.waitForFunction(
    (old) =>
      /entr(y|ies) in/.test(document.querySelector('#how').textContent) &&
      document.querySelector('#how').textContent !== old,
    before,
  );
  return page.$$eval('#hits li', (rows) => rows.map((row) => row.innerText));
}

async function reloads(shared) {
  const { page } = await openPage(shared, /built/);
  const before = await ask(page, 'a person who travels');
  assert.ok(before.length > 0, 'the first search finds something');
  await screenshot(page, 'light');
  await page.reload();
  await page.waitForFunction(() => document.body.dataset.state === 'reopened', undefined, { timeout: 60_000 });
  await page.waitForSelector('#hits li');
  assert.deepEqual(await page.$$eval('#hits li', (rows) => rows.map((row) => row.innerText)), before);
  assert.match(await page.textContent('#stored'), /3,000 documents, [\d.]+ MB/);
  await page.close();
}

async function staysHome(shared) {
  const { page, requests } = await openPage(shared, /reopened/);
  await ask(page, 'water');
  const foreign = requests.filter((url) => !url.startsWith(shared.origin) && !url.startsWith('data:'));
  assert.deepEqual(foreign, []);
  assert.ok(!requests.some((url) => url.endsWith('wordnet.json')), 'a reopened page does not load the corpus');
  await page.close();
}

async function switches(shared) {
  const { page } = await openPage(shared, /reopened/);
  await page.check('input[value="text"]', { force: true });
  const words = await ask(page, 'water');
  assert.ok(
    words.every((row) => /water/i.test(row)),
    'a search for words finds the word',
  );
  assert.ok((await page.$$('#hits mark')).length > 0, 'matches are marked');
  await page.selectOption('#pos', 'verb');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('#hits small')].every((node) => node.textContent === 'verb'),
  );
  assert.match(await page.textContent('#how'), /filtered by/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot(page, 'dark');
  await page.close();
}

async function refusesSecondTab(shared) {
  const { page } = await openPage(shared, /reopened/);
  const { page: second } = await openPage(shared, /locked/);
  assert.match(await second.textContent('#notice'), /Another tab/);
  await page.close();
  await second.click('#notice button');
  await second.waitForFunction(() => document.body.dataset.state === 'reopened', undefined, { timeout: 30_000 });
  await second.close();
}

async function keyboard(shared) {
  const { page } = await openPage(shared, /reopened/);
  await ask(page, 'tree');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(
    await page.evaluate(() => [...document.querySelectorAll('#hits li')].indexOf(document.activeElement)),
    1,
  );
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'query');
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#query'), '');
  await page.close();
}

async function clears(shared) {
  const { page } = await openPage(shared, /reopened/);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.click('#clear');
  await page.waitForFunction(() => document.body.dataset.state === 'built', undefined, { timeout: 120_000 });
  await page.close();
}

async function screenshot(page, scheme) {
  await mkdir('build/screenshots', { recursive: true });
  await page.screenshot({ path: `build/screenshots/demo-${scheme}.png` });
}
