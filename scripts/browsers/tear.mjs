// What a kill may leave in the write-ahead log of Chromium's IndexedDB: the 7-byte header of a record whose content
// never reached the file. The next session goes on behind it, the one after meets a wrong checksum, and the browser
// deletes every database of the origin (google/leveldb#1287).
import { appendFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK = 32_768;
const HEADER = 7;
const FULL_RECORD = 1;
const CLAIMED_BYTES = 5_000;

/** @returns whether there was a log to be torn. */
export async function tearLog(profile) {
  const base = join(profile, 'Default/IndexedDB');
  const folder = (await readdir(base).catch(() => [])).find((name) => name.endsWith('.indexeddb.leveldb'));
  if (!folder) return false;
  const logs = (await readdir(join(base, folder))).filter((name) => /^\d+\.log$/.test(name)).sort();
  const log = logs.at(-1);
  if (!log) return false;
  const path = join(base, folder, log);
  const left = BLOCK - ((await stat(path)).size % BLOCK);
  const padding = left < HEADER ? left : 0;
  const torn = Buffer.alloc(padding + HEADER);
  torn.writeUInt32LE(0x1a2b3c4d, padding);
  torn.writeUInt16LE(Math.min(CLAIMED_BYTES, BLOCK - HEADER - 1), padding + 4);
  torn[padding + 6] = FULL_RECORD;
  await appendFile(path, torn);
  return true;
}
