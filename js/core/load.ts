// How does the compiled core come into this realm? Its bytes are found here rather than by Emscripten's
// loader: `new URL('./x', import.meta.url)` is what bundlers rewrite, and it serves browsers, workers and Node.
import { CorsacError } from '../errors.js';
import { hasNodeBuiltins, nodeBuiltin } from '../storage/node-builtin.js';
import type { CoreModule } from './module.js';
import { chooseVariant, type Variant } from './variant.js';

/** Where the compiled core comes from; by default from beside the package's own files. */
export interface WasmOptions {
  /** Where `core.simd.wasm` or `core.relaxed.wasm` is served. */
  readonly url?: string | URL | undefined;
  /** The module, already compiled: for runtimes that do not compile at run time. */
  readonly module?: WebAssembly.Module | undefined;
  /** Which build. With `url` or `module` it says which one those are. @default 'auto': the fastest this engine runs; 'simd' with `module` */
  readonly variant?: 'auto' | Variant | undefined;
}

export interface LoadedCore {
  readonly module: CoreModule;
  readonly variant: Variant;
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/**
 * A new instance of the core: its own memory, shared with nobody. The code is compiled once per realm.
 *
 * @throws {CorsacError} `unsupported_environment`, `invalid_argument`, `storage` when the bytes cannot be had
 */
export async function loadCore({ url, module, variant = 'auto' }: WasmOptions = {}): Promise<LoadedCore> {
  const named = variant === 'auto' && module ? 'simd' : variant === 'auto' && url ? variantOf(String(url)) : variant;
  const chosen = chooseVariant(named);
  const code = module ?? (await compile(url === undefined ? ownUrl(chosen) : absolute(url)));
  return { module: await instantiate(code, chosen), variant: chosen };
}

const variantOf = (url: string): Variant => (/relaxed[^/]*$/.test(url) ? 'relaxed' : 'simd');

const ownUrl = (variant: Variant): URL =>
  variant === 'relaxed'
    ? new URL('./core.relaxed.wasm', import.meta.url)
    : new URL('./core.simd.wasm', import.meta.url);

function absolute(url: string | URL): URL {
  try {
    return new URL(url, typeof location === 'object' && location ? location.href : undefined);
  } catch (cause) {
    throw new CorsacError('invalid_argument', `wasm.url is not a URL: ${String(url)}`, { cause });
  }
}

/** The module at this address, compiled once per realm. @throws {CorsacError} `storage` when the bytes cannot be had */
export function compile(url: URL): Promise<WebAssembly.Module> {
  const known = compiled.get(url.href);
  if (known) return known;
  const compiling = fetchAndCompile(url).catch((cause: unknown) => {
    compiled.delete(url.href);
    throw cause instanceof CorsacError
      ? cause
      : new CorsacError(
          'storage',
          `a part of the core cannot be loaded from ${url.href}: ${String((cause as Error)?.message ?? cause)}`,
          { cause },
        );
  });
  compiled.set(url.href, compiling);
  return compiling;
}

async function fetchAndCompile(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === 'file:' && hasNodeBuiltins()) {
    const { readFile } = nodeBuiltin<typeof import('node:fs/promises')>('node:fs/promises');
    return WebAssembly.compile(new Uint8Array(await readFile(url)));
  }
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  if (
    typeof WebAssembly.compileStreaming === 'function' &&
    response.headers.get('content-type') === 'application/wasm'
  ) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

async function instantiate(code: WebAssembly.Module, variant: Variant): Promise<CoreModule> {
  const { default: createCore } =
    variant === 'relaxed' ? await import('./core.relaxed.js') : await import('./core.simd.js');
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(
        new CorsacError(
          'unsupported_environment',
          `the core cannot start: ${String((cause as Error)?.message ?? cause)}`,
          { cause },
        ),
      );
    createCore({
      // Emscripten has no way to say that an asynchronous instantiation failed, so the promise is rejected here.
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(code, imports)
          .then((instance) => receive(instance, code))
          .catch(failed);
        return {};
      },
      print: () => {},
      printErr: () => {},
    }).then(resolve, failed);
  });
}
