import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { type Op, VectorStore } from 'corsac';

import { MemoryMedium, MemoryStore } from '../../js/storage/memory.js';
import { FailingHome, quotaError } from '../support/failing-home.js';
import { vectors } from '../support/stores.js';

const rows = vectors(2_000, 256);
const documents = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ id: `d${from + i}`, embedding: rows[(from + i) % rows.length]! }));

/** A small disk of its own, where this user may mount one. */
const disk = mkdtempSync(join(tmpdir(), 'corsac-full-'));
const mounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Fills what is left to the last byte. */
function fill(path: string): void {
  for (let size = 1 << 20; size > 0; size = Math.floor(size / 2)) {
    for (let i = 0; ; i++) {
      try {
        writeFileSync(`${path}-${size}-${i}`, new Uint8Array(size), { flag: 'wx' });
      } catch {
        break;
      }
    }
  }
}

describe.skipIf(!mounted)('a disk of 6 MB (needs the right to mount a tmpfs)', () => {
  test('fails the write, not the store: it opens again when nothing at all fits, is read, and emptied', async () => {
    const storage = { directory: join(disk, 'store') };
    let store = await VectorStore.open('full', { storage });
    let collection = await store.createCollection('c', { dimension: 256, text: false });
    const told: string[] = [];
    store.on('quota', ({ collection: name }) => told.push(name));
    let stored = 0;
    await expect(
      (async () => {
        for (; ; stored += 50) await collection.insertMany(documents(stored, stored + 50));
      })(),
    ).rejects.toMatchObject({ code: 'quota' });
    expect(stored).toBeGreaterThan(1_000);
    expect(told).toContain('c');
    expect(await collection.count()).toBe(stored);
    await store.close();

    fill(join(disk, 'filler'));
    store = await VectorStore.open('full', { storage });
    collection = await store.getCollection('c');
    expect(await collection.count()).toBe(stored);
    expect((await collection.searchVector(rows[7]!, { k: 1 })).hits[0]!.id).toBe('d7');
    await expect(collection.insertMany(documents(stored, stored + 2_000))).rejects.toMatchObject({ code: 'quota' });
    expect(await collection.delete(documents(0, 100).map(({ id }) => id))).toBe(100);
    const left = await collection.count();
    expect(left).toBeGreaterThanOrEqual(stored - 100);
    await store.close();

    store = await VectorStore.open('full', { storage });
    expect(await (await store.getCollection('c')).count()).toBe(left);
    await store.deleteCollection('c');
    collection = await store.createCollection('c', { dimension: 256, text: false });
    await collection.insertMany(documents(0, 50));
    await store.close();
  });
});

describe('a home that takes no more', () => {
  const persistent = (medium: MemoryMedium) => {
    const inner = MemoryStore.open(medium);
    const home = new FailingHome(
      new Proxy(inner, {
        get: (target, key) => {
          if (key === 'caps') return { ...target.caps, persistent: true };
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    );
    return Object.assign(home, { close: () => inner.close() });
  };
  const isDelete = (ops: readonly Op[]) => ops.length > 0 && ops.every(({ op }) => op === 'delete');

  test('throws its ballast off for a delete, never for an insert, and takes new on when there is room', async () => {
    const medium = new MemoryMedium();
    const home = persistent(medium);
    const store = await VectorStore.open('test', { storage: home });
    const collection = await store.createCollection('c', { dimension: 256, text: false });
    await collection.insertMany(documents(0, 100));
    expect(medium.blobs.get('ballast')).toHaveLength(1 << 20);

    home.failure = quotaError();
    home.failing = (ops) => !isDelete(ops) && medium.blobs.has('ballast');
    await expect(collection.insertMany(documents(100, 200))).rejects.toMatchObject({ code: 'quota' });
    expect(medium.blobs.has('ballast')).toBe(true);
    expect(await collection.delete('d5')).toBe(1);
    expect(medium.blobs.has('ballast')).toBe(false);

    home.failure = undefined;
    await collection.checkpoint();
    await store.close();
    expect(medium.blobs.has('ballast')).toBe(true);
  });

  test('can be opened and read while nothing but deletes is taken', async () => {
    const medium = new MemoryMedium();
    let home = persistent(medium);
    let store = await VectorStore.open('test', { storage: home });
    await (await store.createCollection('c', { dimension: 256, text: false })).insertMany(documents(0, 100));
    await store.close();
    home = persistent(medium);
    home.failure = quotaError();
    home.failing = (ops) => !isDelete(ops);
    store = await VectorStore.open('test', { storage: home });
    const collection = await store.getCollection('c');
    expect(await collection.count()).toBe(100);
    await expect(collection.delete('d5')).rejects.toMatchObject({ code: 'quota' });
    home.failure = undefined;
    expect(await collection.delete('d5')).toBe(1);
    await store.close();
  });

  test('a new store that cannot be written is not opened', async () => {
    const home = persistent(new MemoryMedium());
    home.failure = quotaError();
    await expect(VectorStore.open('test', { storage: home })).rejects.toMatchObject({ code: 'quota' });
  });
});
