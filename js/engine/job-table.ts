// Which work that goes on step by step is under way in a store?
import { CorsacError } from '../errors.js';
import type { ArchiveLimits } from './archive.js';
import type { Control } from './engine.js';
import type { Job, JobKind, JobStep, JobStore } from './jobs.js';

export class JobTable {
  readonly #store: JobStore;
  readonly #jobs = new Map<number, { readonly kind: JobKind; readonly job: Job }>();
  /** Not a number that another opening of the store may have given. */
  #last = Math.floor(Math.random() * 2 ** 40);
  /** No collection is made meanwhile: its blobs would meet those that are staged. */
  importing = false;

  constructor(store: JobStore) {
    this.#store = store;
  }

  async start(kind: JobKind, limits: ArchiveLimits): Promise<number> {
    const { startJob } = await import('./jobs.js');
    if (kind === 'import' && this.importing) throw new CorsacError('busy', 'another import is going on');
    this.importing ||= kind === 'import';
    try {
      const job = await startJob(kind, this.#store, limits);
      this.#jobs.set(++this.#last, { kind, job });
      return this.#last;
    } catch (error) {
      if (kind === 'import') this.importing = false;
      throw error;
    }
  }

  async step(number: number, bytes: Uint8Array | undefined, control: Control): Promise<JobStep> {
    const found = this.#jobs.get(number);
    if (!found) throw new CorsacError('closed', 'this work has ended');
    return found.job.step(bytes, control);
  }

  async end(number: number): Promise<void> {
    const found = this.#jobs.get(number);
    this.#jobs.delete(number);
    if (!found) return;
    await found.job.end().finally(() => {
      if (found.kind === 'import') this.importing = false;
    });
  }

  async endAll(): Promise<void> {
    for (const number of this.#jobs.keys()) await this.end(number).catch(() => {});
  }
}
