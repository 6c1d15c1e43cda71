import { CorsacError } from '../errors.js';

interface Runtime {
  getBuiltinModule?(name: string): unknown;
}

/** Whether this is a runtime with Node's own modules (Node, Bun, Deno), and no page or web worker. */
export const hasNodeBuiltins = (): boolean =>
  typeof (globalThis as { process?: Runtime }).process?.getBuiltinModule === 'function';

/** One of Node's modules, without an import that a bundler for the browser would have to resolve. */
export function nodeBuiltin<T>(name: string): T {
  const process = (globalThis as { process?: Runtime }).process;
  const found = process?.getBuiltinModule?.(name);
  if (!found)
    throw new CorsacError('unsupported_environment', `${name} is not available here; Node 20.16 or newer has it`);
  return found as T;
}
