// How many threads does a store get?
import { CorsacError } from '../errors.js';
import { hasNodeBuiltins } from '../storage/node-builtin.js';

/** As src/base/executor.h has it. */
export const MAX_THREADS = 64;
/** More are not taken unless asked for: the rest of the machine is used by somebody too. */
const MOST_BY_ITSELF = 8;

/** What keeps a core from having threads: `here` in this realm, or in a worker of it. */
function whyNone(here: boolean): string | undefined {
  if (typeof SharedArrayBuffer !== 'function') {
    return hasNodeBuiltins() || globalThis.crossOriginIsolated !== false
      ? 'there is no SharedArrayBuffer'
      : 'the page is not cross-origin isolated';
  }
  if (hasNodeBuiltins()) return undefined;
  if (globalThis.crossOriginIsolated !== true) return 'the page is not cross-origin isolated';
  if (here && typeof document === 'object') return 'a page must not wait for threads: leave worker at "auto"';
  return typeof Worker === 'function' ? undefined : 'no worker can be started';
}

/** `auto`: one in Node, else one per core, up to 8. @throws {CorsacError} `unsupported_environment` when more are asked for than can be */
export function threadCount(asked: 'auto' | number, here = true): number {
  if (asked === 1) return 1;
  const reason = whyNone(here);
  if (asked === 'auto')
    return reason || hasNodeBuiltins() ? 1 : Math.min(globalThis.navigator?.hardwareConcurrency || 1, MOST_BY_ITSELF);
  if (reason === undefined) return asked;
  throw new CorsacError('unsupported_environment', `threads: ${asked} is not possible here: ${reason}`, {
    hint: 'threads need the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; threads: "auto" takes what there is',
  });
}
