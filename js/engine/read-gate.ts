// Ordinals and block numbers change when a compacted form is switched in. Readers that wait for bytes hold the
// gate; the switch waits for them, and they for it.

export class ReadGate {
  #readers = 0;
  #closed: Promise<void> | undefined;
  #lastReaderLeft: (() => void) | undefined;

  /** Enters at once and returns how to leave, or nothing while a switch is waiting or under way. */
  enter(): (() => void) | undefined {
    if (this.#closed) return undefined;
    this.#readers++;
    return () => {
      if (--this.#readers === 0) this.#lastReaderLeft?.();
    };
  }

  /** Resolves when no switch is under way. */
  async opened(): Promise<void> {
    while (this.#closed) await this.#closed;
  }

  /** Runs `change` alone. One at a time. */
  async alone<T>(change: () => Promise<T>): Promise<T> {
    let open = () => {};
    this.#closed = new Promise((resolve) => (open = resolve));
    try {
      if (this.#readers > 0) await new Promise<void>((resolve) => (this.#lastReaderLeft = resolve));
      return await change();
    } finally {
      this.#lastReaderLeft = undefined;
      this.#closed = undefined;
      open();
    }
  }
}
