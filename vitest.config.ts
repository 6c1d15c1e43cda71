import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const packed = fileURLToPath(new URL('./build/package/importer.js', import.meta.url));

/** `corsac` in a test is the packed package, as a user would have installed it. */
const packedPackage: Plugin = {
  name: 'packed-package',
  enforce: 'pre',
  resolveId(source) {
    return /^corsac(\/|$)/.test(source) ? this.resolve(source, packed, { skipSelf: true }) : undefined;
  },
};

export default defineConfig({
  plugins: [packedPackage],
  test: {
    include: ['tests-js/**/*.test.ts'],
    exclude: ['tests-js/browser/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['dot'],
  },
});
