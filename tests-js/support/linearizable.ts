/** Is there one order of these operations on one document that explains every answer? (Wing and Gong's search.) */
export interface Operation {
  readonly start: number;
  /** Infinity: nobody knows whether it happened. */
  readonly end: number;
  readonly kind: 'write' | 'read';
  /** What was written, `undefined` by a delete; or what was read. */
  readonly value: string | undefined;
}

export function isLinearizable(history: readonly Operation[]): boolean {
  const read = new Set(
    history.filter(({ kind, end }) => kind === 'read' && end !== Infinity).map(({ value }) => value),
  );
  // What nobody saw need not have happened.
  const ops = history
    .filter(({ kind, end, value }) => end !== Infinity || (kind === 'write' && read.has(value)))
    .sort((a, b) => a.start - b.start);
  const done = ops.map(() => false);
  const seen = new Set<string>();
  const search = (value: string | undefined): boolean => {
    const first = done.indexOf(false);
    let firstEnd = Infinity;
    ops.forEach(({ end }, i) => (firstEnd = done[i] ? firstEnd : Math.min(firstEnd, end)));
    if (first < 0 || firstEnd === Infinity) return true;
    const key = `${first}:${done.slice(first).map(Number).join('')}:${value ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    for (let i = first; i < ops.length && ops[i]!.start <= firstEnd; i++) {
      const op = ops[i]!;
      if (done[i] || (op.kind === 'read' && op.value !== value)) continue;
      done[i] = true;
      if (search(op.kind === 'write' ? op.value : value)) return true;
      done[i] = false;
    }
    return false;
  };
  return search(undefined);
}
