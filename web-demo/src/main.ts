// The page: opens or builds the dictionary, then answers while one types.
import { CorsacError } from 'corsac';

import { Dictionary, type Entry, type Mode, type Progress } from './dictionary.js';
import { describe, showResults } from './results.js';

const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const query = $<HTMLInputElement>('query');
const pos = $<HTMLSelectElement>('pos');
const hits = $<HTMLOListElement>('hits');
const form = $<HTMLFormElement>('ask');
const clear = $<HTMLButtonElement>('clear');
const parameters = new URLSearchParams(location.search);

let dictionary: Dictionary | undefined;
let asked = 0;

void start();

async function start(): Promise<void> {
  $('notice').hidden = true;
  say('Opening the dictionary …');
  try {
    dictionary = await Dictionary.open();
  } catch (error) {
    return refuse(error);
  }
  clear.disabled = false;
  query.disabled = false;
  query.value = parameters.get('q') ?? '';
  query.focus();
  try {
    await build(dictionary);
  } catch (error) {
    return refuse(error);
  }
  await ask();
}

/** Indexes what is missing; a dictionary that is complete is only opened. */
async function build(words: Dictionary): Promise<void> {
  const stored = await words.count();
  const complete = Number(localStorage.getItem('wordnet-total') ?? NaN);
  if (stored > 0 && stored === complete) {
    document.body.dataset['state'] = 'reopened';
    say(`Reopened ${stored.toLocaleString('en-US')} entries in ${words.openMs.toFixed(0)} ms, nothing was rebuilt.`);
    return showStored();
  }
  say(stored > 0 ? `Going on after ${stored.toLocaleString('en-US')} stored entries …` : 'Loading WordNet …');
  const corpus = (await (await fetch('./wordnet.json')).json()) as Entry[];
  const entries = corpus.slice(0, Number(parameters.get('limit') ?? corpus.length));
  localStorage.setItem('wordnet-total', String(entries.length));
  $('job').hidden = false;
  const started = performance.now();
  await words.index(entries, showProgress);
  $('job').hidden = true;
  document.body.dataset['state'] = 'built';
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(
    `Indexed ${(entries.length - stored).toLocaleString('en-US')} entries in ${seconds} s; they are stored in this browser.`,
  );
  await showStored();
}

function showProgress({ done, total, perSecond, etaMs }: Progress): void {
  $<HTMLProgressElement>('bar').value = done / total;
  const left = etaMs > 0 ? `, about ${Math.ceil(etaMs / 1000)} s left` : '';
  $('job-text').textContent =
    `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} entries, ${Math.round(perSecond).toLocaleString('en-US')} a second${left}`;
  if (query.value.trim()) void ask();
}

async function ask(): Promise<void> {
  if (!dictionary) return;
  const ticket = ++asked;
  const text = query.value.trim();
  remember(text);
  if (!text) return hits.replaceChildren();
  const mode = (new FormData(form).get('mode') ?? 'hybrid') as Mode;
  const started = performance.now();
  try {
    const results = await dictionary.ask({ text, mode, pos: pos.value });
    if (ticket !== asked) return; // a newer question is on its way
    showResults(hits, results);
    say(describe(results, performance.now() - started));
  } catch (error) {
    if (ticket === asked) refuse(error);
  }
}

async function showStored(): Promise<void> {
  if (!dictionary) return;
  const stats = await dictionary.stats();
  const stored = stats.bytes.snapshot + stats.bytes.log;
  $('stored').textContent =
    `${stats.documents.toLocaleString('en-US')} documents, ${(stored / 1e6).toFixed(1)} MB stored in this browser, core variant ${stats.variant}`;
}

function refuse(error: unknown): void {
  const notice = $('notice');
  const locked = error instanceof CorsacError && error.code === 'locked';
  const text = document.createElement('p');
  text.textContent = locked
    ? 'Another tab holds the dictionary. Close it there, then try again.'
    : `This did not work: ${(error as Error).message}`;
  const again = document.createElement('button');
  again.textContent = 'Try again';
  again.onclick = () => location.reload();
  notice.replaceChildren(text, again);
  notice.hidden = false;
  document.body.dataset['state'] = locked ? 'locked' : 'failed';
  say('');
}

function remember(text: string): void {
  const url = new URL(location.href);
  if (text) url.searchParams.set('q', text);
  else url.searchParams.delete('q');
  history.replaceState(null, '', url);
}

function say(text: string): void {
  $('how').textContent = text;
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', () => void ask());
clear.addEventListener('click', async () => {
  if (!dictionary || !confirm('Delete the dictionary stored in this browser?')) return;
  clear.disabled = true;
  await dictionary.clear();
  localStorage.removeItem('wordnet-total');
  location.reload();
});
document.addEventListener('keydown', (event) => {
  const rows = [...hits.children] as HTMLElement[];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (event.key === '/' && document.activeElement !== query) query.focus();
  else if (event.key === 'Escape') {
    query.value = '';
    query.focus();
    void ask();
  } else if (event.key === 'ArrowDown' && (at >= 0 || document.activeElement === query)) rows[at + 1]?.focus();
  else if (event.key === 'ArrowUp' && at >= 0) (rows[at - 1] ?? query).focus();
  else return;
  event.preventDefault();
});
