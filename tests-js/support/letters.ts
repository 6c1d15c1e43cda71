/** An embedder that a test can predict: counts letters. */
import type { Embedder, EmbedOptions } from 'corsac';

export interface LettersOptions {
  readonly fingerprint?: string;
  readonly dimension?: number;
}

/** Remembers what it was asked. */
export class Letters implements Embedder {
  readonly id = 'letters';
  readonly dimension: number;
  readonly fingerprint: string;
  readonly calls: { readonly texts: readonly string[]; readonly as: string | undefined }[] = [];
  failure: Error | undefined;

  constructor({ fingerprint = 'letters-1', dimension = 26 }: LettersOptions = {}) {
    this.fingerprint = fingerprint;
    this.dimension = dimension;
  }

  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  async embed(texts: string | readonly string[], options?: EmbedOptions): Promise<Float32Array | Float32Array[]> {
    const list = typeof texts === 'string' ? [texts] : texts;
    this.calls.push({ texts: list, as: options?.as });
    if (this.failure) throw this.failure;
    const vectors = list.map((text) => this.#one(text));
    return typeof texts === 'string' ? vectors[0]! : vectors;
  }

  #one(text: string): Float32Array {
    const vector = new Float32Array(this.dimension);
    for (const letter of text.toLowerCase()) {
      const at = letter.charCodeAt(0) - 97;
      if (at >= 0 && at < vector.length) vector[at]! += 1;
    }
    return vector;
  }
}
