import { CorsacError, type ErrorCode } from '../errors.js';

/** Names and codes by which platforms say that the medium is full. */
const FULL = new Set(['QuotaExceededError', 'ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether `error` says that the medium is full. */
export function isFull(error: unknown): boolean {
  const { name, code, message } = (error ?? {}) as { name?: string; code?: string | number; message?: string };
  const said = /full disk|disk (is )?full|exceeded its quota/i.test(String(message));
  return FULL.has(String(name)) || FULL.has(String(code)) || code === 22 || said;
}

/** `error` as the platform threw it, as the CorsacError that every home promises. `doing` completes "while ...". */
export function storageError(error: unknown, doing: string): CorsacError {
  if (error instanceof CorsacError) return error;
  const { name, message } = (error ?? {}) as { name?: string; message?: string };
  const full = isFull(error);
  const kind: ErrorCode = full ? 'quota' : 'storage';
  const text = `${full ? 'the storage is full' : 'the storage failed'} while ${doing}: ${message || name || String(error)}`;
  return new CorsacError(kind, text, {
    cause: error,
    ...(full && { hint: 'free space or delete documents; what was stored before is still there' }),
  });
}

/** Names by which platforms say that stored bytes are gone or cannot be read. */
const UNREADABLE = new Set(['DataError', 'NotFoundError', 'NotReadableError', 'DataCloneError']);

/** The same for a read: bytes that cannot be brought are `corrupt`. */
export function readError(error: unknown, doing: string): CorsacError {
  if (!UNREADABLE.has(String((error as Error | undefined)?.name))) return storageError(error, doing);
  const text = `the storage lost what it kept, while ${doing}: ${(error as Error).message}`;
  return new CorsacError('corrupt', text, { cause: error });
}

/** The error of a call on a closed home. */
export const closedError = (kind: string) => new CorsacError('closed', `the ${kind} storage is closed`);

/** The error of a writer that another writer replaced, or that came second. */
export const lockedError = (where: string, detail: string) =>
  new CorsacError('locked', `the store ${where} is in use by another writer (${detail})`, {
    hint: 'close it there first; a store has one writer at a time',
  });

/** The error of a read or append that names a blob which is not there. */
export const missingError = (name: string) => new CorsacError('not_found', `there is no blob "${name}"`);

const BLOB_NAME = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/** @throws {CorsacError} `invalid_argument` unless `name` is one that every home can hold. */
export function checkBlobName(name: string): void {
  if (name.length > 200 || !BLOB_NAME.test(name)) {
    throw new CorsacError('invalid_argument', `a blob name is 1 to 200 characters of a-z 0-9 - /, got "${name}"`);
  }
}
