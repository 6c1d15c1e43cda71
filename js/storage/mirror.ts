// A second copy of a home in another storage system, and the memory of how far the home had come. Browsers lose all of
// IndexedDB at once (a torn LevelDB log is enough); what they keep elsewhere survives that.
//
// The mirror takes the same batches in the same order, up to half a second later: it is always a state that the home
// was in. Roots are copied always, so that a loss is noticed; blobs as long as all together stay below a limit.
import { CorsacError } from '../errors.js';
import { storageError } from './storage-error.js';
import {
  BALLAST,
  type BlobInfo,
  type ByteStore,
  type ByteStoreCaps,
  type Durability,
  type Op,
  type RootSlot,
} from './byte-store.js';
import type { RestoringStore } from './restoration.js';
import { behind, type HomeState, stateOf, type UnitState } from './root-figures.js';

const DELAY_MS = 500;
const BACKLOG_BYTES = 4 << 20;
const COPY_BYTES = 1 << 20;
/** A root slot of the mirror: written when every blob of the home was copied, and forgotten before anything is not. */
const WHOLE = 'whole';

export interface MirrorOptions {
  /** Blobs are copied as long as all of them are at most so long together. */
  readonly maxBytes: number;
  /** Take the home as it is, whatever was known of it. */
  readonly acceptLoss: boolean;
}

export class MirroredStore implements RestoringStore {
  readonly #home: ByteStore;
  readonly #mirror: ByteStore;
  readonly #maxBytes: number;
  readonly restoration = { restored: new Map<string, string>(), lost: new Map<string, string>() };
  /** Batches that the home has and the mirror has not; none are kept while the mirror is being filled. */
  #backlog: Op[] = [];
  #backlogBytes = 0;
  #bytes = 0;
  /** Blobs are copied, too. */
  #whole = false;
  #failed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #filling = false;
  #closed = false;
  /** Writes wait while the mirror catches up with the last of them. */
  #gate: Promise<unknown> = Promise.resolve();
  readonly #writes = new Set<Promise<void>>();

  private constructor(home: ByteStore, mirror: ByteStore, { maxBytes }: MirrorOptions) {
    this.#home = home;
    this.#mirror = mirror;
    this.#maxBytes = maxBytes;
  }

  /**
   * Compares both and brings back what the home has lost.
   *
   * @throws {CorsacError} `data_loss` when the whole store is gone and cannot be brought back; both are closed then
   */
  static async open(home: ByteStore, mirror: ByteStore, options: MirrorOptions): Promise<MirroredStore> {
    const store = new MirroredStore(home, mirror, options);
    try {
      await store.#compare(options.acceptLoss);
      return store;
    } catch (error) {
      await Promise.allSettled([home.close(), mirror.close()]);
      throw error;
    }
  }

  get caps(): ByteStoreCaps {
    return this.#home.caps;
  }

  async apply(ops: readonly Op[], level: Durability): Promise<void> {
    const copies = ops.map((op) => ('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op));
    for (let gate: unknown; gate !== this.#gate;) await (gate = this.#gate);
    const write = this.#home.apply(copies, level).then(
      () => this.#note(copies),
      (error: unknown) => {
        const full = storageError(error, 'writing').code === 'quota';
        if (full && !this.#failed) void this.#inTurn(() => Promise.reject(error));
        throw error;
      },
    );
    this.#writes.add(write);
    await write.finally(() => this.#writes.delete(write));
  }

  read = (name: string, offset: number, length: number) => this.#home.read(name, offset, length);
  size = (name: string) => this.#home.size(name);
  list = (): Promise<BlobInfo[]> => this.#home.list();
  readRoots = (): Promise<RootSlot[]> => this.#home.readRoots();

  async restore(unit: string): Promise<boolean> {
    await this.#inTurn(() => this.#drain());
    const known = this.#whole ? await stateOf(this.#mirror) : undefined;
    const copy = known?.units.get(unit);
    if (!copy) return false;
    const here = (await stateOf(this.#home)).units.get(unit);
    for (const name of here?.blobs.keys() ?? []) await copyBlob(this.#home, name, this.#home, `damaged-${name}`);
    await this.#bring(unit, here, copy, true);
    return true;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#inTurn(() => this.#drain());
    await Promise.allSettled([this.#mirror.close()]);
    await this.#home.close();
  }

  async #compare(acceptLoss: boolean): Promise<void> {
    const [here, known] = [await stateOf(this.#home), await stateOf(this.#mirror)];
    this.#whole = (await this.#mirror.readRoots()).some(({ name }) => name === WHOLE);
    const gone = here.units.size === 0 && known.units.size > 0;
    const other = here.storeId !== undefined && known.storeId !== undefined && here.storeId !== known.storeId;
    let unlike = other;
    if (gone && !this.#whole && !acceptLoss) throw lossOf(known);
    if (!other) {
      // A collection that the newer catalog does not list was deleted.
      const older = (here.units.get('catalog')?.generation ?? 0) < (known.units.get('catalog')?.generation ?? 0);
      const { listed } = older ? known : here;
      for (const [unit, then] of known.units) {
        if (!listed.has(unit)) continue;
        const now = here.units.get(unit);
        const why = gone ? 'the whole store was gone' : behind(now, then);
        if (why === undefined) continue;
        if (acceptLoss) {
          unlike = true; // the same names may come to mean other bytes
          continue;
        }
        if (this.#whole) await this.#bring(unit, now, then, (now?.generation ?? 0) < then.generation);
        (this.#whole ? this.restoration.restored : this.restoration.lost).set(unit, why);
      }
      // What the witness knows stays known until the loss is accepted.
      if (this.restoration.lost.size > 0) return void (this.#failed = true);
    }
    this.#fill(unlike);
  }

  /** Writes a unit as the mirror has it. `all`: also what is in the home beside that goes. */
  async #bring(unit: string, now: UnitState | undefined, then: UnitState, all: boolean): Promise<void> {
    const gone: Op[] = all
      ? [...(now?.blobs.keys() ?? []), ...(now?.roots.length ? [unit] : [])].map((name) => ({ op: 'delete', name }))
      : [];
    if (gone.length > 0) await this.#home.apply(gone, 'relaxed');
    for (const [name, length] of then.blobs) {
      const here = all ? undefined : now?.blobs.get(name);
      if (here !== undefined && here >= length) continue;
      if (here !== undefined) await this.#home.apply([{ op: 'delete', name }], 'relaxed');
      await copyBlob(this.#mirror, name, this.#home, name);
    }
    await this.#home.apply([], 'strict');
    if (all) await this.#home.apply(then.roots.map(rootOp), 'strict');
  }

  /** Brings the mirror up to the home in the background, then keeps it there. */
  #fill(fresh: boolean): void {
    this.#filling = true;
    void this.#inTurn(async () => {
      if (fresh) await this.#forget();
      for (let pass = 0; pass < 20 && !this.#closed; pass++) {
        if ((await this.#copyMissing()) <= COPY_BYTES) break;
      }
      // The last of it while nothing is written.
      let open = () => {};
      this.#gate = new Promise<void>((resolve) => (open = resolve));
      try {
        if (!this.#closed) await this.#finish();
      } finally {
        open();
      }
    });
  }

  async #finish(): Promise<void> {
    await Promise.allSettled(this.#writes);
    await this.#copyMissing();
    const state = await stateOf(this.#home);
    this.#bytes = state.bytes;
    const whole = state.bytes <= this.#maxBytes;
    const roots = [...state.units.values()].flatMap((unit) => unit.roots);
    await this.#mirror.apply(roots.map(rootOp), 'relaxed');
    await this.#setWhole(whole);
    this.#filling = false;
  }

  /** Copies what the mirror lacks and forgets what it has beyond; the bytes that were copied. */
  async #copyMissing(): Promise<number> {
    const [here, there] = [await stateOf(this.#home), await stateOf(this.#mirror)];
    const wanted = new Map(here.bytes > this.#maxBytes ? [] : [...here.units.values()].flatMap((u) => [...u.blobs]));
    const known = new Map([...there.units.values()].flatMap((unit) => [...unit.blobs]));
    const units = [...there.units.keys()].filter((unit) => !here.units.has(unit));
    const surplus = [...known].filter(([name, length]) => (wanted.get(name) ?? -1) < length).map(([name]) => name);
    for (const name of surplus) known.delete(name);
    const lacking = [...wanted].filter(([name, length]) => (known.get(name) ?? -1) < length);
    if (surplus.length + units.length > 0 || lacking.length > 0) await this.#setWhole(false);
    await this.#mirror.apply(
      [...surplus, ...units].map((name): Op => ({ op: 'delete', name })),
      'relaxed',
    );
    let bytes = 0;
    for (const [name, length] of lacking) {
      if (this.#closed) return 0;
      bytes += length - (known.get(name) ?? 0);
      await copyBlob(this.#home, name, this.#mirror, name).catch((error: unknown) => {
        if ((error as CorsacError).code !== 'not_found') throw error; // deleted meanwhile
      });
    }
    return bytes;
  }

  async #setWhole(whole: boolean): Promise<void> {
    if (this.#whole === whole) return;
    this.#whole = whole;
    const op: Op = whole
      ? { op: 'root', name: WHOLE, slot: 0, bytes: Uint8Array.of(1) }
      : { op: 'delete', name: WHOLE };
    await this.#mirror.apply([op], 'relaxed');
  }

  async #forget(): Promise<void> {
    const names = [...(await this.#mirror.list()), ...(await this.#mirror.readRoots())].map(({ name }) => name);
    this.#whole = false;
    await this.#mirror.apply(
      [...new Set([WHOLE, ...names])].map((name): Op => ({ op: 'delete', name })),
      'relaxed',
    );
  }

  #note(ops: readonly Op[]): void {
    if (this.#filling || this.#failed) return;
    for (const op of ops) {
      if (op.name === BALLAST) continue;
      const grows = op.op === 'put' || op.op === 'append';
      if (grows) this.#bytes += op.bytes.length;
      if (grows && !this.#whole) continue;
      this.#backlog.push(op);
      if ('bytes' in op) this.#backlogBytes += op.bytes.length;
    }
    if (this.#backlogBytes >= BACKLOG_BYTES) void this.#inTurn(() => this.#drain());
    else this.#timer ??= setTimeout(() => void this.#inTurn(() => this.#drain()), DELAY_MS);
    (this.#timer as { unref?: () => void } | undefined)?.unref?.();
  }

  async #drain(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ops = joined(this.#backlog.splice(0));
    this.#backlogBytes = 0;
    if (ops.length > 0) await this.#mirror.apply(ops, 'relaxed');
    // Deletes are not counted as they come: a look at the home says whether the limit is really passed.
    if (this.#whole && this.#bytes > this.#maxBytes) {
      this.#bytes = (await stateOf(this.#home)).bytes;
      if (this.#bytes > this.#maxBytes) await this.#copyMissing();
    }
  }

  /** One thing at a time with the mirror. A failure ends mirroring for this session: the next one fills it again. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#work.then(() => (this.#failed ? undefined : work())).catch(() => this.#giveUp());
    this.#work = run;
    return run;
  }

  /** Only a copy that is whole may be brought back; the room of another is worth more to the home. */
  async #giveUp(): Promise<void> {
    this.#failed = true;
    this.#backlog = [];
    this.#whole = true;
    await this.#setWhole(false).catch(() => {});
    const blobs = await this.#mirror.list().catch(() => []);
    const deletes = blobs.map(({ name }): Op => ({ op: 'delete', name }));
    await this.#mirror.apply(deletes, 'relaxed').catch(() => {});
  }
}

/** Neighbouring appends to one blob become one. */
function joined(ops: readonly Op[]): Op[] {
  const out: Op[] = [];
  for (const op of ops) {
    const last = out.at(-1);
    const grows = last && (last.op === 'put' || last.op === 'append') && last.name === op.name && op.op === 'append';
    if (!grows || last.bytes.length + op.bytes.length > COPY_BYTES) {
      out.push(op);
      continue;
    }
    const bytes = new Uint8Array(last.bytes.length + op.bytes.length);
    bytes.set(last.bytes);
    bytes.set(op.bytes, last.bytes.length);
    out[out.length - 1] = { ...last, bytes };
  }
  return out;
}

const rootOp = ({ name, slot, bytes }: RootSlot): Op => ({ op: 'root', name, slot, bytes });

/** The end of a blob that is there in part, or all of it. */
async function copyBlob(from: ByteStore, name: string, to: ByteStore, as: string): Promise<void> {
  const length = (await from.size(name)) ?? 0;
  let at = (await to.size(as)) ?? -1;
  if (at < 0) {
    const bytes = await from.read(name, 0, COPY_BYTES);
    await to.apply([{ op: 'put', name: as, bytes }], 'relaxed');
    at = bytes.length;
  }
  while (at < length) {
    const bytes = await from.read(name, at, Math.min(COPY_BYTES, length - at));
    if (bytes.length === 0) return;
    await to.apply([{ op: 'append', name: as, offset: at, bytes }], 'relaxed');
    at += bytes.length;
  }
}

const lossOf = ({ storeId, bytes }: HomeState): CorsacError =>
  new CorsacError(
    'data_loss',
    `the store ${storeId ?? ''} was here and is gone: the browser deleted it, and there is no copy of it (${bytes} bytes of one)`,
    {
      hint: 'bring it back with import() of an archive; VectorStore.destroy() forgets it, and the next open makes a new one',
    },
  );
