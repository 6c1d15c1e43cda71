// Every example in the documentation comments of the API runs, and so does the code of a guide, as one program.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = join(root, 'build/examples');

interface Example {
  readonly where: string;
  readonly code: string;
}

/** Code after `@example` up to the end of the comment or the next tag. */
function examplesOf(file: string): Example[] {
  const source = readFileSync(join(root, 'js', file), 'utf8');
  return [...source.matchAll(/^ *\/\*\*[\s\S]*?\*\//gm)].flatMap(([comment]) => {
    const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
    const start = lines.findIndex((line) => line.startsWith('@example'));
    if (start < 0) return [];
    const body = lines
      .slice(start + 1)
      .join('\n')
      .replace(/\*?\/\s*$/, '');
    const code = body
      .split(/^@/m)[0]!
      .replace(/^```\w*$/gm, '')
      .trim();
    return [
      { where: `${file}: ${code.split('\n').find((line) => !line.startsWith('import') && line.trim()) ?? ''}`, code },
    ];
  });
}

/** The pieces of JavaScript of a page, one after another. */
function guide(file: string): Example {
  const pieces = readFileSync(join(root, 'docs', file), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm);
  return { where: `docs/${file}`, code: [...pieces].map(([, piece]) => piece).join('\n') };
}

const guides = ['searching.md'].map(guide);
const files = readdirSync(join(root, 'js'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const complete = files
  .flatMap(examplesOf)
  .filter(({ code }) => /^import .* from 'corsac/m.test(code) && !/onnx/i.test(code))
  .concat(guides);

describe('examples', () => {
  const said: unknown[][] = [];

  beforeEach(() => {
    said.length = 0;
    mkdirSync(folder, { recursive: true });
    vi.spyOn(console, 'log').mockImplementation((...words) => void said.push(words));
  });
  afterEach(() => vi.restoreAllMocks());

  test('there are some', () => {
    expect(complete.length).toBeGreaterThanOrEqual(4);
  });

  test.each(complete.map((example, i) => ({ ...example, i })))('$where', async ({ code, i }) => {
    const path = join(folder, `example-${i}.ts`);
    writeFileSync(path, `${code}\nexport {};\n`);
    try {
      await import(/* @vite-ignore */ path);
    } finally {
      rmSync(path);
    }
    // What a comment promises behind console.log is what was said.
    const promised = [...code.matchAll(/console\.log\(.*\);(?:\n\s*| )\/\/ (.+)$/gm)].map(([, words]) => words);
    const words = said.map((each) => each.join(' '));
    for (const promise of promised) expect(words).toContain(promise);
  });
});
