// A store as a stream, and back: archives, which are the stored form, and documents as JSON Lines. Loaded when it is
// asked for.
import { throwIfAborted } from './abort.js';
import type { Collection } from './collection.js';
import { checkDocument } from './document.js';
import type { Control, StoreEngine } from './engine/engine.js';
import { CorsacError } from './errors.js';
import { nameOf } from './json.js';
import { callback, integer, invalid, oneOf, readOptions, signalOf } from './option-check.js';
import type { Document, ImportReport, Progress, StoredDocument, VerifyReport } from './schema.js';

/** `native`: the stored form, of the whole store. `jsonl`: one document a line, of one collection. */
export type TransferFormat = 'native' | 'jsonl';

export interface ExportOptions {
  /** @default 'native' */
  readonly format?: TransferFormat | undefined;
  /** Of `jsonl`: which collection. @default the only one */
  readonly collection?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What an import takes at most; wider input is `invalid_argument` and changes nothing. */
export interface ImportLimits {
  /** Bytes of the source. @default 64 GiB, of `jsonl` 1 GiB */
  readonly totalBytes?: number | undefined;
  /** Blobs of an archive. @default 65,536 */
  readonly blobs?: number | undefined;
  /** Lines of `jsonl`. @default 10,000,000 */
  readonly documents?: number | undefined;
}

export interface ImportOptions extends ExportOptions {
  /** Of `jsonl`. @default 'insert' */
  readonly mode?: 'insert' | 'upsert' | undefined;
  readonly limits?: ImportLimits | undefined;
}

/** Bytes from anywhere; strings count as UTF-8. */
export type ImportSource =
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array | string>
  | Uint8Array
  | ArrayBuffer
  | Blob
  | Response;

/** The store as this file needs it. */
export interface TransferStore {
  readonly engine: StoreEngine;
  collection(name: string): Promise<Collection<never>>;
}

interface CheckedTransfer {
  readonly format: TransferFormat;
  readonly collection: string | undefined;
  readonly mode: 'insert' | 'upsert';
  readonly limits: { readonly totalBytes: number; readonly blobs: number; readonly documents: number };
  readonly control: Control;
}

const CHUNK = 256;
const LINE_LENGTH = 1 << 28;

/** @throws {CorsacError} `invalid_argument` */
export function checkTransfer(what: 'export' | 'import', options: ImportOptions | undefined): CheckedTransfer {
  const exporting = ['format', 'collection', 'signal', 'onProgress'] as const;
  const read = readOptions(what, options, what === 'export' ? exporting : [...exporting, 'mode', 'limits']);
  const format = oneOf('format', read.format ?? 'native', ['native', 'jsonl']);
  if (read.collection !== undefined && (typeof read.collection !== 'string' || format === 'native')) {
    throw invalid(`collection is a name and goes with format 'jsonl', got ${nameOf(read.collection)}`);
  }
  if (read.mode !== undefined && format === 'native') throw invalid("mode goes with format 'jsonl'");
  if (read.onProgress !== undefined) callback('onProgress', read.onProgress);
  const limits = readOptions('limits', read.limits, ['totalBytes', 'blobs', 'documents']);
  const most = 2 ** 53 - 1;
  return {
    format,
    collection: read.collection,
    mode: oneOf('mode', read.mode ?? 'insert', ['insert', 'upsert']),
    limits: {
      totalBytes: integer('limits.totalBytes', limits.totalBytes ?? 2 ** (format === 'native' ? 36 : 30), 1, most),
      blobs: integer('limits.blobs', limits.blobs ?? 65_536, 1, most),
      documents: integer('limits.documents', limits.documents ?? 10_000_000, 1, most),
    },
    control: { signal: signalOf(read.signal), onProgress: read.onProgress },
  };
}

export async function verifyStore(engine: StoreEngine, control: Control): Promise<VerifyReport> {
  const job = await engine.startJob('verify', NO_LIMITS);
  try {
    for (;;) {
      const { done, value } = await engine.stepJob(job, undefined, control);
      if (done) return value as VerifyReport;
    }
  } finally {
    await engine.endJob(job);
  }
}

const NO_LIMITS = { totalBytes: 0, blobs: 0 };

/** The pieces of an export, in order. */
export async function* exportPieces(store: TransferStore, options: CheckedTransfer): AsyncGenerator<Uint8Array> {
  if (options.format === 'jsonl') return yield* lines(store, options);
  const { engine } = store;
  const job = await engine.startJob('export', NO_LIMITS);
  try {
    for (;;) {
      const { done, bytes } = await engine.stepJob(job, undefined, options.control);
      if (bytes && bytes.length > 0) yield bytes;
      if (done) return;
    }
  } finally {
    await engine.endJob(job).catch(() => {}); // the store may be closed
  }
}

export async function importStore(
  store: TransferStore,
  source: ImportSource,
  options: CheckedTransfer,
): Promise<ImportReport> {
  if (options.format === 'jsonl') return importLines(store, source, options);
  const { engine } = store;
  const job = await engine.startJob('import', options.limits);
  try {
    for await (const piece of piecesOf(source)) {
      // Small pieces, so that none is in memory many times.
      for (let at = 0; at < piece.length; at += 1 << 20) {
        await engine.stepJob(job, piece.subarray(at, at + (1 << 20)), options.control);
      }
    }
    const { value } = await engine.stepJob(job, undefined, options.control);
    return value as ImportReport;
  } finally {
    await engine.endJob(job);
  }
}

async function* lines(store: TransferStore, { collection, control }: CheckedTransfer): AsyncGenerator<Uint8Array> {
  const from = await named(store, collection);
  const utf8 = new TextEncoder();
  const started = performance.now();
  const total = await from.count();
  const include = ['content', 'metadata', ...(from.dimension > 0 ? (['embedding'] as const) : [])] as const;
  for (let after: string | undefined, done = 0; ;) {
    throwIfAborted(control.signal);
    const page = await from.list({ limit: CHUNK, after, include });
    done += page.documents.length;
    if (page.documents.length > 0) yield utf8.encode(page.documents.map(lineOf).join(''));
    control.onProgress?.({ stage: 'export', done, total, elapsedMs: performance.now() - started });
    if (page.after === undefined) return;
    after = page.after;
  }
}

/** Nine digits name every 32-bit float. */
const lineOf = ({ id, content, embedding, metadata }: StoredDocument<never>): string =>
  `${JSON.stringify({
    id,
    content,
    embedding: embedding && Array.from(embedding, (x) => Number(x.toPrecision(9))),
    metadata,
  })}\n`;

async function named(store: TransferStore, name: string | undefined): Promise<Collection<never>> {
  if (name !== undefined) return store.collection(name);
  const names = await store.engine.names();
  if (names.length === 1) return store.collection(names[0]!);
  throw invalid(`the store has ${names.length} collections: name one with the option collection`);
}

/** Everything is read and checked before anything is written; what went in is taken out again when the rest fails. */
async function importLines(
  store: TransferStore,
  source: ImportSource,
  options: CheckedTransfer,
): Promise<ImportReport> {
  const started = performance.now();
  const into = await named(store, options.collection);
  const documents: Document<never>[] = [];
  const ids = new Set<string>();
  let bytes = 0;
  for await (const { line, number, read } of linesOf(source, options)) {
    throwIfAborted(options.control.signal);
    bytes = read;
    const document = parsed(line, number, into.dimension);
    if (ids.has(document.id) && options.mode === 'insert') {
      throw new CorsacError('already_exists', `line ${number}: the id ${JSON.stringify(document.id)} comes twice`);
    }
    ids.add(document.id);
    documents.push(document);
  }
  if (options.mode === 'insert') await refuseKnown(into, [...ids]);
  const { signal, onProgress } = options.control;
  let written = 0;
  try {
    await into.insertMany(documents, {
      mode: options.mode,
      signal,
      onProgress: (progress) => {
        written = progress.done;
        onProgress?.({ ...progress, stage: 'import' });
      },
    });
  } catch (error) {
    if (options.mode === 'insert') await into.delete(documents.slice(0, written).map(({ id }) => id));
    throw error;
  }
  return {
    storeId: store.engine.report.storeId,
    collections: [into.name],
    documents: documents.length,
    bytes,
    ms: performance.now() - started,
  };
}

async function refuseKnown(into: Collection<never>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 10_000) {
    const part = ids.slice(at, at + 10_000);
    const known = (await into.get(part, { include: [] })).findIndex((document) => document !== undefined);
    if (known >= 0) {
      throw new CorsacError('already_exists', `there is a document with the id ${JSON.stringify(part[known])} already`);
    }
  }
}

function parsed(line: string, number: number, dimension: number): Document<never> {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch (cause) {
    throw new CorsacError('invalid_argument', `line ${number} is not JSON: ${(cause as Error).message}`, { cause });
  }
  checkDocument(document, dimension, `line ${number}`);
  return document as Document<never>;
}

async function* linesOf(source: ImportSource, { limits }: CheckedTransfer) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 0;
  let read = 0;
  const pieces = piecesOf(source);
  for (let ended = false; !ended;) {
    const { value, done } = await pieces.next();
    ended = done === true;
    read += value?.length ?? 0;
    if (read > limits.totalBytes) throw invalid(`the source is longer than limits.totalBytes (${limits.totalBytes})`);
    rest += decoded(decoder, value, ended);
    if (rest.length > LINE_LENGTH) throw invalid(`line ${number + 1} is longer than ${LINE_LENGTH} characters`);
    const complete = rest.split('\n');
    rest = ended ? '' : complete.pop()!;
    for (const line of complete) {
      number++;
      if (line.trim() === '') continue;
      if (number > limits.documents) throw invalid(`the source has more lines than limits.documents allows`);
      yield { line, number, read };
    }
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | void, ended: boolean): string {
  try {
    return decoder.decode(bytes ?? new Uint8Array(), { stream: !ended });
  } catch (cause) {
    throw new CorsacError('invalid_argument', 'the source is not UTF-8', { cause });
  }
}

async function* piecesOf(source: ImportSource): AsyncGenerator<Uint8Array, void> {
  for await (const piece of iterableOf(source)) {
    if (typeof piece === 'string') yield new TextEncoder().encode(piece);
    else if (ArrayBuffer.isView(piece)) yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    else throw invalid(`a source gives bytes or strings, got ${nameOf(piece)}`);
  }
}

function iterableOf(source: ImportSource): Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof source === 'string') return [source];
  if (ArrayBuffer.isView(source)) return [source];
  if (source instanceof ArrayBuffer) return [new Uint8Array(source)];
  const { body, stream } = source as Partial<Response & Blob>;
  if (typeof stream === 'function') return iterableOf(stream.call(source) as ReadableStream<Uint8Array>);
  if (body) return iterableOf(body);
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return source as AsyncIterable<unknown>;
    // Not every engine that runs Corsac iterates a ReadableStream.
    if ('getReader' in source) return readerPieces(source as unknown as ReadableStream<Uint8Array>);
  }
  throw invalid(`import takes a stream, an iterable of bytes, bytes, a Blob or a Response, got ${nameOf(source)}`);
}

async function* readerPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
