// Metadata before, a patch, metadata after: merged at the top level, null removes.

/** All three are JSON text; absent when there is no metadata. */
export function mergeMetadata(before: string | undefined, patch: string | undefined): string | undefined {
  if (patch === undefined) return before;
  const merged = new Map<string, unknown>(entriesOf(before));
  for (const [key, value] of entriesOf(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  // fromEntries defines keys, so that "__proto__" stays an ordinary one.
  return JSON.stringify(Object.fromEntries(merged));
}

const entriesOf = (json: string | undefined): [string, unknown][] =>
  json === undefined ? [] : Object.entries(JSON.parse(json) as Record<string, unknown>);
