// The browser tests: the in-page suite in three engines, then shared tabs and the demo in Chromium. Needs the packed
// package in build/package and the built demo in build/web-demo. Closes with `N passed, N failed, N skipped`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { demoCases } from './browsers/demo.mjs';
import { engines } from './browsers/engines.mjs';
import { serve } from './browsers/server.mjs';
import { BUNDLE, makePages, writePage } from './browsers/site.mjs';
import { tabsCases } from './browsers/tabs.mjs';

const PACKAGE = 'build/package/node_modules/corsac';
const SITE = 'build/browser-suite';
/** Pages of one visit each. */
const PAGES = ['opfs', 'indexed-db-faults', 'mirror', 'onnx'];
const only = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };

await makeSite();
const mounts = {
  '/package': join(SITE, 'package'),
  '/ort': 'node_modules/onnxruntime-web/dist',
  '/model': 'tests-js/fixtures/tiny-model',
  '/': SITE,
};
const site = await serve(mounts);
// An origin of its own: what other visits deleted still counts as used for a while.
const quotaSite = await serve(mounts);
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const isolatedSite = await serve(mounts, { headers: isolated });
try {
  for (const [name, open] of engines) {
    if (only.length && !only.includes(name)) continue;
    if (open) await runSuite(name, open, site.url);
    else report(name, { name: `the suite: ${name} is not installed`, skipped: true });
  }
  if (!only.length || only.includes('tabs')) await runTabs();
  if (!only.length || only.includes('demo')) await runDemo();
} finally {
  await site.close();
  await quotaSite.close();
  await isolatedSite.close();
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed ? 1 : 0);

/** The suite, and the page of the runtime: that is a peer dependency, an application bundles it, and so does this page. */
async function makeSite() {
  await makePages(SITE, PACKAGE, ['main', 'opfs', 'opfs-worker', 'indexed-db-faults', 'mirror', 'tabs']);
  await build({
    ...BUNDLE,
    entryPoints: ['tests-js/browser/onnx.ts'],
    outfile: join(SITE, 'onnx.js'),
    alias: { 'corsac/embed/onnx': `./${PACKAGE}/dist/embed-onnx.js` },
    external: ['node:*', 'onnxruntime-node'],
  });
  await writePage(SITE, 'onnx');
}

/** First visit, reload, second visit. A driver that dies is started once more. */
async function runSuite(name, open, url) {
  for (let attempt = 1; ; attempt++) {
    let engine;
    try {
      engine = await open();
      const outcomes = [];
      for (const visit of [1, 2]) outcomes.push(...(await engine.visit(`${url}/main.html?visit=${visit}`)));
      for (const page of PAGES) outcomes.push(...(await engine.visit(`${url}/${page}.html`)));
      outcomes.push(...(await engine.visit(`${isolatedSite.url}/main.html?visit=isolated`)));
      if (engine.visitWithQuota) {
        outcomes.push(...(await engine.visitWithQuota(`${quotaSite.url}/main.html?visit=quota`, 3e6)));
        outcomes.push(...(await engine.visit(`${quotaSite.url}/main.html?visit=after-quota`)));
      }
      for (const outcome of outcomes) report(name, outcome);
      return;
    } catch (error) {
      if (attempt === 2) return report(name, { name: 'the suite runs to its end', error: error.stack });
      console.log(`${name}: trying once more after: ${error.message}`);
    } finally {
      await engine?.close().catch(() => undefined);
    }
  }
}

async function runTabs() {
  if (!engines[0][1]) return report('tabs', { name: 'tabs share a store: chromium is not installed', skipped: true });
  for (const outcome of await tabsCases(`${site.url}/tabs.html`)) report('tabs', outcome);
}

async function runDemo() {
  if (!engines[0][1]) return report('demo', { name: 'the demo: chromium is not installed', skipped: true });
  if (!existsSync('build/web-demo/index.html')) {
    return report('demo', { name: 'the demo is built', error: 'build/web-demo is missing: run npm run build' });
  }
  for (const outcome of await demoCases('build/web-demo')) report('demo', outcome);
}

function report(where, { name, error, skipped, ms }) {
  const kind = skipped ? 'skipped' : error ? 'failed' : 'passed';
  totals[kind]++;
  console.log(`${kind.padEnd(7)} ${where}: ${name}${ms === undefined ? '' : ` (${Math.round(ms)} ms)`}`);
  if (error) console.log(String(error).replace(/^/gm, '        '));
}
