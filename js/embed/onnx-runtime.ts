// Which implementation of ONNX runs the model? onnxruntime-web, an optional peer, imported when a model is loaded; or whatever
// module of the same shape the caller gives (onnxruntime-node).
import { CorsacError } from '../errors.js';
import { hasNodeBuiltins } from '../storage/node-builtin.js';

/** The part of an ONNX Runtime module that is used: onnxruntime-web, onnxruntime-node and onnxruntime-common have it. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: { executionProviders?: string[] }): Promise<OnnxSession>;
  };
  readonly Tensor: new (
    type: 'int64' | 'int32',
    data: BigInt64Array | Int32Array,
    dims: readonly number[],
  ) => OnnxTensor;
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: unknown } };
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** What the inputs are; runtimes before 1.21 do not say. */
  readonly inputMetadata?: readonly { readonly name: string; readonly isTensor?: boolean; readonly type?: string }[];
  run(feeds: Record<string, OnnxTensor>, fetches?: readonly string[]): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
  dispose?(): void;
}

export interface RuntimeOptions {
  /** How a session runs, best first. @default ['wasm'], or the given runtime's own choice */
  readonly executionProviders?: readonly string[] | undefined;
  /** Where onnxruntime-web finds its .wasm files: a folder, or a map of names. Set for all sessions of the realm. */
  readonly wasmPaths?: string | Record<string, string | URL> | undefined;
  /** Threads of onnxruntime-web, for all sessions of the realm; more than one needs cross-origin isolation in a page. @default 1 */
  readonly numThreads?: number | undefined;
  /** Another runtime, for instance `await import('onnxruntime-node')`. @default onnxruntime-web */
  readonly runtime?: OnnxRuntime | undefined;
}

/** @throws {CorsacError} `model` when onnxruntime-web is not installed */
export async function loadRuntime({
  runtime,
  executionProviders,
  wasmPaths,
  numThreads,
}: RuntimeOptions): Promise<OnnxRuntime> {
  const found = runtime ?? (await importWeb((executionProviders ?? ['wasm']).every((provider) => provider === 'wasm')));
  if (runtime && wasmPaths === undefined && numThreads === undefined) return found;
  found.env.wasm.numThreads = numThreads ?? 1;
  if (wasmPaths !== undefined) found.env.wasm.wasmPaths = wasmPaths;
  return found;
}

async function importWeb(plain: boolean): Promise<OnnxRuntime> {
  try {
    const module = (plain
      ? await import('onnxruntime-web/wasm')
      : await import('onnxruntime-web')) as unknown as OnnxRuntime & { default?: OnnxRuntime };
    return module.InferenceSession ? module : module.default!;
  } catch (cause) {
    const hint = hasNodeBuiltins() ? 'npm install onnxruntime-web' : 'add onnxruntime-web to what the page serves';
    throw new CorsacError(
      'model',
      `onnxruntime-web cannot be imported: ${String((cause as Error)?.message ?? cause)}`,
      { hint, cause },
    );
  }
}

/** @throws {CorsacError} `model` when the bytes are no model that the runtime can run */
export async function createSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  executionProviders: readonly string[] | undefined,
  named: boolean,
): Promise<OnnxSession> {
  const providers = executionProviders ?? (named ? undefined : ['wasm']);
  try {
    return await runtime.InferenceSession.create(model, providers ? { executionProviders: [...providers] } : {});
  } catch (cause) {
    throw new CorsacError('model', `the model cannot be loaded: ${String((cause as Error)?.message ?? cause)}`, {
      cause,
    });
  }
}
