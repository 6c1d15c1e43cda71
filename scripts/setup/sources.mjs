// Where do the C libraries come from? From Debian's source packages, pinned in cmake/sources.json
// by a hash of the files that are compiled. Nothing of them is committed.
//
// Run as a program it prints the folder that holds them, one subfolder per library, making it first
// if need be; CORSAC_SOURCES names a folder of the same shape to use instead.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveKeyring, archiveUri } from './debian.mjs';
import { entry, entryPath, keyOf } from './cache.mjs';
import { run } from '../process.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const table = readFileSync(join(root, 'cmake/sources.json'), 'utf8');

/** Whether the sources are there without fetching them. */
export function hasSources() {
  return Boolean(process.env.CORSAC_SOURCES) || existsSync(entryPath('sources', keyOf(table)));
}

/** The folder of the sources; made when it is not there. */
export async function ensureSources() {
  return process.env.CORSAC_SOURCES || entry('sources', keyOf(table), fetchSources);
}

async function fetchSources(folder) {
  const libraries = JSON.parse(table);
  const work = join(folder, '.work');
  await downloadFromDebian(work, libraries);
  for (const library of libraries) {
    const unpacked = await unpackedFolder(work, library);
    for (const file of keptFiles(unpacked, library.files)) {
      cpSync(join(unpacked, file), join(folder, library.name, file.replace(/^\.\.\//, '')), { recursive: true });
    }
    verify(join(folder, library.name), library);
  }
  await run('rm', ['-rf', work]);
}

/** An apt state of our own, so that no file of the system is edited and no root is needed. */
async function downloadFromDebian(work, libraries) {
  for (const sub of ['lists/partial', 'cache/archives/partial', 'none'])
    mkdirSync(join(work, sub), { recursive: true });
  const list = join(work, 'debian.sources');
  writeFileSync(
    list,
    `Types: deb-src
URIs: ${archiveUri()}
Suites: ${[...new Set(libraries.map((library) => library.suite))].join(' ')}
Components: main
Signed-By: ${archiveKeyring}
`,
  );
  const options = Object.entries({
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': join(work, 'none'),
    'Dir::State::lists': join(work, 'lists'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Get::List-Cleanup': '0',
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '5',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, 'update'], { cwd: work });
  const names = libraries.map((library) => `${library.package}/${library.suite}`);
  await run('apt-get', [...options, 'source', '--only-source', ...names], { cwd: work });
}

async function unpackedFolder(work, { package: name, version, folder }) {
  const unpacked = readdirSync(work, { withFileTypes: true }).find(
    (item) => item.isDirectory() && item.name.startsWith(`${name}-${version}`),
  );
  if (!unpacked) throw new Error(`Debian's source package ${name} is not ${version} any more; see cmake/sources.json`);
  const path = join(work, unpacked.name);
  if (name === 'snowball') await compileStemmers(path, version);
  return join(path, folder);
}

/** Snowball's stemmers are written in a language of their own; its compiler makes C of them. */
async function compileStemmers(path, version) {
  await run('make', ['dist_libstemmer_c'], { cwd: path });
  await run('tar', ['xzf', `dist/libstemmer_c-${version}.tar.gz`], { cwd: path });
  await run('mv', [`libstemmer_c-${version}`, 'stemmer-c'], { cwd: path });
}

/** Paths below `folder` (or `../x` beside it) that match one of the patterns, in order. */
function keptFiles(folder, patterns) {
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => relative(folder, join(item.parentPath ?? item.path, item.name)));
  const beside = readdirSync(dirname(folder)).map((name) => `../${name}`);
  return [...inside, ...beside].filter((file) => patterns.some((pattern) => new RegExp(pattern).test(file))).sort();
}

function verify(folder, library) {
  const hash = createHash('sha256');
  for (const file of keptFiles(folder, ['^[^.]']).filter((path) => !path.startsWith('..'))) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)));
  }
  const found = hash.digest('hex');
  if (found !== library.sha256) {
    throw new Error(
      `the files of ${library.name} ${library.version} have the hash ${found}, expected ${library.sha256}`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await ensureSources());
  } catch (error) {
    console.error(`The C library sources could not be fetched: ${error.message}`);
    process.exitCode = 1;
  }
}
