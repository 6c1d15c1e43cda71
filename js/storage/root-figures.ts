// How far had a store come? The few fields of roots that this can be read from without the core; docs/format.md draws
// them. Nothing is trusted for more than the question whether something later was there.
import type { BlobInfo, ByteStore, RootSlot } from './byte-store.js';

/** One thing with roots of its own: `catalog`, or a collection by its id. */
export interface UnitState {
  /** Of its newest root; 0 without one. */
  readonly generation: number;
  /** Segments from this number on are newer than that root. */
  readonly nextSegment: number;
  readonly blobs: ReadonlyMap<string, number>;
  readonly roots: readonly RootSlot[];
}

export interface HomeState {
  readonly units: ReadonlyMap<string, UnitState>;
  /** In hexadecimal digits; absent without a catalog. */
  readonly storeId: string | undefined;
  /** Names of the units that the newest catalog lists, and its own. */
  readonly listed: ReadonlySet<string>;
  readonly bytes: number;
}

const CATALOG = 'catalog';
const MAGIC = [0x89, 0x58];

/** The whole of a home. */
export async function stateOf(home: ByteStore): Promise<HomeState> {
  const [roots, blobs] = [await home.readRoots(), await home.list()];
  const names = new Set([...roots.map(({ name }) => name), ...blobs.map(({ name }) => name.split('/')[0]!)]);
  const units = new Map<string, UnitState>();
  for (const name of names) if (/^(catalog|\d+)$/.test(name)) units.set(name, unitOf(name, roots, blobs));
  const catalog = newest(CATALOG, roots);
  return {
    units,
    storeId: catalog && Array.from(catalog.subarray(24, 40), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    listed: new Set([CATALOG, ...(catalog ? idsOf(catalog) : [])]),
    bytes: blobs.reduce((sum, { length }) => sum + length, 0),
  };
}

function unitOf(name: string, roots: readonly RootSlot[], blobs: readonly BlobInfo[]): UnitState {
  const root = newest(name, roots);
  return {
    generation: root ? generationOf(name, root) : 0,
    nextSegment: root && name !== CATALOG ? u64(root, 72) : 0,
    blobs: new Map(blobs.filter((blob) => blob.name.startsWith(`${name}/`)).map((blob) => [blob.name, blob.length])),
    roots: roots.filter((each) => each.name === name),
  };
}

/** Why `unit` has less than was known of it; nothing when it has all. */
export function behind(unit: UnitState | undefined, known: UnitState): string | undefined {
  const generation = unit?.generation ?? 0;
  if (generation < known.generation) {
    return `its newest root is of generation ${generation}, one of ${known.generation} was there`;
  }
  for (const [blob, length] of known.blobs) {
    const here = unit?.blobs.get(blob);
    if (here !== undefined && here < length) return `"${blob}" has ${here} bytes, ${length} were there`;
    const [, segment] = /\/wal-(\d+)$/.exec(blob) ?? [];
    if (here === undefined && segment && Number(segment) >= (unit?.nextSegment ?? 0)) return `"${blob}" is gone`;
  }
  return undefined;
}

/** The ids of a catalog's collections, as far as they can be read. */
function* idsOf(catalog: Uint8Array): Generator<string> {
  const view = new DataView(catalog.buffer, catalog.byteOffset, catalog.length);
  const room = (at: number) => at + 4 <= view.byteLength;
  for (let at = 64, left = view.getUint32(60, true); left > 0 && room(at); left--) {
    yield String(view.getUint32(at, true));
    at += 4;
    for (let text = 0; text < 2 && room(at); text++) at += 4 + view.getUint32(at, true);
  }
}

const u64 = (bytes: Uint8Array, at: number): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(at, true));

const generationOf = (name: string, root: Uint8Array): number => u64(root, name === CATALOG ? 40 : 48);

function newest(name: string, roots: readonly RootSlot[]): Uint8Array | undefined {
  const least = name === CATALOG ? 80 : 144;
  return roots
    .filter((root) => root.name === name && root.bytes.length >= least && MAGIC.every((b, i) => root.bytes[i] === b))
    .map(({ bytes }) => bytes)
    .sort((a, b) => generationOf(name, b) - generationOf(name, a))[0];
}
