// How do another index, and codes that learn anew, take the place of what a collection has? As a compaction that is
// told what to make. Loaded when it is asked for.
import { unwrap } from '../core/outcome.js';
import { invalid } from '../option-check.js';
import type { TrainReport } from '../schema.js';
import { NO_ORDINAL, type Context } from './context.js';
import type { Control } from './engine.js';
import { REBUILD, type Maintenance } from './maintenance.js';
import type { RangeReader } from './range-reader.js';

interface Parts {
  readonly context: Context;
  readonly maintenance: Maintenance;
  readonly ranges: RangeReader;
}

interface Index {
  readonly codec: string;
  readonly samples: number;
}

const optionsOf = (options: string) => JSON.parse(options) as { dimension: number; index: false | Index };

/** `index`: JSON of its options. */
export function reindex({ maintenance }: Parts, index: string, control: Control): Promise<void> {
  return maintenance.run({
    what: REBUILD,
    stage: 'reindex',
    begin: (handle) => {
      const options = JSON.stringify({ ...optionsOf(handle.options()), text: false, index: JSON.parse(index) });
      unwrap(handle.beginRebuild(options, new Float32Array()));
    },
    control,
  });
}

/** `given`: vectors one after another; undefined: the collection's own. */
export async function train(parts: Parts, given: Float32Array | undefined, control: Control): Promise<TrainReport> {
  const started = performance.now();
  const { context, maintenance } = parts;
  const { dimension, index } = optionsOf(context.ask((handle) => handle.options()));
  if (!index || index.codec !== 'pq')
    throw invalid(`the codec "${index ? index.codec : 'none'}" learns nothing: there is nothing to train`);
  const sample = given ?? (await ownSample(parts, dimension, index.samples));
  if (sample.length === 0) throw invalid('the collection has no vectors to learn from', 'pass a sample');
  await maintenance.run({
    what: REBUILD,
    stage: 'train',
    begin: (handle) => unwrap(handle.beginRebuild(handle.options(), sample)),
    control,
  });
  return { vectors: Math.min(sample.length / dimension, index.samples), ms: performance.now() - started };
}

/** At most `most` vectors as given, spread evenly over the documents. */
async function ownSample({ context, ranges }: Parts, dimension: number, most: number): Promise<Float32Array> {
  await context.gate.opened();
  const leave = context.gate.enter()!;
  try {
    const all = unwrap(context.ask((handle) => handle.list('', NO_ORDINAL, NO_ORDINAL)));
    const count = Math.min(all.length, most);
    const slots: number[] = [];
    const rows: Float32Array[] = [];
    for (let i = 0; i < count; i++) {
      const ordinal = all[Math.floor((i * all.length) / count)]!;
      const found = context.ask((handle) => handle.vector(ordinal, false));
      if (found?.vector) rows.push(found.vector);
      if (found?.slot !== undefined) slots.push(found.slot);
      if (i % 256 === 0) await context.pacer.pause();
    }
    const read = await ranges.vectors(Uint32Array.from(slots).sort());
    const out = new Float32Array(read.length + rows.length * dimension);
    out.set(read);
    rows.forEach((row, i) => out.set(row, read.length + i * dimension));
    return out;
  } finally {
    leave();
  }
}
