// Ids and scores come from memory; content, metadata and vectors may have to be read first. Ordinals found before
// a pause are used after it only while the gate is held.
import { readDocumentBlock } from '../core/document-block.js';
import type { HitBlock } from '../core/hit-block.js';
import { readHitBlock } from '../core/hit-block.js';
import { unwrap } from '../core/outcome.js';
import { NO_ORDINAL, type Context } from './context.js';
import type {
  RawDocument,
  RawDocuments,
  RawHits,
  RawInclude,
  RawPage,
  RawSearch,
  RawSnippet,
  RawSuggestion,
} from './engine.js';
import { formatCursor, readCursor } from './cursor.js';
import type { RangeReader } from './range-reader.js';
import { Searcher, textFlags } from './searcher.js';

/** Documents brought into memory at once: fewer than the block cache holds. */
const CHUNK = 64;

/** Requests that one thread answers before the event loop has its turn: a few milliseconds. */
const TOGETHER = 8;

/** As a request names the store. */
const ORIGINALS = 6;

const indexOf = ({ handle }: Context) => (JSON.parse(handle.options()) as { index: { rerank: string } }).index;

interface Extras {
  documents: (RawDocument | undefined)[] | undefined;
  embeddings: (Float32Array | undefined)[] | undefined;
  highlights: Uint32Array[] | undefined;
  snippets: RawSnippet[] | undefined;
}

const NO_EXTRAS: Extras = { documents: undefined, embeddings: undefined, highlights: undefined, snippets: undefined };

/** Values that are counted per field. */
const FACET_VALUES = 100;

export class Reader {
  readonly #context: Context;
  readonly #ranges: RangeReader;
  readonly #searcher: Searcher;
  /** What the collection rescores with. */
  #index: { renumbered: number; rerank: string } = { renumbered: -1, rerank: '' };

  constructor(context: Context, ranges: RangeReader) {
    this.#context = context;
    this.#ranges = ranges;
    this.#searcher = new Searcher(context.core, context.handle);
  }

  async search(request: RawSearch): Promise<RawHits> {
    const { after, diversify, snippet, highlight, include } = request;
    const plain = !after && !diversify && !this.#readsOriginals(request);
    if (plain && !include.document && !include.embedding && !highlight && !snippet)
      return this.#answer(request, this.#searcher.search(request));
    return this.#holding(async () => {
      const block = plain ? this.#searcher.search(request) : await this.#ranked(request);
      const answer = this.#answer(request, block);
      return { ...answer, ...(await this.#extras(block.ordinals, include, request)) };
    });
  }

  /** The commonest values at each path; without a filter, over what the request written last could find. */
  facets(paths: readonly string[], filter: string | undefined): string[] {
    return this.#context.ask((handle) => {
      unwrap(handle.select(filter));
      return paths.map((path) => handle.facet(path, FACET_VALUES));
    });
  }

  suggest(text: string, limit: number): Promise<RawSuggestion[]> {
    return this.#holding(async () => {
      const { suggestions } = await import('./suggestions.js');
      return suggestions(this.#context, this.#ranges, text, limit);
    });
  }

  /** One answer per request, in order: together where there are threads, else one by one, the event loop in between. */
  async searchMany(requests: readonly RawSearch[]): Promise<RawHits[]> {
    const { core, pacer } = this.#context;
    const answers: RawHits[] = [];
    while (answers.length < requests.length) {
      const at = answers.length;
      const most = core.threads > 1 ? TOGETHER * core.threads : 1;
      let end = at;
      while (end < requests.length && end - at < most && this.#isPlain(requests[end]!)) end++;
      if (end - at > 1) answers.push(...(await this.#searchTogether(requests.slice(at, end))));
      else answers.push(await this.search(requests[at]!));
      await pacer.pause();
    }
    return answers;
  }

  /** Whether all that is asked for comes from one search. */
  #isPlain(request: RawSearch): boolean {
    return !request.after && !request.diversify && request.facets.length === 0 && !this.#readsOriginals(request);
  }

  #searchTogether(requests: readonly RawSearch[]): Promise<RawHits[]> {
    return this.#holding(async () => {
      const answers: RawHits[] = [];
      for (const [i, block] of this.#searcher.searchMany(requests).entries()) {
        const request = requests[i]!;
        answers.push({
          ...this.#answer(request, block),
          ...(await this.#extras(block.ordinals, request.include, request)),
        });
      }
      return answers;
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
        version: context.version,
        after: full && last !== undefined ? formatCursor(context, last, ids[ids.length - 1]!) : undefined,
        ...(await this.#documents(ordinals, include)),
      };
    });
  }

  /** What a search found; facets are counted before anything else is asked of the core. */
  #answer(request: RawSearch, block: HitBlock): RawHits {
    const { ordinals: _, ...hits } = block;
    let facets: string[] | undefined;
    if (request.facets.length > 0) {
      this.#searcher.write(request);
      facets = this.facets(request.facets, undefined);
    }
    return { ...hits, ...NO_EXTRAS, facets, version: this.#context.version };
  }

  /** A page further on, or hits that differ. */
  async #ranked(request: RawSearch): Promise<HitBlock> {
    const { diversified, pageOf } = await import('./ranking.js');
    const search = this.#readsOriginals(request)
      ? await this.#byOriginals()
      : async (each: RawSearch) => this.#searcher.search(each);
    if (!request.after && !request.diversify) return search(request);
    if (!request.diversify) return pageOf(search, request, this.#context.version);
    return diversified(search, request, {
      vectors: (ordinals) =>
        this.#context.ask((handle) => Array.from(ordinals, (ordinal) => handle.vector(ordinal, true)?.vector)),
      documents: async (ordinals) => (await this.#extras(ordinals, { document: true, embedding: false })).documents!,
    });
  }

  /** Whether the vectors as given are to decide. */
  #readsOriginals({ mode, rerank }: RawSearch): boolean {
    if (mode !== 'vector') return false;
    if (rerank >>> 24 !== 0) return rerank >>> 24 === ORIGINALS;
    const { renumbered } = this.#context;
    // Another index comes with other ordinals.
    if (renumbered !== this.#index.renumbered) this.#index = { renumbered, ...indexOf(this.#context) };
    return this.#index.rerank === 'originals';
  }

  async #byOriginals(): Promise<(request: RawSearch) => Promise<HitBlock>> {
    const { byOriginals } = await import('./by-originals.js');
    const search = (request: RawSearch) => this.#searcher.search(request);
    const vectors = (ordinals: Uint32Array) => this.#embeddings(ordinals);
    return (request) => byOriginals(this.#context, request, search, vectors);
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
    const { documents, embeddings } = await this.#extras(present, include);
    const spread = <T>(items: (T | undefined)[] | undefined): (T | undefined)[] | undefined => {
      let next = 0;
      return items && found.map((is) => (is ? items[next++] : undefined));
    };
    return { found, documents: spread(documents), embeddings: spread(embeddings) };
  }

  async #extras(ordinals: Uint32Array, include: RawInclude, request?: RawSearch): Promise<Extras> {
    const { highlight = false, snippet = 0, text = '' } = request ?? {};
    const flags = request ? textFlags(request) : 0;
    const extras: Extras = {
      documents: include.document ? [] : undefined,
      embeddings: include.embedding ? await this.#embeddings(ordinals) : undefined,
      highlights: highlight ? [] : undefined,
      snippets: snippet ? [] : undefined,
    };
    if (!include.document && !highlight && !snippet) return extras;
    const passages = snippet ? await import('./passage.js') : undefined;
    for (let start = 0; start < ordinals.length; start += CHUNK) {
      const chunk = ordinals.slice(start, start + CHUNK);
      await this.#ranges.supplyMissing(chunk);
      this.#context.ask((handle) => {
        const documents = extras.documents || snippet ? this.#read(chunk) : [];
        extras.documents?.push(...documents);
        if (!highlight && !snippet) return;
        const found = unwrap(handle.highlight(chunk, text, flags));
        extras.highlights?.push(...found);
        const says = passages && handle.rarities(text, flags);
        documents.forEach(({ content = '' }, i) =>
          extras.snippets?.push(passages!.bestPassage(content, found[i]!, says!, snippet)),
        );
      });
    }
    return extras;
  }

  #read(ordinals: Uint32Array): RawDocument[] {
    const { core, handle } = this.#context;
    const at = handle.documents(ordinals) >>> 0;
    if (at === 0) unwrap(handle.lastError());
    return readDocumentBlock(core.module, at);
  }

  async #embeddings(ordinals: Uint32Array): Promise<(Float32Array | undefined)[]> {
    const stored = this.#context.ask((handle) => Array.from(ordinals, (ordinal) => handle.vector(ordinal, false)));
    return Promise.all(
      stored.map(async (found) => {
        if (found?.slot === undefined) return found?.vector;
        return this.#ranges.vectors(Uint32Array.of(found.slot));
      }),
    );
  }
}
