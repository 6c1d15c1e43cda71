// How does the compiled core come into this realm? Its bytes are found here rather than by Emscripten's
// loader: `new URL('./x', import.meta.url)` is what bundlers rewrite, and it serves browsers, workers and Node.
import { CorsacError } from '../errors.js';
import { hasNodeBuiltins, nodeBuiltin } from '../storage/node-builtin.js';
import type { GlueOptions } from './glue.js';
import type { CoreModule } from './module.js';
import { threadCount } from './thread-count.js';
import { chooseVariant, type Variant } from './variant.js';

/** Where the compiled core comes from; by default from beside the package's own files. */
export interface WasmOptions {
  /** Where `core.simd.wasm`, `core.relaxed.wasm` or `core.threads.wasm` is served. */
  readonly url?: string | URL | undefined;
  /** The module, already compiled: for runtimes that do not compile at run time. */
  readonly module?: WebAssembly.Module | undefined;
  /** Which build. With `url` or `module` it says which one those are. @default 'auto': `threads` where the store gets more than one, else the fastest this engine runs; 'simd' with `module` */
  readonly variant?: 'auto' | Variant | undefined;
}

export interface LoadedCore {
  readonly module: CoreModule;
  readonly variant: Variant;
  readonly threads: number;
  /** Ends the threads; without any there is nothing to end. */
  end(): void;
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/**
 * A new instance of the core: its own memory, shared with its own threads only. The code is compiled once per realm.
 *
 * @throws {CorsacError} `unsupported_environment`, `invalid_argument`, `storage` when the bytes cannot be had
 */
export async function loadCore(
  { url, module, variant = 'auto' }: WasmOptions = {},
  asked: 'auto' | number = 1,
): Promise<LoadedCore> {
  const named = variant === 'auto' && module ? 'simd' : variant === 'auto' && url ? variantOf(String(url)) : variant;
  const threads = threadsOf(named, asked);
  const chosen = chooseVariant(threads > 1 ? 'threads' : named);
  const code = module ?? (await compile(url === undefined ? ownUrl(chosen) : absolute(url)));
  return chosen === 'threads'
    ? { ...(await instantiateThreaded(code, threads)), variant: chosen, threads }
    : { module: await instantiate(code, chosen), variant: chosen, threads: 1, end: () => {} };
}

/** A build without threads that was named has one. */
function threadsOf(named: Variant | 'auto', asked: 'auto' | number): number {
  if (named === 'auto' || named === 'threads') return threadCount(asked);
  if (asked === 'auto' || asked === 1) return 1;
  throw new CorsacError('invalid_argument', `threads: ${asked} needs core.threads.wasm; wasm names the ${named} build`);
}

const variantOf = (url: string): Variant => (/(relaxed|threads)[^/]*$/.exec(url)?.[1] as Variant | undefined) ?? 'simd';

function ownUrl(variant: Variant): URL {
  switch (variant) {
    case 'relaxed':
      return new URL('./core.relaxed.wasm', import.meta.url);
    case 'threads':
      return new URL('./core.threads.wasm', import.meta.url);
    default:
      return new URL('./core.simd.wasm', import.meta.url);
  }
}

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
  return create(createCore, code, () => ({}));
}

async function instantiateThreaded(
  code: WebAssembly.Module,
  count: number,
): Promise<Pick<LoadedCore, 'module' | 'end'>> {
  const [{ default: createCore }, { followMemory, threadedGlue }] = await Promise.all([
    import('./core.threads.js'),
    import('./threads.js'),
  ]);
  let glue!: ReturnType<typeof threadedGlue>;
  try {
    const module = await create(createCore, code, (failed) => (glue = threadedGlue(count, failed)));
    followMemory(module, glue.wasmMemory);
    module.startWorkers(count);
    glue.release();
    return { module, end: glue.end };
  } catch (error) {
    glue?.end();
    throw error;
  }
}

function create(
  createCore: typeof import('./core.simd.js').default,
  code: WebAssembly.Module,
  more: (failed: (cause: unknown) => void) => Partial<GlueOptions>,
): Promise<CoreModule> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(
        cause instanceof CorsacError
          ? cause
          : new CorsacError(
              'unsupported_environment',
              `the core cannot start: ${String((cause as Error)?.message ?? cause)}`,
              { cause },
            ),
      );
    createCore({
      ...more(failed),
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
