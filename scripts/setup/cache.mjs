// Where do things live that outlast a clone, and how do they get there whole?
//
// Every entry is a folder named after a hash of what made it. It is made under a temporary name and
// renamed when complete, so that an interrupted run never leaves half of one behind.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder shared by all clones: $CORSAC_CACHE, else corsac in the user's cache folder. */
export const cacheRoot =
  process.env.CORSAC_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'corsac');

/** Sixteen hexadecimal digits that stand for the given texts. */
export function keyOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** The path of the entry `name-key`, whether or not it is there. */
export function entryPath(name, key) {
  return join(cacheRoot, `${name}-${key}`);
}

/** Makes the entry by calling `make(folder)` unless it is there already; returns its path. */
export async function entry(name, key, make) {
  const path = entryPath(name, key);
  if (existsSync(path)) return path;
  mkdirSync(cacheRoot, { recursive: true });
  const unfinished = mkdtempSync(join(cacheRoot, `.${name}-`));
  try {
    await make(unfinished);
    publish(unfinished, path);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return path;
}

function publish(unfinished, path) {
  try {
    renameSync(unfinished, path);
  } catch (error) {
    if (!existsSync(path)) throw error; // Otherwise another clone was faster; its entry is as good.
  }
}
