import { CorsacError } from '../errors.js';
import { isFull } from './storage-error.js';

const OPEN_LIMIT_MS = 10_000; // some browsers never fire an event for a wedged database
const TRANSACTION_LIMIT_MS = 30_000;
const BLOCKED_LIMIT_MS = 5_000;
/** Between attempts to open a database that fails: a browser that just restarted often needs a moment. */
const OPEN_PAUSES_MS = [100, 500];

/** One open database and whether the browser took it away. */
export interface Connection {
  readonly db: IDBDatabase;
  readonly lost: boolean;
  /** Whether `error` says that the connection died, so that opening it again may help. */
  lostBy(error: unknown): boolean;
}

/** Errors by which engines say that a connection is gone. */
const GONE = new Set(['InvalidStateError', 'UnknownError', 'TransactionInactiveError', 'AbortError']);
const nameOf = (error: unknown) => (error as { name?: string } | undefined)?.name ?? '';
const isGone = (error: unknown) => GONE.has(nameOf(error)) && !isFull(error);

/**
 * Opens `name` at version 1. `create` makes its two object stores in a new database; else a database that is not
 * there any more is `data_loss`, and none is made.
 *
 * @throws {CorsacError} `unsupported_environment`, `data_loss`, `busy`, `storage`, and what the browser throws
 */
export async function connect(name: string, create: boolean): Promise<Connection> {
  if (typeof indexedDB === 'undefined') {
    throw new CorsacError('unsupported_environment', 'this environment has no IndexedDB', {
      hint: "use storage: 'memory'",
    });
  }
  for (const pause of [...OPEN_PAUSES_MS, undefined]) {
    try {
      return await openOnce(name, create);
    } catch (error) {
      if (nameOf(error) === 'SecurityError' || /mutation operation/.test((error as Error)?.message)) {
        throw new CorsacError(
          'unsupported_environment',
          `the browser refuses IndexedDB here: ${(error as Error).message}`,
          {
            cause: error,
            hint: "some do in private mode or in frames; storage: 'memory' works everywhere",
          },
        );
      }
      if (pause === undefined || !isGone(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Error('unreachable');
}

function openOnce(name: string, create: boolean): Promise<Connection> {
  const doing = `opening the database "${name}"`;
  return within<Connection>(OPEN_LIMIT_MS, doing, (resolve, reject, isOver) => {
    const request = indexedDB.open(name, 1);
    let deleted: CorsacError | undefined;
    request.onupgradeneeded = () => {
      if (create && !isOver()) {
        request.result.createObjectStore('b');
        request.result.createObjectStore('m');
      } else {
        deleted = new CorsacError('data_loss', `the database "${name}" was deleted while it was open`);
        request.transaction!.abort();
      }
    };
    request.onblocked = () => rejectBlocked(doing, reject);
    request.onerror = () => reject(deleted ?? request.error);
    // Nobody waits for a database that comes too late: left open it would stand in everybody's way.
    request.onsuccess = () => (isOver() ? request.result.close() : resolve(watched(request.result)));
  });
}

function watched(db: IDBDatabase): Connection {
  const connection = { db, lost: false, lostBy: (error: unknown) => connection.lost || isGone(error) };
  db.onclose = () => void (connection.lost = true);
  db.onversionchange = () => {
    connection.lost = true; // somebody deletes the database: never stand in the way
    db.close();
  };
  return connection;
}

/** @throws {CorsacError} `busy` while a connection elsewhere stays open; it is deleted when that ends */
export function deleteDatabase(name: string): Promise<void> {
  const doing = `deleting the database "${name}"`;
  return within(OPEN_LIMIT_MS, doing, (resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onblocked = () => rejectBlocked(doing, reject);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(undefined);
  });
}

function rejectBlocked(doing: string, reject: (error: unknown) => void): void {
  const error = new CorsacError('busy', `a connection elsewhere stays open while ${doing}`, {
    hint: 'close other tabs of this site',
  });
  setTimeout(() => reject(error), BLOCKED_LIMIT_MS);
}

/** The result of one request. */
export function result<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = (event) => {
      event.preventDefault(); // the transaction reports it
      reject(request.error);
    };
  });
}

/** Resolves when `tx` is complete; a request's success alone proves nothing about quota. */
export function finished(tx: IDBTransaction): Promise<void> {
  return within(
    TRANSACTION_LIMIT_MS,
    'waiting for a transaction',
    (resolve, reject) => {
      tx.oncomplete = () => resolve(undefined);
      tx.onabort = () => reject(tx.error ?? new DOMException('the transaction was aborted', 'AbortError'));
    },
    () => tx.abort(),
  );
}

/** What `start` settles, or an error after `limitMs`: no promise stays pending, whatever the browser forgets to say. */
function within<T>(
  limitMs: number,
  doing: string,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void, isOver: () => boolean) => void,
  giveUp?: () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let over = false;
    const settle =
      <A>(then: (argument: A) => void) =>
      (argument: A) => {
        over = true;
        clearTimeout(timer);
        then(argument);
      };
    const fail = settle(reject);
    const timer = setTimeout(() => {
      fail(new CorsacError('storage', `IndexedDB did not answer within ${limitMs / 1000} s while ${doing}`));
      try {
        giveUp?.();
      } catch {
        // It ended in the same moment.
      }
    }, limitMs);
    start(settle(resolve), fail, () => over);
  });
}
