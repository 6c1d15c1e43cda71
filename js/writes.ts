// How do documents get in and out? They are checked, embedded where content becomes vectors, and given to the engine as operations.
import { checkDocument, checkId, checkIds, checkPatch } from './document.js';
import type { Embedding } from './embedding.js';
import type { CollectionEngine } from './engine/engine.js';
import { filterJson, type Filter } from './filter.js';
import { isPlainObject, nameOf, type JsonObject } from './json.js';
import { encodeRemove, encodeWrite, type WriteMode } from './operation.js';
import { checkDurability } from './open-options.js';
import { invalid, readOptions } from './option-check.js';
import type { Document, Patch } from './schema.js';
import type { Durability } from './storage/byte-store.js';

/** What every write takes. */
export interface WriteOptions {
  /** @default the store's */
  readonly durability?: Durability | undefined;
}

const REMOVE_BATCH = 50_000;

export class Writes<M extends object = JsonObject> {
  readonly #engine: CollectionEngine;
  readonly #embedding: Embedding;
  readonly #dimension: number;

  constructor(engine: CollectionEngine, embedding: Embedding, dimension: number) {
    this.#engine = engine;
    this.#embedding = embedding;
    this.#dimension = dimension;
  }

  async write(mode: WriteMode, given: Document<M>, options: WriteOptions | undefined): Promise<void> {
    const durability = durabilityOf(mode, options);
    const document = checkDocument(given, this.#dimension, 'document');
    document.vector ??= await this.#vectorFor(document.content);
    await this.#engine.write(encodeWrite(mode, [document]), durability);
  }

  async update(id: string, patch: Patch<M>, options: WriteOptions | undefined): Promise<void> {
    const durability = durabilityOf('update', options);
    const checked = checkPatch(patch, this.#dimension);
    const vector = checked.vector ?? (await this.#vectorFor(checked.content));
    await this.#engine.update({ id: checkId(id), ...checked, vector }, durability);
  }

  async remove(which: string | readonly string[] | Filter<M>, options: WriteOptions | undefined): Promise<number> {
    const durability = durabilityOf('delete', options);
    if (typeof which === 'string') return this.#engine.write(encodeRemove([checkId(which)]), durability);
    if (!Array.isArray(which)) {
      if (!isPlainObject(which)) throw invalid(`delete takes an id, ids or a filter, got ${nameOf(which)}`);
      return this.#engine.removeMatching(filterJson(which), durability);
    }
    const ids = [...new Set(checkIds(which))];
    let removed = 0;
    for (let start = 0; start < ids.length; start += REMOVE_BATCH) {
      removed += await this.#engine.write(encodeRemove(ids.slice(start, start + REMOVE_BATCH)), durability);
    }
    return removed;
  }

  /** The vector of new content, where content becomes vectors. */
  async #vectorFor(content: string | undefined): Promise<Float32Array | undefined> {
    if (content === undefined || !this.#embedding.expected) return undefined;
    return (await this.#embedding.embed([content], { as: 'document' }))[0];
  }
}

export const durabilityOf = (what: string, options: WriteOptions | undefined): Durability | undefined =>
  checkDurability(readOptions(what, options, ['durability']).durability);
