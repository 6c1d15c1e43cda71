import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstalledPackage } from './installed.js';

const page = `
  import { VectorStore } from 'corsac';
  import { StaticEmbedder } from 'corsac/embed';
  globalThis.ready = VectorStore.open('page').then((store) => [store, StaticEmbedder]);
`;

/** The kinds of files, by what their names end in. */
const kinds = (names: readonly string[]) => [...new Set(names.map((name) => name.slice(name.lastIndexOf('.') + 1)))];

describe('a page that imports the package', () => {
  let installed: InstalledPackage;
  let entry: string;

  beforeAll(() => {
    installed = new InstalledPackage();
    entry = installed.write('page.js', page);
    installed.write('index.html', '<!doctype html><script type="module" src="./page.js"></script>');
  });
  afterAll(() => installed.remove());

  const output = (folder: string) => readdirSync(join(installed.folder, folder), { recursive: true }).map(String);

  it('is built by Vite with the wasm, the model and the worker as files beside it', async () => {
    const { build } = await import('vite');
    await build({
      root: installed.folder,
      configFile: false,
      logLevel: 'error',
      worker: { format: 'es' },
      build: { outDir: 'vite', assetsInlineLimit: 0 },
    });
    const names = output('vite');
    expect(kinds(names)).toEqual(expect.arrayContaining(['wasm', 'bin', 'js']));
    const modules = names
      .filter((name) => name.endsWith('.wasm'))
      .map((name) => /(core\.\w+|stemmers)/.exec(name)?.[0]);
    expect(modules.sort()).toEqual(['core.relaxed', 'core.simd', 'core.threads', 'stemmers']);
    expect(names.some((name) => /worker.*\.js$/.test(name))).toBe(true);
  });

  it('is built by webpack with no warning, and with the wasm and the model', async () => {
    const { default: webpack } = await import('webpack');
    const compiler = webpack({
      mode: 'production',
      context: installed.folder,
      entry,
      output: { path: join(installed.folder, 'webpack'), filename: 'page.js' },
      performance: false,
    });
    const problems = await new Promise<string[]>((resolve, reject) => {
      compiler.run((error, stats) => {
        const found = stats?.toJson({ errors: true, warnings: true });
        compiler.close(() =>
          error
            ? reject(error)
            : resolve([...(found?.errors ?? []), ...(found?.warnings ?? [])].map((each) => each.message)),
        );
      });
    });
    expect(problems).toEqual([]);
    expect(kinds(output('webpack'))).toEqual(expect.arrayContaining(['wasm', 'bin', 'js']));
  });

  it('is built by esbuild, for a browser, without Node modules', async () => {
    const { build } = await import('esbuild');
    const outfile = join(installed.folder, 'esbuild.js');
    const { errors, warnings } = await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
    });
    expect([...errors, ...warnings].map((each) => each.text)).toEqual([]);
    expect(readFileSync(outfile, 'utf8')).toContain('core.simd.wasm');
  });
});
