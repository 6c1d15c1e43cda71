// The core never throws; what escapes from it is a trap or an abort, after which its memory cannot be trusted.
import { CorsacError } from '../errors.js';
import type { CoreModule } from './module.js';
import type { Variant } from './variant.js';

/** An instance of the core until it crashes. */
export class Core {
  #crash: CorsacError | undefined;

  /** `onCrash` is called once. */
  constructor(
    readonly module: CoreModule,
    readonly variant: Variant,
    readonly onCrash: (error: CorsacError) => void,
    readonly threads = 1,
    /** Ends the threads; calling twice is harmless. */
    readonly end = (): void => {},
  ) {}

  get crashed(): CorsacError | undefined {
    return this.#crash;
  }

  /** The result of `run`, which calls the core and nothing else. @throws {CorsacError} `crashed`, and what `run` throws as such */
  call<T>(run: () => T): T {
    if (this.#crash) throw this.#crash;
    try {
      return run();
    } catch (error) {
      if (error instanceof CorsacError) throw error;
      throw this.#poison(error);
    }
  }

  #poison(cause: unknown): CorsacError {
    const text = String((cause as Error)?.message ?? cause);
    this.#crash = new CorsacError('crashed', `the core stopped: ${text}`, {
      cause,
      hint: 'open the store again: everything that was acknowledged is recovered from the log',
    });
    this.end();
    this.onCrash(this.#crash);
    return this.#crash;
  }
}
