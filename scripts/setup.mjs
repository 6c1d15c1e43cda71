// Everything a chore needs before it can begin: system packages, npm packages, the sources of the C
// libraries, Emscripten. Idempotent; uses Node's own modules only, since it runs before npm.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logTo, root, run } from './process.mjs';
import { explain, step } from './progress.mjs';
import { commandsFor, ensureCommands } from './setup/commands.mjs';
import { ensureEmscripten, hasEmscripten, hasOwnEmscripten } from './setup/emscripten.mjs';
import { ensureSources, hasSources } from './setup/sources.mjs';
import { unlessMade } from './stamp.mjs';

/**
 * Prepares this machine for `chore`: 'build', 'check' or 'test'. Where packages are missing that it may
 * not install, it names them and prepares what it can without them.
 */
export async function setUp(chore) {
  let missing = [];
  const here = { hasSources: hasSources(), hasEmscripten: hasEmscripten(), ownEmscripten: hasOwnEmscripten() };
  await step('system packages', async () => {
    missing = await ensureCommands(commandsFor(chore, here));
    return missing.length > 0 ? `missing: ${missing.join(' ')}` : '';
  });
  if (missing.length > 0)
    console.log(
      `  Please install these (as root, on Debian: apt-get install ${missing.join(' ')}); going on without them.`,
    );
  const ensured = (ensure) => async () => {
    try {
      await ensure();
    } catch (error) {
      if (missing.length === 0) throw error;
      return `left out: ${error.message}`;
    }
  };
  // Side by side: the first waits for the network most of the time, the others for it and the disk.
  const all = await Promise.allSettled([
    step('npm packages', installNpmPackages),
    step('sources of the C libraries', ensured(ensureSources)),
    step('Emscripten', ensured(ensureEmscripten)),
  ]);
  for (const { reason } of all) if (reason) throw reason;
}

async function installNpmPackages() {
  const listed = ['package.json', 'package-lock.json', '.npmrc'];
  await unlessMade({ name: 'npm', inputs: listed, outputs: ['node_modules/.package-lock.json'] }, async () => {
    if (await alreadyInstalled()) return;
    // One package is a Node for Linux on x64; elsewhere it is of no use, and no reason to stop.
    const elsewhere = process.platform === 'linux' && process.arch === 'x64' ? [] : ['--force'];
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...elsewhere], { cwd: root });
  });
}

/** Whether node_modules is what the lock file says, for instance after `npm ci` by hand. */
async function alreadyInstalled() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  return run('npm', ['ls', '--all', '--depth=0']).then(
    () => true,
    () => false,
  );
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
