/** Stores that clean up after themselves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { VectorStore, type OpenOptions } from 'corsac';

/** A store in memory that is closed with the test. */
export async function memoryStore(options: OpenOptions = {}): Promise<VectorStore> {
  const store = await VectorStore.open('test', { storage: 'memory', ...options });
  onTestFinished(() => store.close());
  return store;
}

/** A folder that is deleted with the test. */
export function folder(): { directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'corsac-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory: join(directory, 'store') };
}

/** Numbers from 0 to 1, the same in every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const vectors = (count: number, dimension: number, seed = 1): Float32Array[] => {
  const next = random(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: dimension }, () => next() - 0.5));
};
