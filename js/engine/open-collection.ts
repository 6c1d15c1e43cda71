// How does a stored collection come back? The core says which bytes it needs, the home brings them, and the log is
// replayed in slices.
import { throwIfAborted } from '../abort.js';
import type { Core } from '../core/guard.js';
import type { CoreCatalogEntry, CoreCollection, CoreOpening, CoreSlots } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import { storageError } from '../storage/storage-error.js';
import type { BlobInfo, ByteStore, RootSlot } from '../storage/byte-store.js';
import type { CollectionReport } from '../schema.js';
import type { EngineOptions } from './engine.js';
import type { Pacer } from './pacer.js';
import { prepareLanguage } from './prepare-language.js';

export interface OpeningInput {
  readonly core: Core;
  readonly home: ByteStore;
  readonly pacer: Pacer;
  readonly entry: CoreCatalogEntry;
  readonly store: Uint8Array;
  readonly epoch: number;
  readonly options: EngineOptions;
  readonly roots: readonly RootSlot[];
  readonly blobs: readonly BlobInfo[];
  readonly signal?: AbortSignal | undefined;
  /** Called with 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface Opened {
  readonly handle: CoreCollection;
  readonly report: CollectionReport;
}

/** The slots of the root `name` among what a home has. */
export function slotsOf(roots: readonly RootSlot[], name: string): CoreSlots {
  const slot = (number: 0 | 1) => roots.find((root) => root.name === name && root.slot === number)?.bytes;
  return [slot(0), slot(1)];
}

/** The blobs of the collection with this id. */
export const blobsOf = (blobs: readonly BlobInfo[], id: number): BlobInfo[] =>
  blobs.filter(({ name }) => name.startsWith(`${id}/`));

/** @throws {CorsacError} `corrupt`, `data_loss`, `unsupported_format`, and what the home throws */
export async function openCollection(input: OpeningInput): Promise<Opened> {
  const started = performance.now();
  const { core, entry } = input;
  await prepareLanguage(core.module, entry.options);
  const opening = unwrap(
    core.call(() =>
      core.module.Opening.create({
        entry,
        store: input.store,
        epoch: input.epoch,
        durable: input.options.checkpoint,
        entropy: crypto.getRandomValues(new Uint8Array(16)),
        slots: slotsOf(input.roots, String(entry.id)),
        blobs: blobsOf(input.blobs, entry.id).map(({ name, length }) => ({ name, length })),
      }),
    ),
  );
  try {
    await feed(opening, input);
    const handle = unwrap(core.call(() => opening.finish()));
    const { outcome, dropped, replayed, detail } = core.call(() => opening.report());
    const ms = performance.now() - started;
    return { handle, report: { outcome, dropped, lost: [], replayed, ms, ...(detail && { detail }) } };
  } finally {
    if (!core.crashed) core.call(() => opening.delete());
  }
}

async function feed(
  opening: CoreOpening,
  { core, home, pacer, signal, onProgress, entry }: OpeningInput,
): Promise<void> {
  for (;;) {
    throwIfAborted(signal);
    const wanted = core.call(() => opening.next());
    if (wanted) {
      const bytes = await read(home, wanted.name, wanted.offset, wanted.length, entry.name);
      core.call(() => (bytes ? opening.supply(bytes) : opening.supplyMissing()));
    } else if (pacer.slice((budget) => core.call(() => opening.step(budget)))) {
      return;
    }
    onProgress?.(core.call(() => opening.progress()));
    await pacer.pause();
  }
}

/** Nothing when the blob is gone for good; other failures of the home are failures of opening. */
async function read(
  home: ByteStore,
  name: string,
  offset: number,
  length: number,
  collection: string,
): Promise<Uint8Array | undefined> {
  try {
    return await home.read(name, offset, length);
  } catch (error) {
    const failure = storageError(error, `opening the collection "${collection}"`);
    if (failure.code === 'not_found' || failure.code === 'corrupt') return undefined;
    throw failure;
  }
}

/** Deletes what a deletion or an import that was cut short left behind. */
export async function deleteOrphans(
  home: ByteStore,
  { roots, blobs }: Pick<OpeningInput, 'roots' | 'blobs'>,
  entries: readonly CoreCatalogEntry[],
): Promise<void> {
  const known = new Set(entries.map(({ id }) => String(id)));
  const names = new Set([...blobs, ...roots].map(({ name }) => name));
  const orphans = [...names].filter((name) => /^\d+(\/|$)/.test(name) && !known.has(name.split('/')[0]!));
  const ops = orphans.map((name) => ({ op: 'delete', name }) as const);
  if (ops.length > 0) await home.apply(ops, 'relaxed');
}
