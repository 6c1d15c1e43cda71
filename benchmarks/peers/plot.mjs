// Recall against speed as an SVG: one line per engine, written without a library.
const WIDTH = 760;
const HEIGHT = 430;
const LEFT = 64;
const RIGHT = 200;
const TOP = 34;
const BOTTOM = 44;
const COLOURS = [
  '#c2410c',
  '#1d4ed8',
  '#15803d',
  '#7e22ce',
  '#b91c1c',
  '#0f766e',
  '#a16207',
  '#4338ca',
  '#be185d',
  '#4d7c0f',
  '#0369a1',
  '#78716c',
  '#9333ea',
  '#ea580c',
];

/**
 * @param {string} title
 * @param {readonly { name: string, points: readonly { recall: number, qps: number }[] }[]} lines
 */
export function svgOf(title, lines) {
  const points = lines.flatMap((line) => line.points);
  const lowest = Math.min(0.99, Math.max(0.5, Math.floor(Math.min(...points.map(({ recall }) => recall)) * 20) / 20));
  const speeds = points.map(({ qps }) => Math.log10(qps));
  const [slow, fast] = [Math.floor(Math.min(...speeds)), Math.ceil(Math.max(...speeds))];
  // Recall close to 1 is what matters: the axis is the logarithm of what is missed.
  const miss = (recall) => Math.log10(Math.max(1 - recall, 0.001));
  const x = (recall) => LEFT + ((miss(lowest) - miss(recall)) / (miss(lowest) + 3)) * (WIDTH - LEFT - RIGHT);
  const y = (qps) => HEIGHT - BOTTOM - ((Math.log10(qps) - slow) / Math.max(fast - slow, 1)) * (HEIGHT - TOP - BOTTOM);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 20, title, 'font-size="14" font-weight="bold"'),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, 'recall@10', 'text-anchor="middle"'),
    text(8, TOP - 6, 'queries per second'),
  ];
  for (const recall of [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999].filter((each) => each >= lowest)) {
    out.push(
      rule(x(recall), TOP, x(recall), HEIGHT - BOTTOM),
      text(x(recall), HEIGHT - BOTTOM + 16, String(recall), 'text-anchor="middle"'),
    );
  }
  for (let power = slow; power <= fast; power++) {
    out.push(rule(LEFT, y(10 ** power), WIDTH - RIGHT, y(10 ** power)));
    out.push(text(LEFT - 6, y(10 ** power) + 4, (10 ** power).toLocaleString('en'), 'text-anchor="end"'));
  }
  lines.forEach(({ name, points: own }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const shown = [...own].filter(({ recall }) => recall >= lowest).sort((a, b) => a.recall - b.recall);
    const path = shown.map(({ recall, qps }) => `${x(recall).toFixed(1)},${y(qps).toFixed(1)}`);
    if (path.length > 1)
      out.push(`<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const at of path) out.push(`<circle cx="${at.replace(',', '" cy="')}" r="3" fill="${colour}"/>`);
    const row = TOP + 10 + i * 18;
    out.push(
      `<circle cx="${WIDTH - RIGHT + 18}" cy="${row - 4}" r="4" fill="${colour}"/>`,
      text(WIDTH - RIGHT + 28, row, name),
    );
  });
  return `${out.join('\n')}\n</svg>\n`;
}

const rule = (x1, y1, x2, y2) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`;
const text = (x, y, content, more = '') =>
  `<text x="${typeof x === 'number' ? x.toFixed(1) : x}" y="${y.toFixed(1)}" ${more}>${escape(content)}</text>`;
const escape = (content) => content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
