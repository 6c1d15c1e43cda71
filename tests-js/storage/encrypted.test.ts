import { describe, expect, onTestFinished, test } from 'vitest';

import { VectorStore, type OpenOptions } from 'corsac';

import { EncryptedStore } from '../../js/storage/encrypted.js';
import { MemoryMedium, MemoryStore } from '../../js/storage/memory.js';
import { NodeFsStore } from '../../js/storage/node-fs.js';
import { folder, random } from '../support/stores.js';
import { byteStoreCases } from './byte-store.contract.js';

const newKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const key = await newKey();

describe('EncryptedStore over memory keeps the ByteStore contract', () => {
  let medium = new MemoryMedium();
  const open = async () => EncryptedStore.open(MemoryStore.open(medium), key);
  const wipe = async () => void (medium = new MemoryMedium());
  for (const { name, run } of byteStoreCases({ open, wipe })) test(name, run);
});

describe('EncryptedStore over files keeps the ByteStore contract', () => {
  let place = '';
  const open = async () => EncryptedStore.open(await NodeFsStore.open(place), key);
  const wipe = async () => void (place = folder().directory);
  for (const { name, run } of byteStoreCases({ open, wipe })) test(name, run);
});

const open = (medium: MemoryMedium, options: OpenOptions = { encryption: { key } }) =>
  VectorStore.open('test', { storage: MemoryStore.open(medium), ...options });

async function filled(medium: MemoryMedium): Promise<void> {
  const store = await open(medium);
  const notes = await store.createCollection('secret notes', { dimension: 2 });
  await notes.insert({ id: 'id-of-fox', content: 'The fox hides.', embedding: [1, 2], metadata: { where: 'leaves' } });
  await notes.checkpoint();
  await notes.insert({ id: 'id-of-bear', content: 'The bear sleeps.' });
  await store.close();
}

describe('an encrypted store', () => {
  test('comes back with its key, and nothing of it can be read in its home', async () => {
    const medium = new MemoryMedium();
    await filled(medium);
    const all = [...medium.blobs.values(), ...[...medium.roots.values()].map(({ bytes }) => bytes)];
    const text = all.map((bytes) => Buffer.from(bytes).toString('latin1')).join('|');
    for (const word of ['secret', 'fox', 'hides', 'leaves', 'bear', 'dimension']) expect(text).not.toContain(word);
    const store = await open(medium);
    onTestFinished(() => store.close());
    const notes = await store.getCollection('secret notes');
    expect((await notes.searchText('bear')).hits[0]?.id).toBe('id-of-bear');
    expect((await notes.get('id-of-fox', { include: ['content', 'embedding'] }))?.embedding).toEqual(
      Float32Array.of(1, 2),
    );
    expect((await store.verify()).ok).toBe(true);
  });

  test('of a later version is refused, and nothing of it is changed', async () => {
    const medium = new MemoryMedium();
    await filled(medium);
    for (const { name, bytes } of medium.roots.values()) if (name === 'encryption') bytes[0] = 2;
    const image = () =>
      JSON.stringify([...medium.blobs, ...[...medium.roots.values()].map((root) => Object.entries(root))]);
    const before = image();
    await expect(open(medium)).rejects.toMatchObject({ code: 'unsupported_format' });
    expect(image()).toBe(before);
  });

  test('tells a wrong key and a missing one from damage, and changes nothing', async () => {
    const medium = new MemoryMedium();
    await filled(medium);
    const before = JSON.stringify([...medium.blobs].map(([name, bytes]) => [name, bytes.length]));
    await expect(open(medium, { encryption: { key: await newKey() } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('not the key'),
    });
    await expect(open(medium, {})).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('encrypted'),
    });
    expect(JSON.stringify([...medium.blobs].map(([name, bytes]) => [name, bytes.length]))).toBe(before);
    await (await open(medium)).close();
    const plain = new MemoryMedium();
    await (await open(plain, {})).close();
    await expect(open(plain)).rejects.toMatchObject({ code: 'invalid_argument' });
    const weak = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, ['encrypt', 'decrypt']);
    await expect(open(new MemoryMedium(), { encryption: { key: weak } })).rejects.toThrow(/256 bits/);
  });

  test('refuses every changed bit, and bytes of another blob or another place', async () => {
    const medium = new MemoryMedium();
    const home = await EncryptedStore.open(MemoryStore.open(medium), key);
    const bytes = new Uint8Array(600_000).map((_, i) => i);
    await home.apply([{ op: 'put', name: '1/a', bytes }], 'strict');
    await home.apply([{ op: 'put', name: '1/b', bytes }], 'strict');
    await home.close();
    const intact = medium.blobs.get('1/a')!;
    const read = async () => {
      const again = await EncryptedStore.open(MemoryStore.open(medium), key);
      try {
        const found = await again.read('1/a', 0, bytes.length);
        return found.length === bytes.length && found.every((byte, i) => byte === bytes[i]) ? 'intact' : 'cut';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await again.close();
      }
    };
    expect(await read()).toBe('intact');
    const next = random(5);
    for (let i = 0; i < 30; i++) {
      const at = i < 20 ? i : Math.floor(next() * intact.length);
      const changed = intact.slice();
      changed[at]! ^= 1 << (i % 8);
      medium.blobs.set('1/a', changed);
      // A damaged header hides the rest of its blob: what is left is as long as before and is nothing.
      expect(await read(), `byte ${at}`).not.toBe('intact');
    }
    medium.blobs.set('1/a', medium.blobs.get('1/b')!);
    expect(await read()).toBe('corrupt');
    const frame = 8 + 12 + (256 << 10) + 16;
    const swapped = intact.slice();
    swapped.set(intact.subarray(frame, 2 * frame), 0);
    swapped.set(intact.subarray(0, frame), frame);
    medium.blobs.set('1/a', swapped);
    expect(await read()).toBe('corrupt');
  });

  test('never uses a nonce twice', async () => {
    const medium = new MemoryMedium();
    const home = await EncryptedStore.open(MemoryStore.open(medium), key);
    await home.apply([{ op: 'put', name: '1/log', bytes: new Uint8Array() }], 'relaxed');
    for (let i = 0; i < 200; i++) {
      await home.apply([{ op: 'append', name: '1/log', offset: i * 3, bytes: Uint8Array.of(1, 2, 3) }], 'relaxed');
    }
    const stored = medium.blobs.get('1/log')!;
    const frame = 8 + 12 + 3 + 16;
    expect(stored.length).toBe(200 * frame);
    const nonces = Array.from({ length: 200 }, (_, i) => stored.slice(i * frame + 8, i * frame + 20).join());
    expect(new Set(nonces).size).toBe(200);
    await home.close();
  });

  test('has a mirror that is sealed, too, and brings it back', async () => {
    const [home, mirror] = [new MemoryMedium(), new MemoryMedium()];
    const options = () => ({ encryption: { key }, mirror: { store: MemoryStore.open(mirror) } });
    const store = await open(home, options());
    await (await store.createCollection('notes')).insert({ id: 'fox', content: 'The fox hides.' });
    await store.close();
    const text = [...mirror.blobs.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join('|');
    expect(text.length).toBeGreaterThan(100);
    expect(text).not.toContain('hides');
    const again = await open(new MemoryMedium(), options());
    expect(again.report.outcome).toBe('restored');
    expect(await (await again.getCollection('notes')).has('fox')).toBe(true);
    await again.close();
  });

  test('loses nothing acknowledged to a death amid a write, like any other', async () => {
    const medium = new MemoryMedium();
    await filled(medium);
    const [name, bytes] = [...medium.blobs].filter(([each]) => each.includes('wal')).at(-1)!;
    medium.blobs.set(name, new Uint8Array([...bytes, 9, 9, 9]));
    const store = await open(medium);
    expect(await (await store.getCollection('secret notes')).count()).toBe(2);
    await (await store.getCollection('secret notes')).insert({ id: 'new' });
    await store.close();
    const again = await open(medium);
    expect(await (await again.getCollection('secret notes')).count()).toBe(3);
    await again.close();
  });
});
