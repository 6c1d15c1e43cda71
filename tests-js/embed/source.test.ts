import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readSource } from '../../js/embed/source.js';

const content = Uint8Array.from({ length: 5000 }, (_, i) => i & 255);

describe('readSource', () => {
  let folder: string;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corsac-source-'));
    await writeFile(join(folder, 'model.bin'), content);
    server = createServer((request, response) => {
      if (request.url !== '/model.bin') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-length': content.length }).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  test('takes bytes as they are', async () => {
    expect(await readSource(content, 'the model')).toBe(content);
    expect([...(await readSource(content.slice().buffer, 'the model'))]).toEqual([...content]);
  });

  test('reads a path, a file URL and its text', async () => {
    const path = join(folder, 'model.bin');
    for (const source of [path, pathToFileURL(path), pathToFileURL(path).href]) {
      expect([...(await readSource(source, 'the model'))]).toEqual([...content]);
    }
  });

  test('fetches a URL and says how far it is', async () => {
    const seen: { done: number; total?: number }[] = [];
    const bytes = await readSource(`${origin}/model.bin`, 'the model', { onProgress: (p) => seen.push(p) });
    expect([...bytes]).toEqual([...content]);
    expect(seen.at(-1)).toEqual({ done: content.length, total: content.length });
  });

  test('names what cannot be read', async () => {
    const missing = readSource(join(folder, 'none.bin'), 'the model');
    await expect(missing).rejects.toMatchObject({
      code: 'model',
      message: expect.stringMatching(/^the model cannot be read from .*none\.bin/),
    });
    await expect(readSource(`${origin}/none.bin`, 'the tokenizer')).rejects.toMatchObject({
      code: 'model',
      message: expect.stringContaining('404'),
    });
  });

  test.each([undefined, null, 7, '', {}])('refuses %s', async (source) => {
    await expect(readSource(source as unknown as string, 'the model')).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('rejects with the reason of its signal', async () => {
    const reason = new Error('enough');
    await expect(readSource(`${origin}/model.bin`, 'the model', { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
