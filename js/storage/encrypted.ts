// A home whose bytes nobody can read or exchange without the key. Everything is sealed with AES-256-GCM before it
// reaches the home beneath: blobs as frames, so that a range can be read and an append needs no other frame, root slots
// as one frame each. docs/format.md draws them.
//
// A random data key, wrapped with the caller's key in the root `encryption`, makes a key for each blob by HKDF-SHA-256
// over its name. Nonces are random: a home that was rolled back never meets one twice. The name of the blob and the
// offset of the frame are authenticated, so that neither can be exchanged.
import { CorsacError } from '../errors.js';
import type { BlobInfo, ByteStore, ByteStoreCaps, Durability, Op, RootSlot } from './byte-store.js';
import { closedError, missingError, storageError } from './storage-error.js';

const ENCRYPTION_ROOT = 'encryption';
const VERSION = 1;
const NONCE = 12;
const TAG = 16;
/** u32 length of the content, u32 ones' complement of it, nonce. */
const HEADER = 8 + NONCE;
/** Content of one frame; longer effects become several. */
const FRAME_BYTES = 256 << 10;
const SCAN_BYTES = 64 << 10;
const ALGORITHM = 'AES-GCM';

interface Frame {
  /** Of the content, within the blob. */
  readonly offset: number;
  readonly length: number;
  /** Of the header, in the home. */
  readonly at: number;
}

interface Blob {
  readonly frames: Frame[];
  /** Of the content, counting what follows the last whole frame as if it were some. */
  length: number;
  /** In the home. */
  stored: number;
}

const utf8 = new TextEncoder();
type Bytes = Uint8Array<ArrayBuffer>;

export class EncryptedStore implements ByteStore {
  readonly #home: ByteStore;
  readonly #master: CryptoKey;
  readonly #keys = new Map<string, Promise<CryptoKey>>();
  readonly #blobs = new Map<string, Blob>();
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(home: ByteStore, master: CryptoKey) {
    this.#home = home;
    this.#master = master;
  }

  /**
   * @throws {CorsacError} `invalid_argument` for another key than it was made with, and for a home that holds something
   *   and is not encrypted; nothing is changed then
   */
  static async open(home: ByteStore, key: CryptoKey): Promise<EncryptedStore> {
    if (typeof crypto !== 'object' || !crypto.subtle) {
      throw new CorsacError('unsupported_environment', 'encryption needs WebCrypto, which pages have under https only');
    }
    const roots = await home.readRoots();
    const stored = roots.filter(({ name }) => name === ENCRYPTION_ROOT).map(({ bytes }) => bytes as Bytes);
    const empty = roots.length === 0 && (await home.list()).length === 0;
    if (stored.length === 0 && !empty) {
      throw new CorsacError('invalid_argument', 'the store is not encrypted, and encryption.key is given', {
        hint: 'export it, and import it into a store that is opened with a key',
      });
    }
    const data = stored.length > 0 ? await unwrap(stored, key) : await create(home, key);
    const master = await crypto.subtle.importKey('raw', data, 'HKDF', false, ['deriveKey']);
    data.fill(0);
    const store = new EncryptedStore(home, master);
    for (const { name, length } of await home.list()) store.#blobs.set(name, await store.#scan(name, length));
    return store;
  }

  get caps(): ByteStoreCaps {
    return this.#home.caps;
  }

  apply(ops: readonly Op[], level: Durability): Promise<void> {
    const copies = ops.map((op) => ('bytes' in op ? { ...op, bytes: op.bytes.slice() } : op));
    return this.#inOrder('encrypting', async () => {
      const next = new Map<string, Blob | undefined>();
      const sealed: Op[] = [];
      for (const op of copies) sealed.push(...(await this.#seal(op, next)));
      try {
        await this.#home.apply(sealed, level);
      } catch (error) {
        // What a batch that failed left behind is looked at anew.
        for (const name of next.keys()) await this.#look(name);
        throw error;
      }
      for (const [name, blob] of next) {
        if (blob) this.#blobs.set(name, blob);
        else this.#blobs.delete(name);
      }
    });
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#inOrder(`reading "${name}"`, async () => {
      const blob = this.#blobs.get(name);
      if (!blob) throw missingError(name);
      const end = Math.min(blob.length, offset + length);
      const out = new Uint8Array(Math.max(0, end - offset));
      for (let i = firstFrame(blob.frames, offset); i < blob.frames.length; i++) {
        const frame = blob.frames[i]!;
        if (frame.offset >= end) break;
        const content = await this.#unseal(name, frame);
        const from = Math.max(0, offset - frame.offset);
        out.set(content.subarray(from, end - frame.offset), frame.offset + from - offset);
      }
      return out;
    });
  }

  size(name: string): Promise<number | undefined> {
    return this.#inOrder('asking for a size', async () => this.#blobs.get(name)?.length);
  }

  list(): Promise<BlobInfo[]> {
    return this.#inOrder('listing', async () => [...this.#blobs].map(([name, { length }]) => ({ name, length })));
  }

  readRoots(): Promise<RootSlot[]> {
    return this.#inOrder('reading the roots', async () => {
      const out: RootSlot[] = [];
      for (const { name, slot, bytes } of await this.#home.readRoots()) {
        if (name === ENCRYPTION_ROOT) continue;
        // A slot that cannot be opened is a damaged root, which is for the reader of roots to judge.
        const content = await this.#open(name, `${name}.${slot}`, 0, bytes as Bytes).catch(() => bytes);
        out.push({ name, slot, bytes: content });
      }
      return out;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => undefined);
    this.#keys.clear();
    await this.#home.close();
  }

  async #seal(op: Op, next: Map<string, Blob | undefined>): Promise<Op[]> {
    if (op.op === 'delete') {
      next.set(op.name, undefined);
      return [op];
    }
    if (op.op === 'root') {
      if (op.name === ENCRYPTION_ROOT) throw new CorsacError('invalid_argument', `"${op.name}" is a root of the home`);
      return [{ ...op, bytes: await this.#close(op.name, `${op.name}.${op.slot}`, 0, op.bytes as Bytes) }];
    }
    const known = next.has(op.name) ? next.get(op.name) : this.#blobs.get(op.name);
    const blob: Blob = op.op === 'append' && known ? { ...known, frames: [...known.frames] } : emptyBlob();
    if (op.op === 'append') {
      if (!known) throw missingError(op.name);
      if (known.length !== op.offset) {
        throw new CorsacError(
          'storage',
          `blob "${op.name}" is ${known.length} bytes long, cannot append at ${op.offset}`,
        );
      }
    }
    const start = blob.stored;
    const frames: Bytes[] = [];
    for (let at = 0; at < op.bytes.length; at += FRAME_BYTES) {
      const content = op.bytes.subarray(at, at + FRAME_BYTES) as Bytes;
      const frame = await this.#close(op.name, op.name, blob.length, content);
      blob.frames.push({ offset: blob.length, length: content.length, at: blob.stored });
      blob.length += content.length;
      blob.stored += frame.length;
      frames.push(frame);
    }
    next.set(op.name, blob);
    const bytes = joined(frames);
    return [op.op === 'put' ? { ...op, bytes } : { ...op, offset: start, bytes }];
  }

  /** One frame. `about` and `offset` are what it is authenticated to be. */
  async #close(name: string, about: string, offset: number, content: Bytes): Promise<Bytes> {
    const out = new Uint8Array(HEADER + content.length + TAG);
    const view = new DataView(out.buffer);
    view.setUint32(0, content.length, true);
    view.setUint32(4, ~content.length, true);
    const nonce = crypto.getRandomValues(out.subarray(8, HEADER));
    const how = { name: ALGORITHM, iv: nonce, additionalData: context(about, offset) };
    out.set(new Uint8Array(await crypto.subtle.encrypt(how, await this.#key(name), content)), HEADER);
    return out;
  }

  async #open(name: string, about: string, offset: number, frame: Bytes): Promise<Bytes> {
    const how = { name: ALGORITHM, iv: frame.slice(8, HEADER), additionalData: context(about, offset) };
    return new Uint8Array(await crypto.subtle.decrypt(how, await this.#key(name), frame.slice(HEADER)));
  }

  async #unseal(name: string, { offset, length, at }: Frame): Promise<Bytes> {
    const stored = (await this.#home.read(name, at, HEADER + length + TAG)) as Bytes;
    try {
      return await this.#open(name, name, offset, stored);
    } catch (cause) {
      throw new CorsacError('corrupt', `blob "${name}" cannot be decrypted at ${offset}: it was changed`, { cause });
    }
  }

  /** Where the frames of a blob are: read from their headers, one after another. */
  async #scan(name: string, stored: number): Promise<Blob> {
    const blob: Blob = { ...emptyBlob(), stored };
    let window: Uint8Array = new Uint8Array();
    let windowAt = 0;
    for (let at = 0; at + HEADER + TAG <= stored;) {
      if (at < windowAt || at + HEADER > windowAt + window.length) {
        window = await this.#home.read(name, (windowAt = at), Math.min(SCAN_BYTES, stored - at));
      }
      const view = new DataView(window.buffer, window.byteOffset + at - windowAt, 8);
      const length = view.getUint32(0, true);
      const end = at + HEADER + length + TAG;
      if (view.getUint32(4, true) !== ~length >>> 0 || length > FRAME_BYTES || end > stored) break;
      blob.frames.push({ offset: blob.length, length, at });
      blob.length += length;
      at = end;
    }
    const last = blob.frames.at(-1);
    // A write that was cut short: the blob is longer than what can be read, and nothing is ever appended to it.
    blob.length += stored - (last ? last.at + HEADER + last.length + TAG : 0);
    return blob;
  }

  async #look(name: string): Promise<void> {
    const stored = await this.#home.size(name).catch(() => undefined);
    if (stored === undefined) this.#blobs.delete(name);
    else this.#blobs.set(name, await this.#scan(name, stored));
  }

  #key(name: string): Promise<CryptoKey> {
    const known = this.#keys.get(name);
    if (known) return known;
    if (this.#keys.size > 1_000) this.#keys.clear();
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8.encode(`corsac/${name}`) };
    const made = crypto.subtle.deriveKey(how, this.#master, { name: ALGORITHM, length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    this.#keys.set(name, made);
    return made;
  }

  #inOrder<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError('encrypted'));
    const run = this.#tail.then(work, work).catch((error: unknown) => {
      throw storageError(error, doing);
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }
}

const emptyBlob = (): Blob => ({ frames: [], length: 0, stored: 0 });

/** What a frame is authenticated to be: where its content stands, and in what. */
function context(about: string, offset: number): Bytes {
  const name = utf8.encode(about);
  const out = new Uint8Array(8 + name.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(offset), true);
  out.set(name, 8);
  return out;
}

function firstFrame(frames: readonly Frame[], offset: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle]!.offset + frames[middle]!.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The root of a new home: u32 version, nonce, the data key encrypted with the caller's. */
async function create(home: ByteStore, key: CryptoKey): Promise<Bytes> {
  const data = crypto.getRandomValues(new Uint8Array(32));
  const bytes = new Uint8Array(4 + NONCE + 32 + TAG);
  new DataView(bytes.buffer).setUint32(0, VERSION, true);
  const nonce = crypto.getRandomValues(bytes.subarray(4, 4 + NONCE));
  const how = { name: ALGORITHM, iv: nonce, additionalData: bytes.slice(0, 4) };
  bytes.set(new Uint8Array(await crypto.subtle.encrypt(how, key, data)), 4 + NONCE);
  // Both slots: one of them may be torn, and without it nothing can ever be read.
  for (const slot of [0, 1] as const) await home.apply([{ op: 'root', name: ENCRYPTION_ROOT, slot, bytes }], 'strict');
  return data;
}

/** From whichever slot can be read. */
async function unwrap(slots: readonly Bytes[], key: CryptoKey): Promise<Bytes> {
  let failure: unknown;
  for (const bytes of slots) {
    const version = bytes.length >= 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : 0;
    if (version > VERSION) {
      throw new CorsacError('unsupported_format', `the encryption of the store is of version ${version}`);
    }
    const how = { name: ALGORITHM, iv: bytes.slice(4, 4 + NONCE), additionalData: bytes.slice(0, 4) };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(how, key, bytes.slice(4 + NONCE)));
    } catch (error) {
      failure = error;
    }
  }
  throw new CorsacError('invalid_argument', 'encryption.key is not the key that the store was made with', {
    cause: failure,
  });
}
