// Where did a listing stop? An ordinal, good until ordinals are renumbered, and an id to find it again by.
import { CorsacError } from '../errors.js';
import { NO_ORDINAL, type Context } from './context.js';

const VERSION = 'c1';

export const formatCursor = (context: Context, ordinal: number, id: string): string =>
  [VERSION, ordinal, context.renumbered, encodeURIComponent(id)].join('.');

/** The ordinal to go on after. @throws {CorsacError} `invalid_argument` */
export function readCursor(context: Context, cursor: string): number {
  const [version, position, renumbered, ...id] = cursor.split('.');
  const ordinal = Number(position);
  if (version !== VERSION || !(ordinal >= 0 && ordinal < NO_ORDINAL) || id.length === 0) throw stale(cursor);
  const name = decode(id.join('.'));
  const now = context.ask((handle) => handle.find(name));
  if (now === ordinal || Number(renumbered) === context.renumbered) return ordinal;
  // Compaction keeps the order and only lowers ordinals: a higher one was written anew since.
  if (now < ordinal) return now;
  throw stale(cursor);
}

const stale = (cursor: string) =>
  new CorsacError(
    'invalid_argument',
    `after is no cursor of list(), or a compaction has overtaken it: start again (${cursor.slice(0, 80)})`,
  );

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
