// What a run says: a table for the terminal and for Markdown, and everything as JSON.
import { cpus, totalmem } from 'node:os';

import { speedAt } from './matched.mjs';

export const TARGETS = [0.95, 0.98, 0.99];
const BASELINE = 'hnswlib';

export function machine(core) {
  const [{ model }] = cpus();
  return {
    model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    pinnedTo: core ?? null,
  };
}

/** One row per engine, one column per set and target: queries per second, and the ratio to native hnswlib. */
export function table({ data, engines }) {
  const baseline = engines.find(({ name }) => name === BASELINE);
  const columns = data.sets.flatMap((name, set) => TARGETS.map((target) => ({ name, set, target })));
  const head = [
    'engine',
    'build, vectors/s',
    ...columns.map(({ name, target }) => `${name} ${dropZero(target)}`),
    'best recall',
  ];
  const rows = engines.map((engine) => [
    engine.name,
    Math.round(data.count / engine.build.cpu).toLocaleString('en'),
    ...columns.map(({ set, target }) => cell(engine, baseline, set, target)),
    engine.curves.map((curve) => dropZero(Math.max(...curve.map(({ recall }) => recall)))).join(' / '),
  ]);
  return [head, ...rows];
}

function cell(engine, baseline, set, target) {
  const own = speedAt(engine.curves[set], target);
  if (own === undefined) return 'not reached';
  const other = baseline && speedAt(baseline.curves[set], target);
  const ratio = other ? ` (${(own / other).toFixed(2)})` : '';
  return `${Math.round(own).toLocaleString('en')}${ratio}`;
}

const dropZero = (x) => (x >= 1 ? '1' : x.toFixed(3).replace(/^0/, '').replace(/0+$/, ''));

/** As text in columns. */
export function aligned(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) => row.map((text, i) => (i ? text.padStart(widths[i]) : text.padEnd(widths[i]))).join('  '))
    .join('\n');
}

export function markdown(rows) {
  const [head, ...rest] = rows;
  return [head, head.map((_, i) => (i ? '---:' : '---')), ...rest].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The page of one run: machine, method, versions, a table and a plot per data set. */
export function page({ date, machine: on, options, runs, missing }) {
  const lines = [
    `# Vector search beside its peers, ${date}`,
    '',
    'Written by `npm run bench:vectors`. Everything in it is from one run on one machine; ratios move with the machine.',
    '',
    `- **Machine**: ${on.model}, ${on.cores} cores, ${on.memoryGiB} GiB; every engine on one thread${on.pinnedTo === null ? '' : `, pinned to core ${on.pinnedTo}`}; load average at the start ${options.load}.`,
    `- **Figures**: queries per second of processor time at recall@10 of .95, .98 and .99, interpolated on a sweep of efSearch (${options.efs.join(', ')}); medians of ${options.rounds} rounds that took turns between engines; in brackets the ratio to native hnswlib. "not reached": no width of the sweep gave that recall.`,
    `- **Graphs**: M ${options.m}, efConstruction ${options.efConstruction} wherever an engine lets them be chosen. Engines that scan are exact and have one speed; those whose width is fixed have one point.`,
    '- **corsac-native** and **corsac-core-wasm** are the core alone, HNSW over sq8; **corsac-simd** and **corsac-relaxed** are the public API in Node, ids and scores only, without a worker.',
    '',
  ];
  for (const { run, plots } of runs) {
    const { data } = run;
    lines.push(
      `## ${data.name}: ${data.count.toLocaleString('en')} x ${data.dimension}`,
      '',
      `${data.what}; ${data.queries} queries a set.`,
      '',
    );
    lines.push(markdown(table(run)), '', ...plots.map((file) => `![recall and speed](${file})`), '');
    for (const { name, reason } of run.failed) lines.push(`- ${name} failed: ${reason}`);
    if (run.failed.length > 0) lines.push('');
  }
  lines.push('## Versions', '');
  const all = new Map(runs.flatMap(({ run }) => run.engines.map((engine) => [engine.name, engine])));
  for (const { name, version, about } of all.values()) lines.push(`- ${name} ${version}: ${about}`);
  for (const { name, reason } of missing) lines.push(`- ${name} is not in this run: ${reason}`);
  lines.push(
    "- the original's crate is not in this run: it is a registry package whose name is not published with its description",
  );
  return `${lines.join('\n')}\n`;
}
