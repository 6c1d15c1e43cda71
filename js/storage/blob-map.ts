import { CorsacError } from '../errors.js';
import type { BlobInfo } from './byte-store.js';
import { missingError } from './storage-error.js';

interface Entry {
  readonly length: number;
  /** Where each record starts, ascending. */
  readonly records: readonly number[];
}

/** Which blobs exist, how long they are and where their records start: known without asking the database. */
export class BlobMap {
  readonly #entries = new Map<string, Entry>();

  load(blobs: readonly BlobInfo[], records: readonly (readonly [string, number])[]): void {
    const starts = new Map<string, number[]>();
    for (const [name, offset] of records) {
      const list = starts.get(name);
      if (list) list.push(offset);
      else starts.set(name, [offset]);
    }
    for (const { name, length } of blobs) this.#entries.set(name, { length, records: starts.get(name) ?? [] });
  }

  length(name: string): number | undefined {
    return this.#entries.get(name)?.length;
  }

  list(): BlobInfo[] {
    return [...this.#entries].map(([name, { length }]) => ({ name, length }));
  }

  /** Where the record that holds byte `offset` starts. */
  recordAt(name: string, offset: number): number {
    const records = this.#entries.get(name)?.records ?? [];
    let low = 0;
    let high = records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (records[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return records[low - 1] ?? 0;
  }

  /** Changes that take effect together, or not at all. */
  fork() {
    const changed = new Map<string, { length: number; added: number[]; fresh: boolean } | undefined>();
    const entries = this.#entries;
    const staged = (name: string) => {
      if (changed.has(name)) return changed.get(name);
      const entry = entries.get(name);
      return entry && { length: entry.length, added: [], fresh: false };
    };
    return {
      length: (name: string) => staged(name)?.length,
      create(name: string): void {
        if (staged(name)) throw new CorsacError('storage', `blob "${name}" exists and is never replaced`);
        changed.set(name, { length: 0, added: [], fresh: true });
      },
      /** Where the new records start, one each `recordBytes`. */
      extend(name: string, offset: number, bytes: number, recordBytes: number): number[] {
        const blob = staged(name);
        if (!blob) throw missingError(name);
        if (blob.length !== offset) {
          throw new CorsacError('storage', `blob "${name}" is ${blob.length} bytes long, cannot append at ${offset}`);
        }
        const starts = Array.from({ length: Math.ceil(bytes / recordBytes) }, (_, i) => offset + i * recordBytes);
        changed.set(name, { ...blob, length: offset + bytes, added: [...blob.added, ...starts] });
        return starts;
      },
      remove: (name: string) => void changed.set(name, undefined),
      commit(): void {
        for (const [name, blob] of changed) {
          if (!blob) entries.delete(name);
          else {
            const before = blob.fresh ? [] : ((entries.get(name)?.records as number[] | undefined) ?? []);
            before.push(...blob.added);
            entries.set(name, { length: blob.length, records: before });
          }
        }
      },
    };
  }
}
