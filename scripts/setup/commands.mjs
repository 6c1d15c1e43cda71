// Which programs of the system does a chore need, and which Debian package has each?
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages, mayInstall } from './debian.mjs';

const forSources = {
  'apt-get': 'apt',
  'dpkg-source': 'dpkg-dev',
  make: 'make',
  'g++': 'g++',
  perl: 'perl',
  xz: 'xz-utils',
};
const forEmscripten = { bwrap: 'bubblewrap' };
// Without root the root filesystem is made in a user namespace, which needs a range of user ids.
const toInstallEmscripten = {
  mmdebstrap: 'mmdebstrap',
  ...(process.getuid?.() === 0 ? {} : { newuidmap: 'uidmap' }),
};
const forOwnEmscripten = { cmake: 'cmake', ninja: 'ninja-build' };
const forNative = { cmake: 'cmake', ninja: 'ninja-build', 'g++': 'g++' };
const forNeon = { 'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu', 'qemu-aarch64': 'qemu-user' };
const forBrowsers = {
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  WebKitWebDriver: 'webkit2gtk-driver',
  'xvfb-run': 'xvfb',
  xauth: 'xauth',
};

/** The programs of a chore: 'build', 'check' or 'test'. What is there already needs no programs to fetch it. */
export function commandsFor(chore, { hasSources, hasEmscripten, ownEmscripten }) {
  const build = {
    ...(hasSources ? {} : forSources),
    ...(hasEmscripten ? {} : toInstallEmscripten),
    ...(ownEmscripten ? forOwnEmscripten : forEmscripten),
  };
  if (chore === 'test') return { ...build, ...forNative, ...forNeon, ...forBrowsers };
  if (chore === 'check') return { ...build, 'clang-format': 'clang-format' };
  return build;
}

/** Whether the PATH has the program. */
export function hasCommand(name) {
  return process.env.PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs what is missing where that is allowed; resolves to the packages that stay missing. */
export async function ensureCommands(commands) {
  const missing = () => [
    ...new Set(
      Object.entries(commands)
        .filter(([name]) => !hasCommand(name))
        .map(([, p]) => p),
    ),
  ];
  const packages = missing();
  if (packages.length === 0) return [];
  if (await mayInstall()) {
    await installPackages(packages);
    if (missing().length > 0) throw new Error(`installed, and still not on the PATH: ${missing().join(' ')}`);
  }
  return missing();
}
