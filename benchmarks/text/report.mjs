// What a run of the text benchmark says: read from the programs' output, shown in columns, written as a page and as JSON.
import { aligned, markdown } from '../peers/report.mjs';
import { CLASSES } from './films.mjs';

const KINDS = Object.keys(CLASSES);
const YARDSTICK = 'tantivy';

/** { perSecond, openMs?, bytes, sizes, times: { class: [p50, p95] in microseconds } } */
export function read(printed) {
  const index = /^index documents_per_s (\d+)(?:.*open_ms ([\d.]+))?.* bytes (\d+)/m.exec(printed);
  const queries = [...printed.matchAll(/^query (\S+) p50_us ([\d.]+) p95_us ([\d.]+)/gm)];
  return {
    perSecond: Number(index?.[1]),
    openMs: index?.[2] && Number(index[2]),
    bytes: Number(index?.[3]),
    sizes: [...printed.matchAll(/^bytes a_(.*)$/gm)].map(([, size]) => size),
    times: Object.fromEntries(queries.map(([, kind, p50, p95]) => [kind, [Number(p50), Number(p95)]])),
  };
}

const shown = (us) => (us < 100 ? us.toFixed(1) : us < 1000 ? us.toFixed(0) : `${(us / 1000).toFixed(1)}k`);

/** One row per engine: documents a second, megabytes, ms to open, p50 / p95 of every class. */
export function times(results) {
  const head = ['p50 / p95, us', 'documents/s', 'MB', 'open, ms', ...KINDS];
  const rows = Object.entries(results).map(([name, { perSecond, bytes, openMs, times: own }]) => [
    name,
    perSecond.toLocaleString('en'),
    bytes ? (bytes / 1e6).toFixed(1) : '-',
    openMs === undefined ? '-' : openMs.toFixed(1),
    ...KINDS.map((kind) => own[kind]?.map(shown).join(' / ') ?? '-'),
  ]);
  return [head, ...rows];
}

/** Corsac's times over those of the yardstick, and what its median takes longer than the fastest other engine's. */
export function ratios(results) {
  const others = Object.entries(results).filter(([name]) => !isCorsac(name));
  const rows = [];
  for (const [name, { times: own }] of Object.entries(results)) {
    if (!isCorsac(name)) continue;
    const yardstick = results[YARDSTICK]?.times;
    if (yardstick) {
      const cells = KINDS.map((kind) => own[kind].map((us, i) => (us / yardstick[kind][i]).toFixed(2)).join(' / '));
      rows.push([`${name} : ${YARDSTICK}`, ...cells]);
    }
    const behind = KINDS.map((kind) => {
      const best = Math.min(...others.map(([, { times: each }]) => each[kind]?.[0] ?? Infinity));
      return Number.isFinite(best) ? `${own[kind][0] > best ? '+' : ''}${(own[kind][0] - best).toFixed(0)}` : '-';
    });
    rows.push([`${name} - the fastest other, us`, ...behind]);
  }
  return [['', ...KINDS], ...rows];
}

export const isCorsac = (name) => name.startsWith('Corsac');

export const table = (results) => `${aligned(times(results))}\n\n${aligned(ratios(results))}`;

/** The page of one run. */
export function page({ date, machine: on, options, results, missing, versions }) {
  const lines = [
    `# Text search beside its peers, ${date}`,
    '',
    'Written by `npm run bench:text`. Everything in it is from one run on one machine; read the ratios, not the times.',
    '',
    `- **Machine**: ${on.model}, ${on.cores} cores, ${on.memoryGiB} GiB; every engine on one thread${on.pinnedTo === null ? '' : `, pinned to core ${on.pinnedTo}`}; load average at the start ${options.load}.`,
    `- **Data**: ${options.documents.toLocaleString('en')} films, title and extract; ${options.queries} queries of each class, drawn from them by a seed. A query's time is the best of its rounds.`,
    '- **Work**: ids and scores of the best ten. Corsac, FTS5 and tantivy stem; tantivy scores prefixes and misspelt words as 1, Corsac and MiniSearch by BM25; FlexSearch has no BM25. Corsac is the core alone; indexing counts processor time with positions, and sealing.',
    '',
    ...Object.entries(CLASSES).map(([kind, what]) => `- \`${kind}\`: ${what}`),
    '',
    markdown(times(results)),
    '',
    markdown(ratios(results)),
    '',
  ];
  const own = Object.values(results).find(({ sizes }) => sizes.length > 0);
  if (own) lines.push('## Bytes', '', ...own.sizes.map((size) => `- a ${size}`), '');
  lines.push('## Versions', '', ...versions.map((version) => `- ${version}`));
  for (const { name, reason } of missing) lines.push(`- ${name} is not in this run: ${reason}`);
  return `${lines.join('\n')}\n`;
}
