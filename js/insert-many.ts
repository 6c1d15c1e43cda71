// Many documents from any iterable: batches that are all or nothing, embedded while the one before is written.
import { throwIfAborted } from './abort.js';
import { checkDocument, type CheckedDocument } from './document.js';
import type { Embedding } from './embedding.js';
import { Pacer } from './engine/pacer.js';
import { CorsacError, type ErrorCode } from './errors.js';
import type { JsonObject } from './json.js';
import { nameOf } from './json.js';
import { checkDurability } from './open-options.js';
import { callback, integer, invalid, oneOf, readOptions, signalOf } from './option-check.js';
import { encodeWrite, type WriteMode } from './operation.js';
import type { BatchResult, Document, Progress } from './schema.js';
import type { Durability } from './storage/byte-store.js';

/** How many documents are written at once, and what happens to those that are wrong. */
export interface InsertManyOptions {
  /** Documents written together, 1 to 100,000; fewer when they pass 32 MiB. @default 1,000 */
  readonly batchSize?: number | undefined;
  /** How many documents there will be, for the progress; known by itself for an array. */
  readonly total?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** `throw`: a batch with a bad document changes nothing and rejects. `collect`: its good documents go in. @default 'throw' */
  readonly onError?: 'throw' | 'collect' | undefined;
  /** @default 'insert' */
  readonly mode?: WriteMode | undefined;
  readonly durability?: Durability | undefined;
}

export interface InsertTarget {
  readonly dimension: number;
  readonly embedding: Embedding;
  write(operation: Uint8Array, durability: Durability | undefined): Promise<number>;
}

/** What can be the fault of one document. */
const DOCUMENT_CODES: readonly ErrorCode[] = ['invalid_argument', 'dimension_mismatch', 'already_exists'];

interface Numbered {
  readonly index: number;
  readonly document: CheckedDocument;
}

/** Large documents make smaller batches: a batch is in memory several times while it is written. */
const MAX_BATCH_SIZE = 32 << 20;

const sizeOf = ({ content, metadata, vector }: CheckedDocument): number =>
  (content?.length ?? 0) + (metadata?.length ?? 0) + (vector?.byteLength ?? 0);

const KNOWN = ['batchSize', 'total', 'signal', 'onProgress', 'onError', 'mode', 'durability'] as const;

export class BulkInsert {
  readonly #target: InsertTarget;
  readonly #batchSize: number;
  readonly #total: number | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #collect: boolean;
  readonly #mode: WriteMode;
  readonly #durability: Durability | undefined;
  readonly #pacer = new Pacer();
  readonly #started = performance.now();
  readonly #errors: BatchResult['errors'] = [];
  #documents = 0;
  #batches = 0;
  #seen = 0;

  constructor(target: InsertTarget, input: unknown, options: InsertManyOptions | undefined) {
    const read = readOptions('insertMany', options, KNOWN);
    this.#target = target;
    this.#batchSize = integer('batchSize', read.batchSize ?? 1000, 1, 100_000);
    this.#total =
      read.total === undefined
        ? Array.isArray(input)
          ? input.length
          : undefined
        : integer('total', read.total, 0, 2 ** 53 - 1);
    this.#signal = signalOf(read.signal);
    this.#onProgress = read.onProgress;
    if (read.onProgress !== undefined) callback('onProgress', read.onProgress);
    this.#collect = oneOf('onError', read.onError ?? 'throw', ['throw', 'collect']) === 'collect';
    this.#mode = oneOf('mode', read.mode ?? 'insert', ['insert', 'upsert']);
    this.#durability = checkDurability(read.durability);
  }

  async run(input: Iterable<Document<object>> | AsyncIterable<Document<object>>): Promise<BatchResult> {
    if (!isIterable(input)) throw invalid(`documents must be an iterable or async iterable, got ${nameOf(input)}`);
    throwIfAborted(this.#signal);
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const batch of this.#batchesOf(input)) {
        const embedded = await this.#embed(batch);
        await writing;
        throwIfAborted(this.#signal);
        writing = this.#write(embedded);
        // Not awaited until the next batch is ready: its failure is met there.
        writing.catch(() => {});
      }
    } catch (error) {
      await writing;
      throw error;
    }
    await writing;
    return {
      documentsIndexed: this.#documents,
      batches: this.#batches,
      errors: this.#errors,
      elapsedMs: performance.now() - this.#started,
    };
  }

  async *#batchesOf(input: Iterable<unknown> | AsyncIterable<unknown>): AsyncIterable<Numbered[]> {
    let batch: Numbered[] = [];
    let size = 0;
    for await (const given of input) {
      const index = this.#seen++;
      const document = this.#check(given, index);
      if (document) batch.push({ index, document });
      // Checking is done on the caller's thread, which may be a page.
      if (this.#pacer.due) await this.#pacer.pause();
      if (document) size += sizeOf(document);
      if (batch.length < this.#batchSize && size < MAX_BATCH_SIZE) continue;
      yield batch;
      batch = [];
      size = 0;
    }
    if (batch.length > 0) yield batch;
  }

  #check(given: unknown, index: number): CheckedDocument | undefined {
    try {
      return checkDocument(given, this.#target.dimension, `documents[${index}]`);
    } catch (error) {
      this.#fault(error, index, (given as { id?: unknown } | null)?.id);
      return undefined;
    }
  }

  async #embed(batch: Numbered[]): Promise<Numbered[]> {
    const { embedding } = this.#target;
    const lacking = embedding.expected
      ? batch.filter(({ document: { vector, content } }) => vector === undefined && content !== undefined)
      : [];
    if (lacking.length === 0) return batch;
    const vectors = await embedding.embed(
      lacking.map(({ document }) => document.content!),
      { as: 'document', signal: this.#signal },
    );
    lacking.forEach(({ document }, i) => (document.vector = vectors[i]));
    return batch;
  }

  async #write(batch: readonly Numbered[]): Promise<void> {
    await this.#writePart(batch);
    this.#batches++;
    const done = this.#documents + this.#errors.length;
    const elapsedMs = performance.now() - this.#started;
    const perSecond = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
    this.#onProgress?.({
      stage: 'insert',
      done,
      batch: this.#batches,
      elapsedMs,
      perSecond,
      ...(this.#total !== undefined && {
        total: this.#total,
        etaMs: perSecond > 0 ? (Math.max(0, this.#total - done) / perSecond) * 1000 : 0,
      }),
    });
  }

  /** Writes all of `part`, or, when errors are collected, its halves until the bad documents stand alone. */
  async #writePart(part: readonly Numbered[]): Promise<void> {
    try {
      const operation = encodeWrite(
        this.#mode,
        part.map(({ document }) => document),
      );
      await this.#target.write(operation, this.#durability);
      this.#documents += part.length;
    } catch (error) {
      const ofDocument = error instanceof CorsacError && DOCUMENT_CODES.includes(error.code);
      if (!this.#collect || !ofDocument) throw error;
      const [only] = part;
      if (part.length === 1) return this.#fault(error, only!.index, only!.document.id);
      const half = part.length >> 1;
      await this.#writePart(part.slice(0, half));
      await this.#writePart(part.slice(half));
    }
  }

  #fault(error: unknown, index: number, id: unknown): void {
    if (!this.#collect || !(error instanceof CorsacError)) throw error;
    this.#errors.push({ index, id: typeof id === 'string' ? id : undefined, error });
  }
}

const isIterable = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && (Symbol.iterator in input || Symbol.asyncIterator in input);

export type BulkInput<M extends object = JsonObject> = Iterable<Document<M>> | AsyncIterable<Document<M>>;
