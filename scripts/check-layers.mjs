// Fails when a file includes what its layer may not use: src/CMakeLists.txt is the table for C++,
// the map below for TypeScript. Emscripten's headers belong to bindings/wasm alone.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { root } from './process.mjs';

/** Folders of js/ that a folder may import from; '.' is js/ itself. Not named: may import anything. */
const jsLayers = {
  storage: ['storage', 'errors.ts'],
  core: ['core', 'errors.ts', 'storage/node-builtin.ts'],
  'errors.ts': [],
};

const problems = [...layerProblems(), ...emscriptenProblems(), ...jsProblems()];
for (const problem of problems) console.error(problem);
console.log(`layers: ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** layer -> the layers it may include, itself and what it depends on through others. */
function readTable() {
  const reach = new Map();
  const table = readFileSync(join(root, 'src/CMakeLists.txt'), 'utf8').replaceAll(/#.*$/gm, '');
  for (const [, body] of table.matchAll(/add_layer\(([^)]*)\)/g)) {
    const [name, ...rest] = body.trim().split(/\s+/);
    const end = rest.indexOf('LIBRARIES');
    const depends = rest.slice(1, end < 0 ? undefined : end).filter(() => rest[0] === 'DEPENDS');
    const allowed = new Set([name]);
    for (const layer of depends) {
      if (!reach.has(layer)) throw new Error(`${name} depends on ${layer}, which is not declared above it`);
      for (const each of reach.get(layer)) allowed.add(each);
    }
    reach.set(name, allowed);
  }
  return reach;
}

function layerProblems() {
  const reach = readTable();
  const folders = foldersIn('src');
  const found = folders.filter((name) => !reach.has(name)).map((name) => `src/${name}: not in the layer table`);
  for (const [layer, allowed] of reach) {
    for (const { path, text } of sources(`src/${layer}`, /\.(h|cpp)$/)) {
      for (const [, target] of text.matchAll(/^#include "(\w+)\//gm)) {
        if (!allowed.has(target)) found.push(`${path}: ${layer} may not include ${target}`);
      }
    }
  }
  return found;
}

function emscriptenProblems() {
  return sources('src', /\.(h|cpp)$/)
    .filter(({ text }) => /^#include <emscripten/m.test(text))
    .map(({ path }) => `${path}: only bindings/wasm may include Emscripten's headers`);
}

function jsProblems() {
  const found = [];
  for (const { path, text } of sources('js', /\.ts$/)) {
    const allowed = jsLayers[layerOf(path)];
    if (!allowed) continue;
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)) {
      const imported = normalize(join(dirname(path), target)).replace(/\.js$/, '.ts');
      const inside = relative('js', imported);
      if (!allowed.includes(inside) && !allowed.includes(layerOf(imported)))
        found.push(`${path}: may not import ${inside}`);
    }
  }
  return found;
}

function layerOf(path) {
  return relative('js', path).split('/')[0];
}

function foldersIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map((item) => item.name);
}

function sources(folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => pattern.test(name))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));
}
