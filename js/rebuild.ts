// What changes how a whole collection is held: `reindex` and `train`.
import { throwIfAborted } from './abort.js';
import { checkIndex, type IndexOptions } from './collection-options.js';
import type { Embedding } from './embedding.js';
import type { CollectionEngine } from './engine/engine.js';
import { callback, invalid, readOptions, signalOf } from './option-check.js';
import { sampleRows } from './sample.js';
import type { Progress, TrainReport, Vector } from './schema.js';

const MOST_VECTORS = 1_000_000;

/** Of work that takes long. */
export interface LongWork {
  /** Ends it; everything is as it was. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface TrainOptions extends LongWork {
  /**
   * Vectors like those of the collection, or texts for the embedder, 1 to 1,000,000; the codec takes as many as its
   * `samples`. @default the collection's own vectors
   */
  readonly sample?: readonly (string | Vector)[] | undefined;
}

interface Parts {
  readonly engine: CollectionEngine;
  readonly embedding: Embedding;
  readonly dimension: number;
}

export async function reindex({ engine }: Parts, index: IndexOptions, options: LongWork | undefined): Promise<void> {
  const control = checkLongWork(readOptions('reindex', options, ['signal', 'onProgress']));
  const checked = checkIndex(index);
  if (checked === false) throw invalid('index must be an object, got false');
  return engine.reindex(JSON.stringify(checked), control);
}

export async function train(
  { engine, embedding, dimension }: Parts,
  options: TrainOptions | undefined,
): Promise<TrainReport> {
  const { sample, ...rest } = readOptions('train', options, ['sample', 'signal', 'onProgress']);
  const control = checkLongWork(rest);
  const most = { of: 'vectors', most: MOST_VECTORS };
  const { signal } = control;
  const rows = sample && (await sampleRows(sample, most, embedding, dimension, { as: 'document', signal }));
  return engine.train(rows, control);
}

/** @throws {CorsacError} `invalid_argument`; the signal's reason */
export function checkLongWork({ signal, onProgress }: LongWork): LongWork {
  if (onProgress !== undefined) callback('onProgress', onProgress);
  throwIfAborted(signalOf(signal));
  return { signal, onProgress };
}
