// The folder that a test's browser is shown: the packed package as it is published, and scripts bundled against its
// public addresses, each with a page of its own.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

export const BUNDLE = { bundle: true, format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'warning' };

const fromPackage = {
  name: 'package',
  setup(bundle) {
    bundle.onResolve({ filter: /^corsac(\/.*)?$/ }, ({ path }) => ({
      path: `/package/dist/${path === 'corsac' ? 'index' : path.slice('corsac/'.length)}.js`,
      external: true,
    }));
  },
};

/**
 * @param {string} site is made anew
 * @param {string} installed the package
 * @param {readonly string[]} scripts of tests-js/browser
 */
export async function makePages(site, installed, scripts) {
  await rm(site, { recursive: true, force: true });
  await mkdir(site, { recursive: true });
  await cp(installed, join(site, 'package'), { recursive: true, dereference: true });
  await build({
    ...BUNDLE,
    entryPoints: scripts.map((name) => `tests-js/browser/${name}.ts`),
    outdir: site,
    plugins: [fromPackage],
  });
  for (const name of scripts) await writePage(site, name);
}

export async function writePage(site, name) {
  const body = `<body><script type="module" src="/${name}.js"></script></body>`;
  const page = `<!doctype html><meta charset="utf-8"><title>${name}</title>${body}`;
  await writeFile(join(site, `${name}.html`), page);
}
