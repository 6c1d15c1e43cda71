import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import wasmUrl from 'corsac/core.simd.wasm?url';

import type { CoreModule } from '../../js/core/module.js';

/** The codes of the union in js/errors.ts. */
function typescriptCodes(): string[] {
  const source = readFileSync(new URL('../../js/errors.ts', import.meta.url), 'utf8');
  const union = /export type ErrorCode =([^;]+);/.exec(source)![1]!;
  return [...union.matchAll(/'([a-z_]+)'/g)].map(([, code]) => code!);
}

/** The path of the published wasm; its glue lies beside it. */
const path = wasmUrl.startsWith('/@fs/') ? wasmUrl.slice(4) : `${process.cwd()}${wasmUrl}`;

async function core(): Promise<CoreModule> {
  const { default: createCore } = (await import(
    /* @vite-ignore */ path.replace(/\.wasm$/, '.js')
  )) as typeof import('../../js/core/core.simd.js');
  return createCore({
    instantiateWasm(imports, receive) {
      void WebAssembly.instantiate(readFileSync(path), imports).then(({ instance, module }) =>
        receive(instance, module),
      );
      return {};
    },
  });
}

test('every code of the core is one of the API', async () => {
  const codes = (await core()).errorCodes();
  expect(codes.length).toBeGreaterThan(5);
  expect(typescriptCodes()).toEqual(expect.arrayContaining(codes));
});

test('the codes in the C++ list are those that the core names', async () => {
  const header = readFileSync(new URL('../../src/base/error.h', import.meta.url), 'utf8');
  const named = /kAllErrorCodes\[\] = \{([^}]+)\}/.exec(header)![1]!;
  const names = [...named.matchAll(/ErrorCode::(\w+)/g)].map(([, name]) =>
    name!.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase(),
  );
  expect((await core()).errorCodes()).toEqual(names);
});
