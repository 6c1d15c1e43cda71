// What can Corsac do here?
import { threadCount } from './core/thread-count.js';
import { supports, type Variant } from './core/variant.js';
import { availableHomes } from './storage/open-home.js';

/** What {@link capabilities} found out. */
export interface Capabilities {
  /** The build of the core that would run; absent where none can. */
  readonly variant: Variant | undefined;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Threads that one store gets by itself (`threads: 'auto'`). */
  readonly threads: number;
  /** Storage options that work here. */
  readonly homes: readonly string[];
  /** Module workers can be made, so that a page is never blocked. */
  readonly worker: boolean;
}

/**
 * What this environment offers, without opening anything.
 *
 * @example
 * import { capabilities } from 'corsac';
 *
 * const { variant, homes } = capabilities();
 * console.log(variant, homes);
 */
export function capabilities(): Capabilities {
  const simd = supports('simd');
  const relaxedSimd = supports('relaxed');
  return {
    variant: relaxedSimd ? 'relaxed' : simd ? 'simd' : undefined,
    simd,
    relaxedSimd,
    threads: threadCount('auto', false),
    homes: availableHomes(),
    worker: typeof Worker === 'function',
  };
}
