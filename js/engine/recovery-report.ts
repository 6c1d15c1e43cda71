// What is said of a collection that did not simply open, or is not there?
import { CorsacError } from '../errors.js';
import type { CollectionReport } from '../schema.js';

/** Codes by which bytes, not circumstances, are at fault. */
const DAMAGE_CODES = ['corrupt', 'data_loss', 'unsupported_format'];

export const isDamage = (error: unknown): error is CorsacError =>
  error instanceof CorsacError && DAMAGE_CODES.includes(error.code);

export const failedReport = (error: CorsacError, ms: number): CollectionReport => ({
  outcome: 'failed',
  dropped: 0,
  lost: [],
  replayed: 0,
  ms,
  detail: error.message,
  error,
});

export const restoredReport = (report: CollectionReport, why: string): CollectionReport => ({
  ...report,
  outcome: 'restored',
  detail: `brought back from the mirror, which may lack the last half second of writes: ${why}`,
});

export const lossOf = (what: string, why: string): CorsacError =>
  new CorsacError('data_loss', `${what} is less than it was, and there is no copy: ${why}`, {
    hint: 'bring it back with import() of an archive',
  });

export const noCollection = (name: string) =>
  new CorsacError('not_found', `there is no collection ${JSON.stringify(name)}`);
