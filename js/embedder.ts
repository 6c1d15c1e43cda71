// What does Corsac need of whatever turns text into vectors? Any function fits through `embed`.

/** What an {@link Embedder} is told about one run. */
export interface EmbedOptions {
  /** Models that were trained with prompts treat questions and documents differently. @default 'document' */
  readonly as?: 'query' | 'document' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as texts of a list are finished. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/**
 * Turns text into vectors. Collections made with one call it for documents without an embedding and for text
 * queries; it runs where it was made and only vectors cross to a worker.
 *
 * @example
 * import { VectorStore, type Embedder } from 'corsac';
 *
 * const letters: Embedder = {
 *   id: 'letters',
 *   dimension: 26,
 *   fingerprint: 'letters-1',
 *   async embed(texts: any): Promise<any> {
 *     const one = (text: string) => {
 *       const vector = new Float32Array(26);
 *       for (const letter of text.toLowerCase()) if (letter >= 'a' && letter <= 'z') vector[letter.charCodeAt(0) - 97]! += 1;
 *       return vector;
 *     };
 *     return Array.isArray(texts) ? texts.map(one) : one(texts);
 *   },
 * };
 * const store = await VectorStore.open('example', { storage: 'memory' });
 * const notes = await store.createCollection('notes', { embedder: letters });
 * await notes.insert({ id: 'a', content: 'abba' });
 * await store.close();
 */
export interface Embedder {
  /** A name for people. */
  readonly id: string;
  /** Floats per vector, 1 to 8,192. */
  readonly dimension: number;
  /** Changes whenever the same text could get another vector: model, tokenizer, pooling, dimension. Stored with a collection. */
  readonly fingerprint: string;
  /** Longer texts are cut to this many tokens. */
  readonly maxTokens?: number;
  /** Share of the vectors in a hybrid search, 0 to 1. @default 0.5 */
  readonly hybridWeight?: number;
  /** One vector for a string, as many as texts for a list. */
  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
}
