// What is going on, and for how long? One line per step, its seconds at the end.
import { ProgramError } from './process.mjs';

const started = performance.now();
const minutes = [];
const active = new Map();

/** Runs `work` and prints `title` with the seconds it took; `work` may return a remark for the line. */
export async function step(title, work) {
  const begin = performance.now();
  const finish = (mark, remark = '') => {
    active.delete(title);
    clearStatus();
    const label = `  ${title} `.padEnd(44, '.');
    console.log(`${label} ${seconds(begin).padStart(6)} s  ${mark}${remark ? `  ${remark}` : ''}`);
  };
  active.set(title, begin);
  showStatus();
  const timer = setInterval(showStatus, 1000);
  try {
    const remark = await work();
    finish('ok', typeof remark === 'string' ? remark : '');
    return remark;
  } catch (error) {
    finish('FAILED');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** On a terminal the last line says what is under way. */
function showStatus() {
  if (!process.stdout.isTTY) return;
  const running = [...active].map(([title, begin]) => `${title} ${Math.round((performance.now() - begin) / 1000)} s`);
  if (running.length > 0)
    process.stdout.write(`\r  ... ${running.join(', ')}`.slice(0, process.stdout.columns) + '\u001b[K');
}

function clearStatus() {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}

/** Like `step` for one line of the closing table of minutes. */
export async function stage(title, work) {
  const begin = performance.now();
  console.log(title);
  try {
    return await work();
  } finally {
    minutes.push([title, performance.now() - begin]);
  }
}

/** Prints minutes per stage. */
export function printMinutes() {
  const row = (name, ms) => console.log(`  ${name.padEnd(44)} ${(ms / 60_000).toFixed(1).padStart(6)}`);
  console.log(`\nMinutes per stage`);
  for (const [name, ms] of minutes) row(name, ms);
  row('all', performance.now() - started);
}

/** What went wrong, with the end of the output of the program that failed. */
export function explain(error) {
  if (!(error instanceof ProgramError)) return error.stack ?? String(error);
  return `${error.message}\n${error.recent.trimEnd()}\n(all of it: ${error.log})`;
}

function seconds(begin) {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
