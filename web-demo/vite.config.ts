import { fileURLToPath } from 'node:url';

import { type Plugin, defineConfig } from 'vite';

// @ts-expect-error plain JavaScript, shared with the terminal job
import { readWordNet } from '../scripts/wordnet.mjs';

const dist = (file: string) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

/** Serves the corpus as one file beside the page. */
function corpus(): Plugin {
  const text = async () => JSON.stringify(await readWordNet());
  return {
    name: 'wordnet',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'wordnet.json', source: await text() });
    },
    configureServer(server) {
      server.middlewares.use('/wordnet.json', (_request, response) => {
        response.setHeader('content-type', 'application/json');
        void text().then((body) => response.end(body));
      });
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: { outDir: '../build/web-demo', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  worker: { format: 'es' },
  resolve: {
    alias: [
      { find: /^corsac$/, replacement: dist('index.js') },
      { find: /^corsac\/embed$/, replacement: dist('embed.js') },
    ],
  },
  plugins: [corpus()],
});
