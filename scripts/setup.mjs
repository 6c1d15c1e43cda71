// Everything a chore needs before it can begin: system packages, npm packages, the sources of the C
// libraries, Emscripten. Idempotent; uses Node's own modules only, since it runs before npm.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logTo, root, run } from './process.mjs';
import { explain, step } from './progress.mjs';
import { commandsFor, ensureCommands } from './setup/commands.mjs';
import { ensureEmscripten, hasOwnEmscripten } from './setup/emscripten.mjs';
import { ensureSources } from './setup/sources.mjs';
import { unlessMade } from './stamp.mjs';

/** Prepares this machine for `chore`: 'build', 'check' or 'test'. */
export async function setUp(chore) {
  await step('system packages', async () => {
    const missing = await ensureCommands(commandsFor(chore, { ownEmscripten: hasOwnEmscripten() }));
    if (missing.length > 0) console.log(`\n  Please install, as root on Debian: apt-get install ${missing.join(' ')}`);
  });
  // Side by side: the first waits for the network most of the time, the others for it and the disk.
  const all = await Promise.allSettled([
    step('npm packages', installNpmPackages),
    step('sources of the C libraries', async () => void (await ensureSources())),
    step('Emscripten', async () => void (await ensureEmscripten())),
  ]);
  for (const { reason } of all) if (reason) throw reason;
}

async function installNpmPackages() {
  const listed = ['package.json', 'package-lock.json', '.npmrc'];
  await unlessMade({ name: 'npm', inputs: listed, outputs: ['node_modules/.package-lock.json'] }, async () => {
    if (await alreadyInstalled()) return;
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
  });
}

/** Whether node_modules is what the lock file says, for instance after `npm ci` by hand. */
async function alreadyInstalled() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  return run('npm', ['ls', '--all', '--depth=0']).then(() => true, () => false);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  logTo('setup');
  try {
    await setUp(process.argv[2] ?? 'test');
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}
