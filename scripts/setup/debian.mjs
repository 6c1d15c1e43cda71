// What does Debian offer here? Packages to install, and where its archive is.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, succeeds } from '../process.mjs';

export const archiveKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The archive that this machine's own apt configuration names. */
export function archiveUri() {
  const parts = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list'];
  if (existsSync(parts)) {
    files.push(
      ...readdirSync(parts)
        .filter((name) => /\.(list|sources)$/.test(name))
        .map((name) => join(parts, name)),
    );
  }
  for (const file of files) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:|deb\s)[^#\n]*?(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(readFileSync(file, 'utf8'));
    if (found) return found[1];
  }
  throw new Error(
    'this machine names no Debian archive in /etc/apt; set CORSAC_SOURCES to a folder of the sources that cmake/sources.json lists',
  );
}

/** Installs packages without asking; needs root and apt. */
export async function installPackages(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'Acquire::Retries=5', '-o', 'DPkg::Lock::Timeout=600'];
  await run('apt-get', [...options, 'update', '-q'], { env });
  await run('apt-get', [...options, 'install', '-y', '-q', '--no-install-recommends', ...names], { env });
}

/** Whether this process may install packages. */
export async function mayInstall() {
  return process.getuid?.() === 0 && (await succeeds('apt-get', ['--version']));
}
