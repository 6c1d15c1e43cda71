// How does an archive become a store? Its blobs are staged under names that no catalog knows, all of it is opened
// and read as a store would be, and only then one root is switched. Until that moment the store is what it was.
import { throwIfAborted } from '../abort.js';
import type { CoreCatalog } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import { CorsacError } from '../errors.js';
import { invalid } from '../option-check.js';
import type { ImportReport } from '../schema.js';
import type { BlobInfo, Durability, Op, RootSlot } from '../storage/byte-store.js';
import { storageError } from '../storage/storage-error.js';
import { ArchiveReader, type ArchiveEntry, type ArchiveLimits } from './archive.js';
import { deepCheck } from './deep-check.js';
import type { Control } from './engine.js';
import type { Job, JobStep, JobStore } from './jobs.js';
import { slotsOf } from './open-collection.js';
import { uuidText } from './uuid.js';

const EFFECT_BYTES = 1 << 20;
const CATALOG = 'catalog';

export class ImportStage implements Job {
  readonly #store: JobStore;
  readonly #reader: ArchiveReader;
  readonly #started = performance.now();
  readonly #blobs: { name: string; length: number }[] = [];
  readonly #roots: { name: string; slot: 0 | 1; bytes: Uint8Array; filled: number }[] = [];
  #entry: ArchiveEntry | undefined;
  #bytes = 0;

  private constructor(store: JobStore, limits: ArchiveLimits) {
    this.#store = store;
    this.#reader = new ArchiveReader(limits);
  }

  /** @throws {CorsacError} `invalid_argument` unless the store has no collections */
  static async begin(store: JobStore, limits: ArchiveLimits): Promise<ImportStage> {
    checkEmpty(store);
    return new ImportStage(store, limits);
  }

  async step(bytes: Uint8Array | undefined, { signal, onProgress }: Control): Promise<JobStep> {
    throwIfAborted(signal);
    if (bytes) {
      for (const part of this.#reader.take(bytes)) {
        if ('entry' in part) await this.#begin(part.entry);
        else await this.#fill(part.bytes);
      }
      this.#bytes += bytes.length;
      onProgress?.({ stage: 'import', done: this.#bytes, elapsedMs: performance.now() - this.#started });
      return { done: false };
    }
    this.#reader.finish();
    return { done: true, value: await this.#store.alone(() => this.#adopt(signal)) };
  }

  /** Forgets what was staged, unless it is the store now. */
  async end(): Promise<void> {
    const { core, catalog } = this.#store;
    const adopted = core.call(() => catalog().entries()).length > 0;
    if (adopted || this.#blobs.length + this.#roots.length === 0) return;
    const names = new Set([...this.#blobs, ...this.#roots].map(({ name }) => name));
    names.delete(CATALOG);
    await this.#apply(
      [...names].map((name): Op => ({ op: 'delete', name })),
      'relaxed',
    );
  }

  async #apply(ops: readonly Op[], level: Durability): Promise<void> {
    try {
      await this.#store.home.apply(ops, level);
    } catch (error) {
      throw storageError(error, 'importing an archive');
    }
  }

  async #begin(entry: ArchiveEntry): Promise<void> {
    this.#entry = entry;
    if (entry.kind === 'root') {
      this.#roots.push({ name: entry.name, slot: entry.slot, bytes: new Uint8Array(entry.length), filled: 0 });
      return;
    }
    await this.#apply([{ op: 'put', name: entry.name, bytes: new Uint8Array() }], 'relaxed');
    this.#blobs.push({ name: entry.name, length: 0 });
  }

  async #fill(bytes: Uint8Array): Promise<void> {
    if (this.#entry?.kind === 'root') {
      const root = this.#roots.at(-1)!;
      root.bytes.set(bytes, root.filled);
      root.filled += bytes.length;
      return;
    }
    const blob = this.#blobs.at(-1)!;
    for (let at = 0; at < bytes.length; at += EFFECT_BYTES) {
      const piece = bytes.subarray(at, at + EFFECT_BYTES);
      await this.#apply([{ op: 'append', name: blob.name, offset: blob.length, bytes: piece }], 'relaxed');
      blob.length += piece.length;
    }
  }

  async #adopt(signal: AbortSignal | undefined): Promise<ImportReport> {
    checkEmpty(this.#store);
    const { core } = this.#store;
    const slots = slotsOf(this.#roots, CATALOG);
    const catalog = unwrap(core.call(() => core.module.Catalog.open(slots, true)));
    if (!catalog) throw new CorsacError('corrupt', 'the archive has no catalog');
    let switching = false; // the store disposes of the catalog from then on
    try {
      const report = await this.#check(catalog, this.#blobs, signal);
      const roots = this.#roots.filter(({ name }) => name !== CATALOG);
      await this.#apply(
        roots.map(({ name, slot, bytes }): Op => ({ op: 'root', name, slot, bytes })),
        'strict',
      );
      switching = true;
      await this.#store.adopt(catalog);
      return { ...report, ms: performance.now() - this.#started };
    } catch (error) {
      if (!switching) core.call(() => catalog.delete());
      throw error;
    }
  }

  /** Every collection opens, and every byte of it can be read. */
  async #check(
    catalog: CoreCatalog,
    blobs: readonly BlobInfo[],
    signal: AbortSignal | undefined,
  ): Promise<Omit<ImportReport, 'ms'>> {
    const { core, home, pacer, options } = this.#store;
    const store = core.call(() => catalog.store());
    const entries = core.call(() => catalog.entries());
    const known = new Set(entries.map(({ id }) => String(id)));
    const strangers = [...this.#blobs, ...this.#roots].filter(
      ({ name }) => name !== CATALOG && !known.has(name.split('/')[0]!),
    );
    if (strangers[0]) throw new CorsacError('corrupt', `the archive has "${strangers[0].name}" of no collection`);
    const roots: RootSlot[] = this.#roots;
    let documents = 0;
    for (const entry of entries) {
      const epoch = core.call(() => catalog.epoch());
      const { damages, ...found } = await deepCheck({
        core,
        home,
        pacer,
        options,
        entry,
        store,
        epoch,
        roots,
        blobs,
        signal,
      });
      if (damages[0]) throw new CorsacError('corrupt', `the archive is damaged: ${damages[0].detail}`);
      documents += found.documents;
    }
    return { storeId: uuidText(store), collections: entries.map(({ name }) => name), documents, bytes: this.#bytes };
  }
}

function checkEmpty({ core, catalog }: JobStore): void {
  const names = core.call(() => catalog().entries()).map(({ name }) => name);
  if (names.length > 0) {
    throw invalid(
      `an archive is imported into a store without collections; this one has ${names.length}`,
      'open another store, or import documents as JSON Lines',
    );
  }
}
