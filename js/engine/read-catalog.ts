// Which collections does a home say it has?
import type { Core } from '../core/guard.js';
import type { CoreCatalog } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import type { BlobInfo, ByteStore, RootSlot } from '../storage/byte-store.js';
import type { RestoringStore } from '../storage/restoration.js';
import { Ballast } from './ballast.js';
import { slotsOf } from './open-collection.js';
import { isDamage } from './recovery-report.js';

export const CATALOG = 'catalog';

export interface Found {
  readonly roots: readonly RootSlot[];
  readonly blobs: readonly BlobInfo[];
}

/** `mayRestore`: a damaged one is brought back from the mirror, if there is one. */
export async function readCatalog(
  core: Core,
  home: ByteStore,
  mayRestore: boolean,
): Promise<Found & { readonly catalog: CoreCatalog | undefined }> {
  const open = (roots: readonly RootSlot[], blobsPresent: boolean) =>
    unwrap(core.call(() => core.module.Catalog.open(slotsOf(roots, CATALOG), blobsPresent)));
  const [roots, blobs] = [await home.readRoots(), await new Ballast(home).others()];
  try {
    return { roots, blobs, catalog: open(roots, blobs.length > 0) };
  } catch (error) {
    const { restore } = home as Partial<RestoringStore>;
    if (!mayRestore || !isDamage(error) || !(await restore?.call(home, CATALOG))) throw error;
    const again = await home.readRoots();
    return { roots: again, blobs, catalog: open(again, true) };
  }
}
