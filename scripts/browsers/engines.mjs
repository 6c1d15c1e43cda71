// Opens a page in each of three engines and reads back what it says. Each driver is
// { visit(url): outcomes, close() }, where a visit loads the page anew in the same profile; Chromium's can
// also visit with a real quota of so many bytes more than are used.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VISIT_LIMIT_MS = 240_000;
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const READ = 'document.body.dataset.outcomes ?? ""';

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
export const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);

/** The engines of this machine: [name, open() or undefined where it is not installed]. */
export const engines = [
  ['chromium', CHROMIUM && openChromium],
  ['firefox', FIREFOX && openFirefox],
  ['webkit', existsSync('/usr/bin/WebKitWebDriver') && openWebKit],
];

/** Playwright's Chromium with a profile of its own. */
export async function launchChromium(profile) {
  const { chromium } = await import('playwright-core');
  return chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: CHROMIUM_FLAGS, headless: true });
}

async function openChromium() {
  const profile = await mkdtemp(join(tmpdir(), 'corsac-chromium-'));
  const context = await launchChromium(profile);
  return {
    async visit(url) {
      const page = await context.newPage();
      await page.goto(url);
      return poll(() => page.evaluate(READ)).finally(() => page.close());
    },
    async visitWithQuota(url, spareBytes) {
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      const { origin } = new URL(url);
      const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: Math.ceil(usage + spareBytes) });
      await page.goto(url);
      try {
        return await poll(() => page.evaluate(READ));
      } finally {
        await session.send('Storage.overrideQuotaForOrigin', { origin });
        await page.close();
      }
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function openFirefox() {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
  return {
    async visit(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return poll(() => page.evaluate(READ)).finally(() => page.close());
    },
    close: () => browser.close(),
  };
}

/** WebKitGTK's MiniBrowser, driven by plain W3C WebDriver requests. */
async function openWebKit() {
  const port = await freePort();
  const binary = await findMiniBrowser();
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  const end = () => {
    try {
      process.kill(-driver.pid, 'SIGKILL'); // the browser is its grandchild
    } catch {
      // It ended by itself.
    }
  };
  process.once('exit', end);
  const call = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await until(() => call('GET', '/status').then((status) => status.ready), 20_000, 'WebKitWebDriver did not start');
  const options = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: options } });
  const session = `/session/${sessionId}`;
  return {
    async visit(url) {
      await call('POST', `${session}/url`, { url });
      return poll(() => call('POST', `${session}/execute/sync`, { script: `return ${READ}`, args: [] }));
    },
    async close() {
      await call('DELETE', session).catch(() => undefined);
      end();
    },
  };
}

async function findMiniBrowser() {
  for (const base of ['/usr/lib', '/usr/libexec']) {
    for (const folder of existsSync(base) ? await readdir(base, { recursive: false }) : []) {
      for (const inner of ['', 'webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0']) {
        const path = join(base, folder, inner, 'MiniBrowser');
        if (existsSync(path)) return path;
      }
    }
  }
  throw new Error('WebKitGTK has no MiniBrowser here; install webkit2gtk-driver');
}

async function poll(read) {
  let text = '';
  await until(async () => (text = await read()), VISIT_LIMIT_MS, 'the page gave no outcome');
  return JSON.parse(text);
}

async function until(done, limitMs, message) {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      if (await done()) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end) throw new Error(`${message} within ${limitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
