// How do the vectors of a text's tokens become one?

/** `mean` of all tokens, the first token (`cls`), or the largest value per dimension (`max`). */
export type Pooling = 'mean' | 'cls' | 'max';

/** `states` is [? x dimension], of which the first `count` rows count; without any, zeros. */
export function pool(pooling: Pooling, states: Float32Array, count: number, dimension: number): Float32Array {
  if (pooling === 'cls' || count <= 1) return count > 0 ? states.slice(0, dimension) : new Float32Array(dimension);
  const sum = Float64Array.from(states.subarray(0, dimension));
  for (let row = 1; row < count; row++) {
    const start = row * dimension;
    for (let i = 0; i < dimension; i++) {
      const x = states[start + i]!;
      sum[i] = pooling === 'max' ? Math.max(sum[i]!, x) : sum[i]! + x;
    }
  }
  return pooling === 'max' ? Float32Array.from(sum) : Float32Array.from(sum, (x) => x / count);
}

/** Makes `vector` unit length in place; zeros stay zeros. */
export function normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const x of vector) squares += x * x;
  if (squares > 0) {
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < vector.length; i++) vector[i]! *= scale;
  }
  return vector;
}
