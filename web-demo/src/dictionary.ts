// The reverse dictionary itself: one store, one collection, and how to ask it.
import { type Collection, type Results, VectorStore } from 'corsac';
import { StaticEmbedder } from 'corsac/embed';

export type Mode = 'hybrid' | 'vector' | 'text';

/** One synset of WordNet. */
export interface Entry {
  readonly id: string;
  readonly content: string;
  readonly metadata: { readonly pos: string; readonly words: string[] };
}

export interface Question {
  readonly text: string;
  readonly mode: Mode;
  readonly pos: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  readonly etaMs: number;
}

const STORE = 'wordnet';

export class Dictionary {
  readonly #store: VectorStore;
  readonly #words: Collection;
  readonly #embedder: StaticEmbedder;
  /** How long it took from nothing to an answering collection. */
  readonly openMs: number;

  private constructor(store: VectorStore, words: Collection, embedder: StaticEmbedder, openMs: number) {
    this.#store = store;
    this.#words = words;
    this.#embedder = embedder;
    this.openMs = openMs;
  }

  /** Opens what is stored, or an empty dictionary. Rejects with `locked` while another tab holds it. */
  static async open(): Promise<Dictionary> {
    const started = performance.now();
    const embedder = await StaticEmbedder.load();
    const store = await VectorStore.open(STORE, { tabs: 'exclusive' });
    try {
      const words = await store.getOrCreateCollection('synsets', { embedder, index: { kind: 'hnsw', codec: 'sq8' } });
      return new Dictionary(store, words, embedder, performance.now() - started);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  count(): Promise<number> {
    return this.#words.count();
  }

  /** Indexes what is not stored yet. Batches are stored whole and in order, so the rest is a suffix. */
  async index(entries: readonly Entry[], onProgress: (progress: Progress) => void): Promise<void> {
    const stored = await this.count();
    const rest = entries.slice(stored);
    await this.#words.insertMany(rest, {
      total: rest.length,
      mode: 'upsert',
      onProgress: ({ done, perSecond = 0, etaMs = 0 }) =>
        onProgress({ done: stored + done, total: entries.length, perSecond, etaMs }),
    });
    await this.#words.checkpoint();
  }

  async ask({ text, mode, pos }: Question): Promise<Results> {
    const options = { k: 20, highlight: true, ...(pos && { filter: { pos } }) };
    if (mode === 'text') return this.#words.searchText(text, options);
    const vector = await this.#embedder.embed(text, { as: 'query' });
    if (mode === 'vector') return this.#words.searchVector(vector, { k: options.k, ...(pos && { filter: { pos } }) });
    return this.#words.searchHybrid({ text, vector }, options);
  }

  stats(): ReturnType<Collection['stats']> {
    return this.#words.stats();
  }

  /** Deletes everything that is stored. The dictionary is closed afterwards. */
  async clear(): Promise<void> {
    await this.#store.close();
    await VectorStore.destroy(STORE);
  }
}
