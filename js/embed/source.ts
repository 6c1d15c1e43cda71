// Where do the bytes of a model come from? From the caller, a URL or, in Node, a file. Nothing is fetched unless it was named.
import { CorsacError } from '../errors.js';
import { hasNodeBuiltins, nodeBuiltin } from '../storage/node-builtin.js';

/** Bytes, a URL, or (in Node) the path of a file; in a page, a string is a URL relative to the page. */
export type Source = string | URL | Uint8Array | ArrayBuffer;

export interface SourceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that have arrived; `total` is there when the server says it. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total?: number }) => void) | undefined;
}

/** The name of a source for messages. */
export const nameOfSource = (source: Source): string =>
  typeof source === 'string' ? source : source instanceof URL ? source.href : `${source.byteLength} bytes`;

/**
 * The bytes of `source`; `what` names it in messages ("the model").
 *
 * @throws {CorsacError} `invalid_argument` for something else than a source, `model` when the bytes cannot be had
 */
export async function readSource(source: Source, what: string, options: SourceOptions = {}): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (!(source instanceof URL) && (typeof source !== 'string' || source === '')) {
    throw new CorsacError(
      'invalid_argument',
      `${what} must be bytes, a URL or a path, got ${source === '' ? 'an empty string' : typeof source}`,
    );
  }
  options.signal?.throwIfAborted();
  try {
    const at = locate(source);
    return typeof at === 'string' ? await readFile(at) : await download(at, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof CorsacError) throw cause;
    const reason = String((cause as Error)?.message ?? cause);
    throw new CorsacError('model', `${what} cannot be read from ${nameOfSource(source)}: ${reason}`, { cause });
  }
}

/** A path in Node, else a URL. One letter before the colon is a drive, not a scheme. */
function locate(source: string | URL): string | URL {
  const absolute = source instanceof URL || /^[a-z][a-z0-9+.-]+:/i.test(source);
  if (absolute) {
    const url = new URL(source);
    if (url.protocol !== 'file:' || !hasNodeBuiltins()) return url;
    return nodeBuiltin<typeof import('node:url')>('node:url').fileURLToPath(url);
  }
  if (hasNodeBuiltins()) return source;
  return new URL(source, location.href);
}

async function readFile(path: string): Promise<Uint8Array> {
  const bytes = await nodeBuiltin<typeof import('node:fs/promises')>('node:fs/promises').readFile(path);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function download(url: URL, { signal, onProgress }: SourceOptions): Promise<Uint8Array> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  if (!onProgress || !response.body) return new Uint8Array(await response.arrayBuffer());
  // With a content encoding the length is that of the encoded bytes.
  const length = response.headers.has('content-encoding') ? 0 : Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    done += part.value.length;
    onProgress(length > 0 ? { done, total: length } : { done });
  }
  return joined(chunks, done);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
