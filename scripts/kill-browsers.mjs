// Does what a page was told is stored survive? Kills whole browsers amid writes, and tears the log of Chromium's
// IndexedDB so that the browser deletes the database. The log of acknowledgements is kept here, outside the browser.
//   node scripts/kill-browsers.mjs [--kills 30] [--wipes 20] [--only chromium/indexeddb] [--seed 1]
// Needs the packed package in build/package.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { killable } from './browsers/killable.mjs';
import { serve } from './browsers/server.mjs';
import { makePages } from './browsers/site.mjs';
import { tearLog } from './browsers/tear.mjs';

const SITE = 'build/killed-browsers';
const OPEN_LIMIT_MS = 60_000;
const HOMES = ['chromium/indexeddb', 'chromium/opfs', 'firefox/indexeddb', 'firefox/opfs'];
/** Outcomes of opening by which a loss is reported. */
const REPORTS_LOSS = ['restored', 'degraded', 'salvaged', 'failed'];

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    wipes: { type: 'string', default: '20' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
let state = Number(values.seed);
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;

let hear = () => {};
let server;
let violations = 0;

async function tryHome(home) {
  const [engine, storage] = home.split('/');
  const start = killable[engine];
  if (!start) return console.log(`${home}: skipped, ${engine} is not installed`);
  const profile = await mkdtemp(join(tmpdir(), 'corsac-killed-'));
  const run = new Run(home, storage, profile, start);
  try {
    for (let i = 0; i < Number(values.kills); i++) await run.session();
    if (home === 'chromium/indexeddb') for (let i = 0; i < Number(values.wipes); i++) await run.wipe();
    await run.session(); // judges what the last kill left
  } finally {
    run.print();
    violations += run.violations.length;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The sessions of one profile, and what they were told. */
class Run {
  violations = [];
  #acknowledged = new Set();
  #next = 0;
  #counts = { kills: 0, acknowledged: 0, databasesDeleted: 0, restored: 0, lostAndReported: 0, wipesForced: 0 };
  #outcomes = new Map();

  constructor(home, storage, profile, start) {
    Object.assign(this, { home, storage, profile, start });
  }

  /** Opens, judges what is there, lets it write for a moment, kills. */
  async session() {
    const durability = random() < 0.5 ? 'relaxed' : 'strict';
    const page = `${server.url}/killed.html?storage=${this.storage}&durability=${durability}&first=${this.#next}`;
    let opened;
    let acknowledged;
    const ready = new Promise((resolve) => (opened = resolve));
    const writing = new Promise((resolve) => (acknowledged = resolve));
    hear = (what, body) => {
      if (what === 'acknowledged') {
        this.#acknowledged.add(body);
        this.#counts.acknowledged++;
        acknowledged();
      } else opened({ what, ...body });
    };
    const browser = await this.start(this.profile, page);
    let found;
    try {
      found = await within(ready, 'the page opened no store');
      if (found.what === 'opened') {
        await within(writing, 'the page acknowledged nothing');
        await pause(random() * 400);
      }
    } catch (error) {
      this.violations.push(`${error.message}: ${browser.said().slice(-500)}`);
    } finally {
      await browser.kill();
      hear = () => {};
    }
    this.#counts.kills++;
    if (/recovering from a corrupted/.test(browser.said())) this.#counts.databasesDeleted++;
    if (found) this.#judge(found);
    return found;
  }

  /** A record that was torn by a kill, a session that writes behind it, and the one that finds nothing. */
  async wipe() {
    if (!(await tearLog(this.profile))) return this.violations.push('there is no log to be torn');
    this.#counts.wipesForced++;
    await this.session();
    await this.session();
  }

  #judge({ what, outcome, collection, there = [], ok, code, message }) {
    const how = what === 'failed' ? `failed: ${code}` : (collection ?? outcome);
    this.#outcomes.set(how, (this.#outcomes.get(how) ?? 0) + 1);
    if (what === 'failed') {
      this.violations.push(`opening failed: ${code}: ${message}`);
      return;
    }
    if (outcome === 'restored' || collection === 'restored') this.#counts.restored++;
    const counts = new Map(there);
    const halves = [...counts].filter(([, count]) => count !== 2).map(([number]) => number);
    if (halves.length > 0) this.violations.push(`halves of batches: ${halves.slice(0, 5)}`);
    if (!ok) this.violations.push('verify() found damage');
    // What was acknowledged while this session wrote is judged by the next.
    const owed = [...this.#acknowledged].filter((number) => number < this.#next);
    const lost = owed.filter((number) => !counts.has(number));
    if (lost.length > 0) {
      if (REPORTS_LOSS.includes(outcome) || REPORTS_LOSS.includes(collection))
        this.#counts.lostAndReported += lost.length;
      else this.violations.push(`${lost.length} acknowledged writes lost without a report: ${lost.slice(0, 5)}`);
      for (const number of lost) this.#acknowledged.delete(number);
    }
    this.#next = Math.max(this.#next, ...this.#acknowledged, ...counts.keys()) + 10;
  }

  print() {
    const counts = Object.entries(this.#counts).map(([name, count]) => `${name} ${count}`);
    const outcomes = [...this.#outcomes].map(([name, count]) => `${name} ${count}`);
    console.log(
      `${this.home}: ${counts.join(', ')}; outcomes: ${outcomes.join(', ')}; violations ${this.violations.length}`,
    );
    for (const violation of this.violations) console.log(`  ${violation}`);
  }
}

function within(promise, complaint) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(complaint)), OPEN_LIMIT_MS)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

await makePages(SITE, 'build/package/node_modules/corsac', ['killed']);
const mounts = { '/package': join(SITE, 'package'), '/': SITE };
server = await serve(mounts, { onPost: (path, body) => hear(path.slice(1), JSON.parse(body)) });
try {
  for (const home of HOMES.filter((each) => !values.only || each === values.only)) await tryHome(home);
} finally {
  await server.close();
}
process.exitCode = violations > 0 ? 1 : 0;
