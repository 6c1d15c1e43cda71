// Who makes vectors of text for a collection, and may they? The embedder of this session against the fingerprint of
// the one the collection was made with.
import { throwIfAborted } from './abort.js';
import { isFloat32Array } from './document.js';
import type { Embedder, EmbedOptions } from './embedder.js';
import { CorsacError } from './errors.js';

export class Embedding {
  readonly #collection: string;
  readonly #stored: string;
  readonly #dimension: number;
  #embedder: Embedder | undefined;

  /** `stored`: the fingerprint the collection was made with, '' for none. */
  constructor(collection: string, stored: string, dimension: number) {
    this.#collection = collection;
    this.#stored = stored;
    this.#dimension = dimension;
  }

  /** Whether text becomes vectors in this collection, with an embedder at hand or not. */
  get expected(): boolean {
    return this.#stored !== '' || this.#embedder !== undefined;
  }

  /** The two fingerprints when they differ. */
  get drift(): { readonly stored: string; readonly given: string } | undefined {
    const given = this.#embedder?.fingerprint;
    return this.#stored !== '' && given !== undefined && given !== this.#stored
      ? { stored: this.#stored, given }
      : undefined;
  }

  /** @throws {CorsacError} `invalid_argument` when its vectors can never fit */
  use(embedder: Embedder): void {
    if (this.#dimension === 0 || (this.#stored === '' && embedder.dimension !== this.#dimension)) {
      const takes = this.#dimension === 0 ? 'no vectors' : `vectors of ${this.#dimension}`;
      throw new CorsacError(
        'invalid_argument',
        `the embedder "${embedder.id}" makes vectors of ${embedder.dimension}, but the collection "${this.#collection}" takes ${takes}`,
      );
    }
    this.#embedder = embedder;
  }

  /** One vector per text. @throws {CorsacError} `model`, `drift`; the signal's own reason */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]> {
    if (texts.length === 0) return [];
    const embedder = this.#usable();
    throwIfAborted(options.signal);
    let vectors: unknown;
    try {
      vectors = await embedder.embed(texts, options);
    } catch (cause) {
      throwIfAborted(options.signal);
      if (cause instanceof CorsacError) throw cause;
      throw new CorsacError(
        'model',
        `the embedder "${embedder.id}" failed: ${String((cause as Error)?.message ?? cause)}`,
        { cause },
      );
    }
    this.#check(embedder, vectors, texts.length);
    return vectors as Float32Array[];
  }

  /** @throws {CorsacError} `model`, `drift` when nothing can be embedded now */
  require(): void {
    this.#usable();
  }

  #usable(): Embedder {
    const { drift } = this;
    if (drift) {
      throw new CorsacError(
        'drift',
        `the collection "${this.#collection}" was made with the embedder ${drift.stored}, the one given is ${drift.given}`,
        {
          hint: 'their vectors cannot be compared: pass the first embedder; text search, searchVector, get and delete work',
        },
      );
    }
    if (this.#embedder) return this.#embedder;
    throw new CorsacError(
      'model',
      `the collection "${this.#collection}" needs its embedder${this.#stored && ` ${this.#stored}`} for this`,
      {
        hint: 'pass it to getCollection or getOrCreateCollection, or give the vector yourself',
      },
    );
  }

  #check(embedder: Embedder, vectors: unknown, count: number): void {
    const wrong = (what: string) => new CorsacError('model', `the embedder "${embedder.id}" returned ${what}`);
    if (!Array.isArray(vectors) || vectors.length !== count) {
      throw wrong(
        Array.isArray(vectors)
          ? `${vectors.length} vectors for ${count} texts`
          : 'no list of vectors for a list of texts',
      );
    }
    for (const vector of vectors as unknown[]) {
      if (!isFloat32Array(vector)) throw wrong('something else than Float32Array');
      if (vector.length !== this.#dimension)
        throw wrong(`a vector of ${vector.length} dimensions, expected ${this.#dimension}`);
      if (!vector.every(Number.isFinite)) throw wrong('a vector that is not finite');
    }
  }
}
