// When is the log folded into the snapshot, and what did that cost?
import { unwrap } from '../core/outcome.js';
import type { CorsacError } from '../errors.js';
import type { CheckpointReport } from '../schema.js';
import type { Context } from './context.js';

/** After a checkpoint failed by itself it is tried again no sooner than this. */
const RETRY_MS = 30_000;

/** By number: SectionId in src/base/section.h. */
const SECTION_NAMES = (
  ' meta ids deleted slots documents documentBlocks originals codes codePlanes codeHeaders graph indexMeta ' +
  'textSegments textMeta columns clients checks vectorCounts rerankCodes codebook'
).split(' ');

export class Checkpointer {
  readonly #context: Context;
  #retryAt = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** One when it is due. A failure is reported to listeners and tried again later: the log still has everything. */
  async runIfDue(): Promise<void> {
    if (performance.now() < this.#retryAt || !this.#context.ask((handle) => handle.needsCheckpoint())) return;
    try {
      await this.run();
    } catch (error) {
      this.#retryAt = performance.now() + RETRY_MS;
      this.#context.report(error as CorsacError);
    }
  }

  /** Requires: nothing is being written. */
  async run(): Promise<CheckpointReport> {
    const { ballast } = this.#context;
    const report = await ballast.whenFull(() => this.#run());
    ballast.keep();
    return report;
  }

  async #run(): Promise<CheckpointReport> {
    const context = this.#context;
    const started = performance.now();
    const times = new Map<number, number>();
    const written = new Map<number, number>();
    context.ask((handle) => handle.beginCheckpoint());
    try {
      for (let batch; ;) {
        const since = performance.now();
        batch = context.ask((handle) => handle.nextCheckpointBatch());
        if (!batch) break;
        await context.store(batch);
        const ms = performance.now() - since;
        context.ask((handle) => handle.batchStored());
        // A batch brings pieces of one section, or of none.
        for (const { section, rawBytes } of context.ask((handle) => handle.checkpointReport()).sections) {
          if (written.get(section) === rawBytes) continue;
          written.set(section, rawBytes);
          times.set(section, (times.get(section) ?? 0) + ms);
        }
        await context.pacer.pause();
      }
    } catch (error) {
      if (!context.core.crashed) context.ask((handle) => handle.checkpointFailed());
      throw error;
    }
    unwrap(context.ask((handle) => handle.checkpointStatus()));
    this.#retryAt = 0;
    return this.#report(times, performance.now() - started);
  }

  #report(times: Map<number, number>, ms: number): CheckpointReport {
    const { rawBytes, storedBytes, sections } = this.#context.ask((handle) => handle.checkpointReport());
    return {
      bytesBefore: rawBytes,
      bytesAfter: storedBytes,
      ratio: storedBytes > 0 ? rawBytes / storedBytes : 1,
      sections: sections.map(({ section, rawBytes: bytesBefore, storedBytes: bytesAfter }) => ({
        name: SECTION_NAMES[section] ?? String(section),
        bytesBefore,
        bytesAfter,
        ms: times.get(section) ?? 0,
      })),
      ms,
    };
  }
}
