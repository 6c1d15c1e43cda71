// Runs storage-page.mjs in Chromium over dist/ and prints what it found.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CHROMIUM, launchChromium } from '../../scripts/browsers/engines.mjs';
import { serve } from '../../scripts/browsers/server.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** `folder` holds the vectors, `archives` the file bench.corsac. */
export async function measureInChromium({ folder, archives, dist }) {
  if (!CHROMIUM) return console.log('\nskipped: Chromium is not installed');
  const scratch = await mkdtemp(join(tmpdir(), 'corsac-bench-'));
  const site = await serve({ '/dist': dist, '/data': folder, '/archive': archives, '/': here });
  const context = await launchChromium(join(scratch, 'profile'));
  try {
    const page = await context.newPage();
    page.on('console', (message) => console.log(message.text()));
    page.on('pageerror', (error) => console.error(error.message));
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/storage.html`);
    for (const storage of ['indexeddb', 'opfs']) {
      await page.evaluate((home) => globalThis.fillStore(home), storage);
      // A new page, so that nothing is warm but the system.
      await page.reload();
      await page.evaluate((home) => globalThis.openStore(home), storage);
    }
  } finally {
    await context.close();
    await site.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
