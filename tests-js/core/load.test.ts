import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';

import wasmUrl from 'corsac/core.simd.wasm?url';
import { capabilities, VectorStore, type WasmOptions } from 'corsac';

const path = wasmUrl.startsWith('/@fs/') ? wasmUrl.slice(4) : `${process.cwd()}${wasmUrl}`;

async function works(wasm: WasmOptions): Promise<string> {
  const store = await VectorStore.open('test', { storage: 'memory', wasm });
  try {
    const collection = await store.createCollection('c', { dimension: 2 });
    await collection.insert({ id: 'a', embedding: [1, 2] });
    expect((await collection.searchVector([1, 2])).hits).toHaveLength(1);
    return (await store.stats()).variant;
  } finally {
    await store.close();
  }
}

test('the core is found beside the package, by URL, or given as a module', async () => {
  expect(await works({})).toBe(capabilities().variant);
  expect(await works({ variant: 'simd' })).toBe('simd');
  expect(await works({ url: pathToFileURL(path) })).toBe('simd');
  expect(await works({ url: pathToFileURL(path).href })).toBe('simd');
  expect(await works({ module: await WebAssembly.compile(readFileSync(path)) })).toBe('simd');
});

test('a core that cannot be had is a typed error, and leaves no lock behind', async () => {
  const missing = pathToFileURL(`${path}.missing.wasm`);
  await expect(VectorStore.open('test', { storage: 'memory', wasm: { url: missing } })).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('missing.wasm'),
  });
  const other = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  const refused = VectorStore.open('test', { storage: 'memory', wasm: { module: other } });
  await expect(refused).rejects.toMatchObject({ name: 'CorsacError' });
});

test('an engine without the instructions is unsupported_environment', async () => {
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  try {
    expect(capabilities()).toMatchObject({ variant: undefined, simd: false, relaxedSimd: false });
    await expect(VectorStore.open('test', { storage: 'memory' })).rejects.toMatchObject({
      code: 'unsupported_environment',
      hint: expect.stringContaining('Chrome 91'),
    });
  } finally {
    validate.mockRestore();
  }
});

test('nothing but the own files is fetched', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  await works({});
  expect(fetched).not.toHaveBeenCalled();
  fetched.mockRestore();
});
