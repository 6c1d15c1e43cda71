// Has this been made already, from the very same inputs? Keyed by content, not by time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './process.mjs';

/**
 * Calls `make` unless its `outputs` exist and `inputs` (files and folders below the root, and other
 * texts under `also`) are what they were when it last ended well. Resolves to whether it was called.
 */
export async function unlessMade({ name, inputs, outputs, also = [] }, make) {
  const stamp = join(root, 'build/stamps', name);
  const key = hashOf(inputs, also);
  const made = existsSync(stamp) && readFileSync(stamp, 'utf8') === key;
  if (made && outputs.every((path) => existsSync(join(root, path)))) return false;
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
  return true;
}

function hashOf(inputs, also) {
  const hash = createHash('sha256');
  for (const text of also) hash.update(text).update('\0');
  for (const path of inputs.flatMap(filesBelow)) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
