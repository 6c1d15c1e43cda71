// What of a full disk can be given back? One blob that holds nothing: deleted, so that what frees space can be written.
import type { CorsacError } from '../errors.js';
import { BALLAST, type BlobInfo, type ByteStore } from '../storage/byte-store.js';

const BYTES = 1 << 20;
const PIECE = 65_536;

export class Ballast {
  readonly #home: ByteStore;
  #keeping: Promise<void> | undefined;

  constructor(home: ByteStore) {
    this.#home = home;
  }

  /** Writes it in the background unless it is there. That there is no room for it is no failure. */
  keep(): void {
    if (!this.#home.caps.persistent) return;
    this.#keeping ??= this.#write()
      .catch(() => {})
      .finally(() => (this.#keeping = undefined));
  }

  /** Runs `work`; when the disk is full once more, after the ballast was thrown off. */
  async whenFull<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if ((error as CorsacError).code !== 'quota' || !(await this.release())) throw error;
      return work();
    }
  }

  /** Every blob but this one. */
  async others(): Promise<BlobInfo[]> {
    return (await this.#home.list()).filter(({ name }) => name !== BALLAST);
  }

  /** Whether there was any. */
  async release(): Promise<boolean> {
    await this.#keeping;
    if ((await this.#home.size(BALLAST)) === undefined) return false;
    await this.#home.apply([{ op: 'delete', name: BALLAST }], 'relaxed');
    return true;
  }

  async #write(): Promise<void> {
    if ((await this.#home.size(BALLAST)) !== undefined) return;
    // Random, so that no file system stores it in less than it promises.
    const bytes = new Uint8Array(BYTES);
    for (let at = 0; at < BYTES; at += PIECE) crypto.getRandomValues(bytes.subarray(at, at + PIECE));
    // Half of it is better than none.
    for (let size = BYTES; size >= PIECE; size /= 2) {
      const put = { op: 'put', name: BALLAST, bytes: bytes.subarray(0, size) } as const;
      if (await this.#home.apply([put], 'relaxed').then(() => true, unlessFull)) return;
    }
  }
}

/** On a full disk a store is opened all the same, to be read and emptied: the home is the fence, epochs need not rise. */
export function unlessFull(error: CorsacError): void {
  if (error.code !== 'quota') throw error;
}
