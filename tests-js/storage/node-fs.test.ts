import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { NodeFsStore } from '../../js/storage/node-fs.js';
import { byteStoreCases } from './byte-store.contract.js';

const folder = await mkdtemp(join(tmpdir(), 'corsac-'));
const wipe = () => rm(folder, { recursive: true, force: true });
afterAll(wipe);

describe('NodeFsStore keeps the ByteStore contract', () => {
  for (const { name, run } of byteStoreCases({ open: () => NodeFsStore.open(folder), wipe })) test(name, run);
});

describe('NodeFsStore', () => {
  beforeEach(wipe);
  const lock = join(folder, 'store.lock');

  test('takes over the lock of a process that died, and of an earlier boot', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e6)']);
    await mkdir(folder, { recursive: true });
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    const holder = { pid: child.pid, started: '', boot: boot.trim(), nonce: 'n' };
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const left of [
      JSON.stringify(holder),
      JSON.stringify({ ...holder, pid: process.pid, boot: 'other' }),
      'torn {',
    ]) {
      await writeFile(lock, left);
      await (await NodeFsStore.open(folder)).close();
    }
  });

  test('a writer whose lock was taken cannot commit', async () => {
    const first = await NodeFsStore.open(folder);
    await rm(lock);
    const second = await NodeFsStore.open(folder);
    await expect(
      first.apply([{ op: 'root', name: 'a', slot: 0, bytes: new Uint8Array(1) }], 'relaxed'),
    ).rejects.toMatchObject({ code: 'locked' });
    await expect(first.apply([], 'strict')).rejects.toMatchObject({ code: 'locked' });
    await first.close();
    await second.apply([], 'strict');
    await second.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('destroy leaves what is not its own', async () => {
    const store = await NodeFsStore.open(folder);
    await store.apply(
      [
        { op: 'put', name: '1/wal-1', bytes: new Uint8Array(3) },
        { op: 'root', name: '1', slot: 0, bytes: new Uint8Array(1) },
      ],
      'strict',
    );
    await store.close();
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine', 'notes'), 'kept');
    await NodeFsStore.destroy(folder);
    expect(await readdir(folder, { recursive: true })).toEqual(['mine', join('mine', 'notes')]);
  });

  type Sync = 'datasync' | 'sync';
  /** Replaces a method of every open file while `run` runs. */
  async function faulty(method: Sync, stand: (real: () => Promise<void>) => Promise<void>, run: () => Promise<void>) {
    const probe = await open(tmpdir(), 'r');
    const prototype = Object.getPrototypeOf(probe) as Record<Sync, (this: FileHandle) => Promise<void>>;
    await probe.close();
    const real = prototype[method];
    prototype[method] = function () {
      return stand(() => real.call(this));
    };
    await run().finally(() => (prototype[method] = real));
  }
  const op = { op: 'put', name: '1/blob-1', bytes: new Uint8Array(3) } as const;

  test.each(['datasync', 'sync'] as const)(
    'after a failed %s nothing is acknowledged until the folder is opened again',
    async (method) => {
      const store = await NodeFsStore.open(folder);
      const fail = () => Promise.reject(Object.assign(new Error('injected'), { code: 'EIO' }));
      await faulty(method, fail, () => expect(store.apply([op], 'strict')).rejects.toMatchObject({ code: 'storage' }));
      for (const level of ['relaxed', 'strict'] as const)
        await expect(store.apply([{ ...op, name: '1/blob-2' }], level)).rejects.toMatchObject({ code: 'storage' });
      await store.close();
      const next = await NodeFsStore.open(folder);
      await next.apply([{ ...op, name: '1/blob-2' }], 'strict');
      await next.close();
    },
  );

  test('what a session left without a sync is synced by the first strict batch of the next, and its folder', async () => {
    const first = await NodeFsStore.open(folder);
    await first.apply([op, { op: 'root', name: '1', slot: 0, bytes: new Uint8Array(3) }], 'relaxed');
    await first.close();
    const next = await NodeFsStore.open(folder);
    const calls: Sync[] = [];
    const spy = (method: Sync) => (real: () => Promise<void>) => (calls.push(method), real());
    await faulty('datasync', spy('datasync'), () => faulty('sync', spy('sync'), () => next.apply([], 'strict')));
    expect(calls).toEqual(['datasync', 'datasync', 'sync']);
    await next.close();
  });

  test('a folder that cannot be made is a storage error that names it', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'file'), '');
    await expect(NodeFsStore.open(join(folder, 'file'))).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('file'),
    });
  });
});
