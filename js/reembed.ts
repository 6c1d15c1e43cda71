// `reembed`: vectors of another embedder for every document. They are made in a collection beside the old one, which is
// stored as any other, so that what was made stays made; when it has caught up it takes the name of the old one.
import { throwIfAborted } from './abort.js';
import { checkEmbedder } from './collection-options.js';
import type { Embedder } from './embedder.js';
import { Embedding } from './embedding.js';
import { STAGED, type CollectionEngine, type RawInclude, type RawPage, type StoreEngine } from './engine/engine.js';
import { CorsacError } from './errors.js';
import { integer, invalid, readOptions } from './option-check.js';
import { encodeRemove, encodeWrite } from './operation.js';
import { checkLongWork, type LongWork } from './rebuild.js';

export interface ReembedOptions extends LongWork {
  /** Documents that are embedded at a time, 1 to 1,000. @default 100 */
  readonly batchSize?: number | undefined;
}

const TEXTS: RawInclude = { document: true, embedding: false };
const VECTORS: RawInclude = { document: false, embedding: true };
const NOTHING: RawInclude = { document: false, embedding: false };

/** Resolves to the collection that has the new vectors. */
export async function reembed(
  { engine, store }: { readonly engine: CollectionEngine; readonly store: StoreEngine },
  embedder: Embedder,
  options: ReembedOptions | undefined,
): Promise<CollectionEngine> {
  const { batchSize = 100, ...rest } = readOptions('reembed', options, ['batchSize', 'signal', 'onProgress']);
  integer('batchSize', batchSize, 1, 1000);
  const control = checkLongWork(rest);
  const { name } = engine.info;
  const obtain = () => store.collection({ name, mode: 'get', given: '', full: '' });
  const { info } = await obtain();
  const staging = await stage(store, STAGED + name, optionsFor(info.options, checkEmbedder(embedder)));
  const embedding = new Embedding(name, embedder.fingerprint, embedder.dimension);
  embedding.use(embedder);
  const move = new Move(engine, staging, embedding, batchSize, control);
  try {
    while (!(await store.replace(name, STAGED + name, await move.catchUp())));
  } catch (error) {
    const { code } = error as CorsacError;
    // What cannot be embedded at all is of no use to a later call.
    if (code === 'invalid_argument') await store.remove(STAGED + name).catch(() => {});
    // A tab that led may have done it and not lived to answer.
    const now = code === 'not_found' ? await obtain() : undefined;
    if (now && fingerprintOf(now.info.options) === embedder.fingerprint) return now;
    throw error;
  }
  return obtain();
}

function optionsFor(stored: string, { fingerprint, dimension, hybridWeight = 0.5 }: Embedder): string {
  const options = JSON.parse(stored) as { index: object | false };
  if (!options.index) throw invalid('the collection has no vectors: there is nothing to embed anew');
  return JSON.stringify({ ...options, dimension, hybridWeight, embedder: fingerprint });
}

const fingerprintOf = (options: string) => (JSON.parse(options) as { embedder: string }).embedder;

/** What an earlier call has made, if it is of the same kind; else a new one. */
async function stage(store: StoreEngine, name: string, options: string): Promise<CollectionEngine> {
  const wanted = { name, mode: 'obtain', given: options, full: options } as const;
  try {
    const there = await store.collection(wanted);
    if (fingerprintOf(there.info.options) === fingerprintOf(options)) return there;
  } catch (error) {
    if (!['invalid_argument', 'corrupt', 'data_loss'].includes((error as CorsacError).code)) throw error;
  }
  await store.remove(name).catch(() => {});
  return store.collection(wanted);
}

class Move {
  readonly #from: CollectionEngine;
  readonly #to: CollectionEngine;
  readonly #embedding: Embedding;
  readonly #batch: number;
  readonly #control: LongWork;
  readonly #started = performance.now();
  /** Up to where everything was looked at once. */
  #after: string | undefined;
  #done = 0;

  constructor(from: CollectionEngine, to: CollectionEngine, embedding: Embedding, batch: number, control: LongWork) {
    this.#from = from;
    this.#to = to;
    this.#embedding = embedding;
    this.#batch = batch;
    this.#control = control;
  }

  /** Brings what was written and takes away what was deleted since the last time; the version it has caught up with. */
  async catchUp(): Promise<number> {
    let version: number | undefined;
    const total = await this.#from.count('');
    for (let more = true; more;) {
      throwIfAborted(this.#control.signal);
      const page = await this.#page();
      version ??= page.version;
      await this.#copy(page);
      more = page.after !== undefined;
      this.#after = page.after ?? this.#after;
      this.#done = Math.min(total, this.#done + page.ids.length);
      const elapsedMs = performance.now() - this.#started;
      this.#control.onProgress?.({ stage: 'reembed', done: this.#done, total, elapsedMs });
    }
    if ((await this.#to.count('')) !== (await this.#from.count(''))) await this.#removeGone();
    return version!;
  }

  async #page(): Promise<RawPage> {
    try {
      return await this.#from.list('', this.#after, this.#batch, TEXTS);
    } catch (error) {
      // A compaction may overtake a cursor; what was copied is passed over quickly.
      if (this.#after === undefined || (error as CorsacError).code !== 'invalid_argument') throw error;
      this.#after = undefined;
      return this.#page();
    }
  }

  async #copy({ ids, documents }: RawPage): Promise<void> {
    const there = await this.#to.get(ids, TEXTS);
    const rows = ids.flatMap((id, i) => {
      const { content, metadata } = documents![i]!;
      const before = there.documents![i];
      const same = there.found[i] && before!.content === content && before!.metadata === metadata;
      return same ? [] : { id, content, metadata };
    });
    if (rows.length === 0) return;
    await this.#refuseBare(rows.flatMap(({ id, content }) => (content === undefined ? id : [])));
    const texts = rows.flatMap(({ content }) => content ?? []);
    const { signal } = this.#control;
    const vectors = await this.#embedding.embed(texts, { as: 'document', signal });
    let next = 0;
    const made = rows.map((row) => ({ ...row, vector: row.content === undefined ? undefined : vectors[next++] }));
    await this.#to.write(encodeWrite('upsert', made), undefined);
  }

  /** A vector without a text cannot be made anew. */
  async #refuseBare(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { embeddings } = await this.#from.get(ids, VECTORS);
    const bare = embeddings!.findIndex((vector) => vector !== undefined);
    if (bare < 0) return;
    throw invalid(
      `the document ${JSON.stringify(ids[bare])} has a vector and no content: it cannot be embedded anew`,
      'give it content, or delete it',
    );
  }

  async #removeGone(): Promise<void> {
    for (let after: string | undefined, page: RawPage; ; after = page.after) {
      page = await this.#to.list('', after, 10_000, NOTHING);
      const { found } = await this.#from.get(page.ids, NOTHING);
      const gone = page.ids.filter((_, i) => !found[i]);
      if (gone.length > 0) await this.#to.write(encodeRemove(gone), undefined);
      if (page.after === undefined) return;
    }
  }
}
