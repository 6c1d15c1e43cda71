// Documents as the core leaves them in its memory: the layout of bindings/wasm/collection_handle.h.
import type { CoreModule } from './module.js';

const HAS_CONTENT = 1;
const HAS_METADATA = 2;
const ROW_WORDS = 3;

/** Content and metadata (JSON text) of one document. */
export interface DocumentTexts {
  readonly content: string | undefined;
  readonly metadata: string | undefined;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The documents at heap address `at`. */
export function readDocumentBlock({ HEAPU8, HEAPU32 }: CoreModule, at: number): DocumentTexts[] {
  const count = HEAPU32[at >>> 2]!;
  let row = (at >>> 2) + 1;
  let start = at + (1 + ROW_WORDS * count) * 4;
  const text = (present: number, bytes: number): string | undefined => {
    const from = start;
    start += bytes;
    return present ? decoder.decode(HEAPU8.slice(from, start)) : undefined;
  };
  const documents = new Array<DocumentTexts>(count);
  for (let i = 0; i < count; i++, row += ROW_WORDS) {
    const flags = HEAPU32[row]!;
    const content = text(flags & HAS_CONTENT, HEAPU32[row + 1]!);
    documents[i] = { content, metadata: text(flags & HAS_METADATA, HEAPU32[row + 2]!) };
  }
  return documents;
}
