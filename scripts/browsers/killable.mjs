// A browser that is started as a user starts it, on a page, and ends by SIGKILL: with every process it has.
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CHROMIUM, FIREFOX } from './engines.mjs';

const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
  '--enable-logging=stderr',
];
/** No page of its own, no question about the session that was killed. */
const FIREFOX_PREFERENCES = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.startup.page': 0,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'app.update.enabled': false,
};
const GONE_LIMIT_MS = 10_000;

/** Starts a browser with this profile on this page; undefined where it is not installed. */
export const killable = { chromium: CHROMIUM && startChromium, firefox: FIREFOX && startFirefox };

async function startChromium(profile, url) {
  return watch(spawnGroup(CHROMIUM, [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, url]));
}

async function startFirefox(profile, url) {
  const lines = Object.entries(FIREFOX_PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  return watch(spawnGroup(FIREFOX, ['--headless', '--no-remote', '--profile', profile, url]));
}

const spawnGroup = (program, args) => spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });

/** @returns what it wrote to standard error, and kill(), which resolves when no process of it is left. */
function watch(child) {
  let said = '';
  child.stderr.on('data', (data) => (said += String(data)));
  const kill = async () => {
    const all = [child.pid, ...(await descendants(child.pid))];
    signal(-child.pid);
    all.forEach(signal);
    for (const end = Date.now() + GONE_LIMIT_MS; (await living(all)).length > 0;) {
      if (Date.now() > end) throw new Error(`processes ${await living(all)} outlive SIGKILL`);
      await pause(10);
    }
  };
  return { said: () => said, kill };
}

function signal(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const statOf = (pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
/** After the name, which may hold anything: the state and the parent. */
const fields = (stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

async function living(pids) {
  const states = await Promise.all(pids.map(async (pid) => [pid, fields(await statOf(pid))[0]]));
  return states.filter(([, state]) => state !== '' && state !== 'Z').map(([pid]) => pid);
}

async function descendants(ancestor) {
  const parents = new Map();
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), Number(fields(await statOf(name))[1]));
  }
  const found = new Set([ancestor]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found].slice(1);
}
