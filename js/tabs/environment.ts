// What tabs share of a browser: locks, a channel, a clock. Behind one interface, so that a test can be all of them.
import { CorsacError } from '../errors.js';

/** A lock that this tab holds. */
export interface HeldLock {
  /** Resolves when another tab took the lock away. */
  readonly lost: Promise<void>;
  /** Whether it is held still, asked of the browser: a page that was frozen may not have been told yet. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockRequest {
  /** At once or not at all. */
  readonly ifAvailable?: boolean;
  /** From whoever has it. */
  readonly steal?: boolean;
  readonly signal?: AbortSignal;
}

/** Messages to the other tabs with this name, in the order they were posted; not to oneself. */
export interface TabChannel {
  post(message: unknown): void;
  close(): void;
}

export interface TabsEnvironment {
  /** Resolves when the lock is had; to nothing when it is not to be had, or the request was aborted. */
  lock(name: string, request: LockRequest): Promise<HeldLock | undefined>;
  channel(name: string, onMessage: (message: unknown) => void): TabChannel;
  /** Milliseconds. */
  now(): number;
  /** Calls `run` later; the returned function prevents it. */
  after(ms: number, run: () => void): () => void;
}

/** @throws {CorsacError} `unsupported_environment` where tabs cannot share */
export function requireSharing(): void {
  const locks = typeof navigator === 'object' && typeof navigator?.locks?.request === 'function';
  if (locks && typeof BroadcastChannel === 'function') return;
  throw new CorsacError(
    'unsupported_environment',
    `tabs: 'shared' needs ${locks ? 'BroadcastChannel' : 'Web Locks'}, which this environment has not`,
    { hint: "tabs: 'exclusive' works everywhere" },
  );
}

/** The client that holds a lock. */
const holderOf = async (name: string): Promise<string | undefined> =>
  (await navigator.locks.query()).held?.find((each) => each.name === name)?.clientId;

/** Web Locks, BroadcastChannel and the clock of this realm. */
export const browserEnvironment: TabsEnvironment = {
  lock(name, { ifAvailable, steal, signal }) {
    return new Promise((resolve, reject) => {
      let granted = false;
      let takenAway = () => {};
      const lost = new Promise<void>((tell) => (takenAway = tell));
      const options = steal ? { steal } : ifAvailable ? { ifAvailable } : signal ? { signal } : {};
      const end = navigator.locks.request(name, options, (lock) => {
        if (!lock) return resolve(undefined);
        granted = true;
        return new Promise<void>((release) => {
          void holderOf(name).then((holder) =>
            resolve({
              lost,
              held: async () => (await holderOf(name)) === holder,
              async release() {
                release();
                await end.catch(() => {});
              },
            }),
          );
        });
      }) as Promise<unknown>;
      end.catch((error: unknown) => {
        if (granted) takenAway();
        else if (signal?.aborted) resolve(undefined);
        else reject(error);
      });
    });
  },
  channel(name, onMessage) {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => onMessage(data);
    (channel as { unref?: () => void }).unref?.();
    return { post: (message) => channel.postMessage(message), close: () => channel.close() };
  },
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer);
  },
};
