// Snowball's stemmers come as a module of their own, loaded when a collection's language needs one: the core has
// English only. Words are copied into its memory and stems out of it.
import { compile } from './load.js';
import type { CoreModule } from './module.js';

interface Exports {
  readonly memory: WebAssembly.Memory;
  buffer(): number;
  open(): number;
  close(stemmer: number): void;
  stem(stemmer: number, bytes: number): number;
  _initialize?(): void;
}

/** What bindings/wasm/snowball.cpp calls; addresses are of the core's heap. */
export interface Stemmers {
  open(heap: Uint8Array, name: number): number;
  close(stemmer: number): void;
  stem(stemmer: number, heap: Uint8Array, word: number, bytes: number, stem: number): number;
}

/** Gives the core all stemmers. @throws {CorsacError} `storage` when the bytes cannot be had */
export async function loadStemmers(core: CoreModule): Promise<void> {
  const code = await compile(new URL('./stemmers.wasm', import.meta.url));
  core.stemmers ??= stemmersOf((await WebAssembly.instantiate(code, {})).exports as unknown as Exports);
}

function stemmersOf(own: Exports): Stemmers {
  own._initialize?.();
  const memory = new Uint8Array(own.memory.buffer); // It never grows.
  const buffer = own.buffer();
  return {
    open(heap, name) {
      memory.set(heap.subarray(name, heap.indexOf(0, name) + 1), buffer);
      return own.open();
    },
    close: (stemmer) => own.close(stemmer),
    stem(stemmer, heap, word, bytes, stem) {
      memory.set(heap.subarray(word, word + bytes), buffer);
      const length = own.stem(stemmer, bytes);
      heap.set(memory.subarray(buffer, buffer + length), stem);
      return length;
    },
  };
}
