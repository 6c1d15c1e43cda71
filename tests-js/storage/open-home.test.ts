import { expect, test } from 'vitest';

import { availableHomes, destroyHome, openHome } from '../../js/storage/open-home.js';

test('Node has files and memory, and refuses what only browsers have with the reason', async () => {
  expect(availableHomes()).toEqual(['memory', 'files']);
  for (const [storage, reason] of [
    ['opfs', 'no origin-private file system'],
    ['indexeddb', 'no IndexedDB'],
  ] as const) {
    const refusal = { code: 'unsupported_environment', message: expect.stringContaining(reason) };
    await expect(openHome('x', storage)).rejects.toMatchObject(refusal);
  }
  await expect(destroyHome('x', 'opfs')).rejects.toMatchObject({ code: 'unsupported_environment' });
});

test('a place that is none names the value', async () => {
  await expect(openHome('x', 'floppy' as never)).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining('"floppy"'),
  });
  await expect(openHome('a/b', 'memory')).rejects.toMatchObject({ code: 'invalid_argument' });
});
