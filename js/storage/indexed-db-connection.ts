import { CorsacError } from '../errors.js';

const OPEN_LIMIT_MS = 10_000; // some browsers never fire an event for a wedged database
const TRANSACTION_LIMIT_MS = 30_000;

/** One open database and whether the browser took it away. */
export interface Connection {
  readonly db: IDBDatabase;
  readonly lost: boolean;
  /** Whether `error` says that the connection died, so that opening it again may help. */
  lostBy(error: unknown): boolean;
}

/** Errors by which engines say that a connection is gone. */
const GONE = new Set(['InvalidStateError', 'UnknownError', 'TransactionInactiveError', 'AbortError']);

/** Opens `name` at version 1, creating its two object stores in a new database. */
export function connect(name: string): Promise<Connection> {
  if (typeof indexedDB === 'undefined') {
    return Promise.reject(
      new CorsacError('unsupported_environment', 'this environment has no IndexedDB', {
        hint: "use storage: 'memory'",
      }),
    );
  }
  return within(OPEN_LIMIT_MS, `opening the database "${name}"`, (resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('b');
      request.result.createObjectStore('m');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(watched(request.result));
  });
}

function watched(db: IDBDatabase): Connection {
  const connection = {
    db,
    lost: false,
    lostBy: (error: unknown) => connection.lost || GONE.has((error as { name?: string })?.name ?? ''),
  };
  db.onclose = () => void (connection.lost = true);
  db.onversionchange = () => {
    connection.lost = true; // somebody deletes the database: never stand in the way
    db.close();
  };
  return connection;
}

export function deleteDatabase(name: string): Promise<void> {
  return within(OPEN_LIMIT_MS, `deleting the database "${name}"`, (resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(undefined);
  });
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

function within<T>(
  limitMs: number,
  doing: string,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  giveUp?: () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new CorsacError('storage', `IndexedDB did not answer within ${limitMs / 1000} s while ${doing}`));
      try {
        giveUp?.();
      } catch {
        // It ended in the same moment.
      }
    }, limitMs);
    const settle =
      <A>(then: (argument: A) => void) =>
      (argument: A) => {
        clearTimeout(timer);
        then(argument);
      };
    start(settle(resolve), settle(reject));
  });
}
