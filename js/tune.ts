// `tune`: which width of a search reaches a recall on the user's own data?
import { throwIfAborted } from './abort.js';
import type { Embedding } from './embedding.js';
import type { CollectionEngine } from './engine/engine.js';
import { callback, invalid, readOptions, signalOf } from './option-check.js';
import type { Progress, TuneReport, Vector } from './schema.js';
import { sampleRows } from './sample.js';
import { checkRecall } from './search-options.js';

const MOST_QUERIES = 10_000;

export interface TuneOptions {
  /** Share of the true ten nearest that a search should find, 0.5 to 0.999. @default 0.95 */
  readonly recall?: number | undefined;
  /**
   * Queries of the kind that will be asked, 1 to 10,000, as vectors or as texts for the embedder; some hundreds say
   * enough. @default the collection's own vectors
   */
  readonly sample?: readonly (string | Vector)[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export async function tune(
  { engine, embedding, dimension }: { engine: CollectionEngine; embedding: Embedding; dimension: number },
  options: TuneOptions | undefined,
): Promise<TuneReport> {
  const {
    recall = 0.95,
    sample,
    signal,
    onProgress,
  } = readOptions('tune', options, ['recall', 'sample', 'signal', 'onProgress']);
  checkRecall('recall', recall);
  if (onProgress !== undefined) callback('onProgress', onProgress);
  throwIfAborted(signalOf(signal));
  if (dimension === 0) throw invalid('the collection has no vectors: there is nothing to tune');
  const most = { of: 'queries', most: MOST_QUERIES };
  const queries = sample && (await sampleRows(sample, most, embedding, dimension, { as: 'query', signal }));
  return engine.tune(recall, queries, { signal, onProgress });
}
