// What can Corsac do here?
import { supports, type Variant } from './core/variant.js';
import { availableHomes } from './storage/open-home.js';

/** What {@link capabilities} found out. */
export interface Capabilities {
  /** The build of the core that would run; absent where none can. */
  readonly variant: Variant | undefined;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Threads that one store uses: 1 today. */
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
    threads: 1,
    homes: availableHomes(),
    worker: typeof Worker === 'function',
  };
}
