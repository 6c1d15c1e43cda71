import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
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

  test('a folder that cannot be made is a storage error that names it', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'file'), '');
    await expect(NodeFsStore.open(join(folder, 'file'))).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('file'),
    });
  });
});
