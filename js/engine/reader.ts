// Ids and scores come from memory; content, metadata and vectors may have to be read first. Ordinals found before
// a pause are used after it only while the gate is held.
import { readDocumentBlock } from '../core/document-block.js';
import type { HitBlock } from '../core/hit-block.js';
import { readHitBlock } from '../core/hit-block.js';
import { unwrap } from '../core/outcome.js';
import { NO_ORDINAL, type Context } from './context.js';
import type { RawDocument, RawDocuments, RawHits, RawInclude, RawPage, RawSearch } from './engine.js';
import { formatCursor, readCursor } from './cursor.js';
import type { RangeReader } from './range-reader.js';
import { Searcher } from './searcher.js';

/** Documents brought into memory at once: fewer than the block cache holds. */
const CHUNK = 64;

interface Extras {
  documents: (RawDocument | undefined)[] | undefined;
  embeddings: (Float32Array | undefined)[] | undefined;
  highlights: Uint32Array[] | undefined;
}

const NO_EXTRAS: Extras = { documents: undefined, embeddings: undefined, highlights: undefined };

export class Reader {
  readonly #context: Context;
  readonly #ranges: RangeReader;
  readonly #searcher: Searcher;

  constructor(context: Context, ranges: RangeReader) {
    this.#context = context;
    this.#ranges = ranges;
    this.#searcher = new Searcher(context.core, context.handle);
  }

  async search(request: RawSearch): Promise<RawHits> {
    const { document, embedding } = request.include;
    if (!document && !embedding && !request.highlight) return rawHits(this.#searcher.search(request), NO_EXTRAS);
    return this.#holding(async () => {
      const block = this.#searcher.search(request);
      return rawHits(
        block,
        await this.#extras(block.ordinals, request.include, request.highlight ? request : undefined),
      );
    });
  }

  get(ids: readonly string[], include: RawInclude): Promise<RawDocuments> {
    return this.#holding(async () => {
      const ordinals = this.#context.ask((handle) => Uint32Array.from(ids, (id) => handle.find(id)));
      return this.#documents(ordinals, include);
    });
  }

  list(filter: string, after: string | undefined, limit: number, include: RawInclude): Promise<RawPage> {
    return this.#holding(async () => {
      const context = this.#context;
      const from = after === undefined ? NO_ORDINAL : readCursor(context, after);
      const ordinals = unwrap(context.ask((handle) => handle.list(filter, from, limit)));
      const { ids } = context.core.call(() => readHitBlock(context.core.module, context.handle.ids(ordinals) >>> 0));
      const full = ordinals.length === limit && limit > 0;
      const last = ordinals[ordinals.length - 1];
      return {
        ids,
        after: full && last !== undefined ? formatCursor(context, last, ids[ids.length - 1]!) : undefined,
        ...(await this.#documents(ordinals, include)),
      };
    });
  }

  /** Runs `read` while ordinals stand still. */
  async #holding<T>(read: () => Promise<T>): Promise<T> {
    let leave = this.#context.gate.enter();
    while (!leave) {
      await this.#context.gate.opened();
      leave = this.#context.gate.enter();
    }
    try {
      return await read();
    } finally {
      leave();
    }
  }

  async #documents(ordinals: Uint32Array, include: RawInclude): Promise<RawDocuments> {
    const found = Array.from(ordinals, (ordinal) => ordinal !== NO_ORDINAL);
    const present = ordinals.filter((ordinal) => ordinal !== NO_ORDINAL);
    const { documents, embeddings } = await this.#extras(present, include, undefined);
    const spread = <T>(items: (T | undefined)[] | undefined): (T | undefined)[] | undefined => {
      let next = 0;
      return items && found.map((is) => (is ? items[next++] : undefined));
    };
    return { found, documents: spread(documents), embeddings: spread(embeddings) };
  }

  async #extras(ordinals: Uint32Array, include: RawInclude, highlight: RawSearch | undefined): Promise<Extras> {
    const extras: Extras = {
      documents: include.document ? [] : undefined,
      embeddings: include.embedding ? await this.#embeddings(ordinals) : undefined,
      highlights: highlight ? [] : undefined,
    };
    if (!include.document && !highlight) return extras;
    for (let start = 0; start < ordinals.length; start += CHUNK) {
      const chunk = ordinals.slice(start, start + CHUNK);
      await this.#ranges.supplyMissing(chunk);
      this.#context.ask((handle) => {
        if (extras.documents) {
          const at = handle.documents(chunk) >>> 0;
          if (at === 0) unwrap(handle.lastError());
          extras.documents.push(...readDocumentBlock(this.#context.core.module, at));
        }
        if (highlight) {
          extras.highlights!.push(
            ...unwrap(handle.highlight(chunk, highlight.text, highlight.allTerms, highlight.prefix)),
          );
        }
      });
    }
    return extras;
  }

  async #embeddings(ordinals: Uint32Array): Promise<(Float32Array | undefined)[]> {
    const stored = this.#context.ask((handle) => Array.from(ordinals, (ordinal) => handle.vector(ordinal)));
    return Promise.all(
      stored.map(async (found) => {
        if (found?.slot === undefined) return found?.vector;
        const row = await this.#ranges.originals(Uint32Array.of(found.slot));
        return new Float32Array(row.buffer);
      }),
    );
  }
}

const rawHits = (block: HitBlock, { documents, embeddings, highlights }: Extras): RawHits => ({
  mode: block.mode,
  exact: block.exact,
  filter: block.filter,
  examined: block.examined,
  ids: block.ids,
  scores: block.scores,
  parts: block.parts,
  documents,
  embeddings,
  highlights,
});
