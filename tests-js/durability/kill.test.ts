import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import wasmUrl from 'corsac/core.simd.wasm?url';
import { VectorStore } from 'corsac';

import { folder, random } from '../support/stores.js';

const ROUNDS = Number(process.env['CORSAC_KILLS'] ?? 20);

const wasm = wasmUrl.startsWith('/@fs/') ? wasmUrl.slice(4) : `${process.cwd()}${wasmUrl}`;
const module = pathToFileURL(wasm.replace(/core\.simd\.wasm$/, 'index.js')).href;
const writer = fileURLToPath(new URL('./writer.mjs', import.meta.url));

/** Runs a writer, kills it `ms` after its first acknowledgement, and returns what it acknowledged. */
function writeAndKill(directory: string, first: number, ms: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, module, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complaint = '';
  child.stdout.on('data', (data) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), ms);
    said += String(data);
  });
  child.stderr.on('data', (data) => (complaint += String(data)));
  return new Promise((resolve, reject) => {
    child.on('close', (_code, signal) => {
      // The last line may be cut: then it was not said.
      if (signal === 'SIGKILL') resolve(said.split('\n').slice(0, -1).map(Number));
      else reject(new Error(`the writer ended by itself: ${complaint}`));
    });
  });
}

test(
  `a writer that is killed ${ROUNDS} times loses nothing that it acknowledged, and no half of a batch remains`,
  { timeout: 15_000 * ROUNDS },
  async () => {
    const { directory } = folder();
    const next = random(7);
    const acknowledged = new Set<number>();
    let first = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const number of await writeAndKill(directory, first, 5 + Math.floor(next() * 120))) acknowledged.add(number);
      const store = await VectorStore.open('killed', { storage: { directory } });
      expect(store.report.collections['c']!.outcome).toMatch(/clean|torn/);
      const collection = await store.getCollection<{ number: number }>('c');
      const there = new Map<number, number>();
      for (let after: string | undefined, page; ; after = page.after) {
        page = await collection.list({ limit: 5000, after });
        for (const { id, content, metadata } of page.documents) {
          const number = metadata!.number;
          expect([id.startsWith(`${number}-`), content]).toEqual([true, `pair ${number}`]);
          there.set(number, (there.get(number) ?? 0) + 1);
        }
        if (page.after === undefined) break;
      }
      for (const number of acknowledged) expect(there.get(number), `pair ${number} of round ${round}`).toBe(2);
      expect(new Set(there.values())).toEqual(new Set([2]));
      const last = Math.max(...there.keys());
      // Filtered: the angles of two numbers that are 710 apart are nearly the same.
      const filter = { number: last };
      const { hits } = await collection.searchVector([Math.sin(last), Math.cos(last), 1, 1], { k: 1, filter });
      expect(hits[0]!.id).toBe(`${last}-1`);
      first = last + 1;
      await store.close();
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS);
  },
);
