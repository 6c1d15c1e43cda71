// Which bytes are these? XXH32 (Yann Collet, xxHash specification) under two seeds: detects another file, not malice. Made here
// because crypto.subtle is missing in pages that are not served securely.

const [P1, P2, P3, P4, P5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const;

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const round = (lane: number, word: number): number => Math.imul(rotate((lane + Math.imul(word, P2)) | 0, 13), P1);

/** XXH32 of `bytes`, 0 to 2^32 - 1. */
export function xxh32(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stripes = bytes.length - (bytes.length % 16);
  let hash = bytes.length < 16 ? (seed + P5) | 0 : mixStripes(view, stripes, seed);
  hash = (hash + bytes.length) | 0;
  let at = stripes;
  for (; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(view.getUint32(at, true), P3)) | 0, 17), P4);
  }
  for (; at < bytes.length; at++) hash = Math.imul(rotate((hash + Math.imul(bytes[at]!, P5)) | 0, 11), P1);
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixStripes(view: DataView, end: number, seed: number): number {
  let [a, b, c, d] = [(seed + P1 + P2) | 0, (seed + P2) | 0, seed | 0, (seed - P1) | 0];
  for (let at = 0; at < end; at += 16) {
    a = round(a, view.getUint32(at, true));
    b = round(b, view.getUint32(at + 4, true));
    c = round(c, view.getUint32(at + 8, true));
    d = round(d, view.getUint32(at + 12, true));
  }
  return (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
}

/** Sixteen hexadecimal digits. */
export const contentHash = (bytes: Uint8Array): string =>
  [0, 1].map((seed) => xxh32(bytes, seed).toString(16).padStart(8, '0')).join('');
