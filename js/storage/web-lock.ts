/** An exclusive lock of this origin, held until released. */
export interface WebLock {
  /** Resolves when the next opener can have it. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a store at once, or not at all. Without the Web Locks API (old web views) it is always
 * granted: the fence inside the database then decides, and the writer that lost gets `locked` at its next write.
 */
export function takeWebLock(name: string): Promise<WebLock | undefined> {
  if (typeof navigator === 'undefined' || !navigator.locks) return Promise.resolve({ release: async () => undefined });
  return new Promise((resolve, reject) => {
    const held: Promise<void> = navigator.locks
      .request(`corsac/${name}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((end) =>
          resolve({
            release() {
              end();
              return held.catch(() => undefined);
            },
          }),
        );
      })
      .then(() => undefined);
    held.catch(reject);
  });
}
