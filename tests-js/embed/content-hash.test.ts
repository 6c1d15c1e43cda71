import { describe, expect, test } from 'vitest';

import { contentHash, xxh32 } from '../../js/embed/content-hash.js';

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + 7) & 255);

describe('xxh32', () => {
  test.each([
    ['', 0, 0x02cc5d05],
    ['a', 0, 0x550d7456],
    ['abc', 0, 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
  ])('of %j is the published value', (text, seed, expected) => {
    expect(xxh32(new TextEncoder().encode(text), seed)).toBe(expected);
  });

  test('reads a view that starts anywhere', () => {
    const whole = bytes(100);
    expect(xxh32(whole.subarray(3, 60), 1)).toBe(xxh32(whole.slice(3, 60), 1));
  });
});

test('a content hash changes with every byte', () => {
  const all = bytes(67);
  const seen = new Set([contentHash(all)]);
  for (let i = 0; i < all.length; i++) {
    const changed = all.slice();
    changed[i]! ^= 1;
    seen.add(contentHash(changed));
  }
  expect(seen.size).toBe(68);
  expect(contentHash(all)).toMatch(/^[0-9a-f]{16}$/);
});
