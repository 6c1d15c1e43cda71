// How fast is an engine at a given recall? From a sweep of its search width, interpolated.

/** @typedef {{ ef: number, recall: number, qps: number }} Point */

/**
 * Queries per second at `target`, interpolated between the two neighbours on the curve (linear in recall, geometric in
 * speed). `undefined`: no point reaches the target. A curve that begins above it gives its first point's speed.
 *
 * @param {readonly Point[]} points of one engine, in any order
 */
export function speedAt(points, target) {
  const curve = [...points].sort((a, b) => a.recall - b.recall || a.qps - b.qps);
  const above = curve.findIndex(({ recall }) => recall >= target);
  if (above < 0) return undefined;
  // Of those that reach it the fastest counts, however the curve wavers.
  const reached = Math.max(...curve.slice(above).map(({ qps }) => qps));
  if (above === 0) return reached;
  const low = curve[above - 1];
  const high = curve[above];
  const share = (target - low.recall) / (high.recall - low.recall);
  return Math.max(reached, low.qps ** (1 - share) * high.qps ** share);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
