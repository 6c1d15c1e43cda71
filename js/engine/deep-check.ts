// Is everything that one collection has stored intact? Opened a second time beside the first, as the next session
// would, then every piece that is only read when it is asked for.
import { throwIfAborted } from '../abort.js';
import type { Core } from '../core/guard.js';
import type { CoreCollection } from '../core/module.js';
import { unwrap } from '../core/outcome.js';
import { CorsacError } from '../errors.js';
import type { Damage } from '../schema.js';
import type { ByteStore } from '../storage/byte-store.js';
import { storageError } from '../storage/storage-error.js';
import { SECTION_DOCUMENTS, SECTION_ORIGINALS } from './context.js';
import { isDamage } from './recovery-report.js';
import { blobsOf, openCollection, type OpeningInput } from './open-collection.js';

const STEP_BYTES = 1 << 20;
const MOST_DAMAGES = 1_000;
const NAMES = { [SECTION_DOCUMENTS]: 'documents', [SECTION_ORIGINALS]: 'originals' } as Record<number, string>;

export interface DeepCheck {
  /** Of a collection that opens; 0 otherwise. */
  readonly documents: number;
  readonly bytes: number;
  readonly damages: readonly Damage[];
}

/**
 * `dropped`: frames at the end of the log that are known not to count; more of them are damage here, where nothing was
 * cut short by a crash.
 *
 * @throws {CorsacError} what the home throws when it cannot be read for now
 */
export async function deepCheck(input: OpeningInput, dropped = 0): Promise<DeepCheck> {
  const bytes = blobsOf(input.blobs, input.entry.id).reduce((sum, { length }) => sum + length, 0);
  const opened = await openCollection(input).catch((error: unknown) => {
    if (isDamage(error)) return error;
    throw error;
  });
  if (opened instanceof CorsacError) {
    return { documents: 0, bytes, damages: [{ part: 'collection', detail: opened.message }] };
  }
  const { handle, report } = opened;
  try {
    const detail = report.detail ?? report.outcome;
    const damages: Damage[] = [];
    if (report.dropped > dropped) damages.push({ part: 'log', detail });
    else if (!['clean', 'torn'].includes(report.outcome)) damages.push({ part: 'snapshot', detail });
    for (const section of [SECTION_DOCUMENTS, SECTION_ORIGINALS]) {
      damages.push(...(await damagesOf(handle, section, input)));
    }
    return { documents: input.core.call(() => handle.stats().documents), bytes, damages };
  } finally {
    if (!input.core.crashed) input.core.call(() => handle.delete());
  }
}

/** Reads a section that is not in memory from its beginning to its end. */
export async function damagesOf(
  handle: CoreCollection,
  section: number,
  { core, home, pacer, signal }: { core: Core; home: ByteStore } & Pick<OpeningInput, 'pacer' | 'signal'>,
): Promise<Damage[]> {
  const damages: Damage[] = [];
  for (let at = 0; damages.length < MOST_DAMAGES;) {
    throwIfAborted(signal);
    const place = core.call(() => handle.locate(section, at, STEP_BYTES));
    if (!place) break;
    try {
      const read = await home.read(place.name, place.offset, place.length);
      at += unwrap(core.call(() => handle.check(section, at, STEP_BYTES, read))).length;
    } catch (error) {
      const { code, message } = storageError(error, `reading "${place.name}"`);
      if (code !== 'corrupt' && code !== 'not_found') throw error;
      damages.push({ part: NAMES[section]!, blob: place.name, offset: place.offset, detail: message });
      at += Math.min(STEP_BYTES, place.length);
    }
    await pacer.pause();
  }
  return damages;
}
