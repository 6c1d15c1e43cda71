import type * as Fs from 'node:fs/promises';

import { CorsacError } from '../errors.js';
import { nodeBuiltin } from './node-builtin.js';
import { lockedError } from './storage-error.js';

interface Holder {
  readonly pid: number;
  /** When that process started, where the system tells: a process number alone is used again. */
  readonly started: string;
  readonly boot: string;
  readonly nonce: string;
}

/**
 * One writer per folder: a file that only one process can create. A lock left by a dead process, or by
 * another boot of the machine, is taken over; the nonce inside is the fence that every commit checks.
 */
export class LockFile {
  readonly #fs: typeof Fs;
  readonly #path: string;
  readonly #text: string;

  private constructor(fs: typeof Fs, path: string, text: string) {
    this.#fs = fs;
    this.#path = path;
    this.#text = text;
  }

  /** @throws {CorsacError} `locked` naming the process that holds the folder. */
  static async take(path: string): Promise<LockFile> {
    const fs = nodeBuiltin<typeof Fs>('node:fs/promises');
    const text = JSON.stringify({ ...(await identity(fs, process.pid)), nonce: crypto.randomUUID() } satisfies Holder);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await create(fs, path, text)) {
        const lock = new LockFile(fs, path, text);
        await lock.check();
        return lock;
      }
      await removeIfStale(fs, path);
    }
    throw lockedError(`at ${path}`, 'the lock file keeps coming back');
  }

  /** @throws {CorsacError} `locked` when another writer took the folder. */
  async check(): Promise<void> {
    const found = await this.#fs.readFile(this.#path, 'utf8').catch(() => '');
    if (found !== this.#text) throw lockedError(`at ${this.#path}`, 'another writer took over');
  }

  async release(): Promise<void> {
    const found = await this.#fs.readFile(this.#path, 'utf8').catch(() => '');
    if (found === this.#text) await this.#fs.rm(this.#path, { force: true });
  }
}

async function create(fs: typeof Fs, path: string, text: string): Promise<boolean> {
  try {
    await fs.writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead process's lock aside; what was moved is looked at again, because two may try at once. */
async function removeIfStale(fs: typeof Fs, path: string): Promise<void> {
  const before = await fs.readFile(path, 'utf8').catch(() => undefined);
  if (before === undefined) return; // released a moment ago
  await throwIfAlive(fs, before, path);
  const aside = `${path}.${crypto.randomUUID()}`;
  try {
    await fs.rename(path, aside);
  } catch {
    return; // somebody else moved it first
  }
  const moved = await fs.readFile(aside, 'utf8');
  if (moved !== before) await fs.link(aside, path).catch(() => undefined); // a live lock: put it back
  await fs.rm(aside, { force: true });
}

async function throwIfAlive(fs: typeof Fs, text: string, path: string): Promise<void> {
  let holder: Partial<Holder>;
  try {
    holder = JSON.parse(text) as Partial<Holder>;
  } catch {
    holder = {}; // torn by a power cut
  }
  if (typeof holder.pid !== 'number') return;
  const now = await identity(fs, holder.pid);
  if (holder.boot !== now.boot || !isRunning(holder.pid) || holder.started !== now.started) return;
  throw new CorsacError('locked', `the store at ${path} is in use by process ${holder.pid}`, {
    hint: `close it there first; if no such process exists, delete ${path}`,
  });
}

async function identity(fs: typeof Fs, pid: number) {
  const read = (path: string) => fs.readFile(path, 'utf8').catch(() => '');
  const [boot, stat] = await Promise.all([read('/proc/sys/kernel/random/boot_id'), read(`/proc/${pid}/stat`)]);
  // Field 22 of /proc/<pid>/stat, counted after the command name, which may hold spaces.
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { pid, started, boot: boot.trim() };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
