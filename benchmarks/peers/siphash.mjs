// The original's own workload, bit for bit: component j of row i of stream `seed` is SipHash-1-3 with a zero key over the
// little-endian u64s (seed, i, j), mod 256, minus 128; rows are then divided by their f32 norm.
// Aumasson & Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012; with one compression and three final rounds.

/** The four words of the state as 32-bit halves: low at 2 k, high at 2 k + 1. */
const state = new Uint32Array(8);
/** Words 0 to 3 under a zero key: "somepseudorandomlygeneratedbytes". */
const INITIAL = Uint32Array.of(
  0x70736575,
  0x736f6d65,
  0x6e646f6d,
  0x646f7261,
  0x6e657261,
  0x6c796765,
  0x79746573,
  0x74656462,
);

function add(to, from) {
  const low = state[2 * to] + state[2 * from];
  state[2 * to + 1] += state[2 * from + 1] + (low > 0xffffffff ? 1 : 0);
  state[2 * to] = low;
}

function rotate(word, bits) {
  let low = state[2 * word];
  let high = state[2 * word + 1];
  if (bits >= 32) [low, high] = [high, low];
  const by = bits % 32;
  state[2 * word] = by === 0 ? low : (low << by) | (high >>> (32 - by));
  state[2 * word + 1] = by === 0 ? high : (high << by) | (low >>> (32 - by));
}

function mix(to, from) {
  state[2 * to] ^= state[2 * from];
  state[2 * to + 1] ^= state[2 * from + 1];
}

function round() {
  (add(0, 1), rotate(1, 13), mix(1, 0), rotate(0, 32));
  (add(2, 3), rotate(3, 16), mix(3, 2));
  (add(0, 3), rotate(3, 21), mix(3, 0));
  (add(2, 1), rotate(1, 17), mix(1, 2), rotate(2, 32));
}

function absorb(low, high) {
  state[6] ^= low;
  state[7] ^= high;
  round();
  state[0] ^= low;
  state[1] ^= high;
}

/** SipHash-1-3 of three u64s below 2^32: the low half in [0], the high half in [1]. */
export function sipHash13(a, b, c) {
  state.set(INITIAL);
  absorb(a, 0);
  absorb(b, 0);
  absorb(c, 0);
  absorb(0, 24 << 24); // the length in bytes, in the last byte
  state[4] ^= 0xff;
  round();
  round();
  round();
  return [(state[0] ^ state[2] ^ state[4] ^ state[6]) >>> 0, (state[1] ^ state[3] ^ state[5] ^ state[7]) >>> 0];
}

/** Components of row `i` before they are scaled: integers from -128 to 127. */
export function rawRow(seed, i, dimension) {
  return Float32Array.from({ length: dimension }, (_, j) => (sipHash13(seed, i, j)[0] & 255) - 128);
}

/** Rows 0 to `count` - 1 of length 1, [count x dimension]. */
export function sipHashVectors(seed, count, dimension) {
  const out = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const row = rawRow(seed, i, dimension);
    // Squares of integers below 2^24 add up exactly in any order.
    const norm = Math.fround(Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)));
    for (let j = 0; j < dimension; j++) out[i * dimension + j] = row[j] / norm;
  }
  return out;
}
