// What does a sentence model make of a batch of token numbers? Inputs and outputs are found by name.
import { CorsacError } from '../errors.js';
import type { OnnxRuntime, OnnxSession, OnnxTensor } from './onnx-runtime.js';
import { pool, type Pooling } from './pooling.js';

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'] as const;
const POOLED = 'sentence_embedding';
const STATES = ['last_hidden_state', 'token_embeddings'] as const;

/** A loaded model. */
export class SentenceModel {
  readonly #runtime: OnnxRuntime;
  readonly #session: OnnxSession;
  readonly #pooling: Pooling;
  readonly #pad: number;
  /** The output that is read: pooled by the model itself, or one vector per token. */
  readonly output: string;

  /** @throws {CorsacError} `model` when an input is not known or no output is */
  constructor(runtime: OnnxRuntime, session: OnnxSession, pooling: Pooling, pad: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.#pooling = pooling;
    this.#pad = pad;
    const unknown = session.inputNames.find((name) => !(INPUTS as readonly string[]).includes(name));
    if (unknown !== undefined || !session.inputNames.includes('input_ids')) {
      throw new CorsacError(
        'model',
        `a sentence model has the inputs ${INPUTS.join(', ')}; this one has ${session.inputNames.join(', ')}`,
      );
    }
    const output = [POOLED, ...STATES].find((name) => session.outputNames.includes(name));
    if (output === undefined) {
      throw new CorsacError(
        'model',
        `none of the outputs ${[POOLED, ...STATES].join(', ')} is there, only ${session.outputNames.join(', ')}`,
      );
    }
    this.output = output;
  }

  /** One vector per text, not normalised. Texts are padded to the longest of them. @throws {CorsacError} `model` */
  async run(batch: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const width = batch.reduce((most, ids) => Math.max(most, ids.length), 1);
    const feeds = Object.fromEntries(this.#session.inputNames.map((name) => [name, this.#input(name, batch, width)]));
    let output: OnnxTensor;
    try {
      output = (await this.#session.run(feeds, [this.output]))[this.output]!;
    } catch (cause) {
      throw new CorsacError(
        'model',
        `the model failed on ${batch.length} texts of up to ${width} tokens: ${String((cause as Error)?.message ?? cause)}`,
        { cause },
      );
    }
    try {
      return this.#vectors(output, batch, width);
    } finally {
      output.dispose?.();
    }
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #input(name: string, batch: readonly (readonly number[])[], width: number): OnnxTensor {
    const values = new Int32Array(batch.length * width).fill(name === 'input_ids' ? this.#pad : 0);
    batch.forEach((ids, row) => {
      if (name === 'input_ids') values.set(ids, row * width);
      if (name === 'attention_mask') values.fill(1, row * width, row * width + ids.length);
    });
    const dims = [batch.length, width];
    const type = this.#session.inputMetadata?.find((input) => input.name === name)?.type;
    if (type === 'int32') return new this.#runtime.Tensor('int32', values, dims);
    return new this.#runtime.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  }

  #vectors({ type, dims, data }: OnnxTensor, batch: readonly (readonly number[])[], width: number): Float32Array[] {
    const pooled = this.output === POOLED;
    const dimension = dims[dims.length - 1] ?? 0;
    const expected = pooled ? [batch.length, dimension] : [batch.length, width, dimension];
    if (
      !(data instanceof Float32Array) ||
      dims.length !== expected.length ||
      dims.some((size, i) => size !== expected[i]) ||
      dimension < 1
    ) {
      throw new CorsacError(
        'model',
        `${this.output} should be float32 [${expected.join(' x ')}], but is ${type} [${dims.join(' x ')}]`,
      );
    }
    if (pooled) return batch.map((_, row) => data.slice(row * dimension, (row + 1) * dimension));
    return batch.map((ids, row) => {
      const states = data.subarray(row * width * dimension, (row + 1) * width * dimension);
      return pool(this.#pooling, states, ids.length, dimension);
    });
  }
}
