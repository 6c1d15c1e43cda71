// How do hits flow until somebody stops? Page after page; when a write makes the cursor stale the ranking is made again
// and what came already is passed over.
import { CorsacError } from './errors.js';
import type { Hit, Results } from './schema.js';

const PAGE = 32;
const DEEPEST = 10_000;

export interface Page {
  readonly k: number;
  readonly after: string | undefined;
}

export async function* hitsOf<M extends object>(
  ask: (page: Page) => Promise<Results<M>>,
): AsyncGenerator<Hit<M>, void, undefined> {
  const seen = new Set<string>();
  let after: string | undefined;
  let restarted = false;
  do {
    const k = after === undefined ? Math.min(DEEPEST, seen.size + PAGE) : PAGE;
    let results: Results<M>;
    try {
      results = await ask({ k, after });
    } catch (error) {
      // The cursor is ours: it can only have gone stale.
      restarted = after !== undefined && error instanceof CorsacError && error.code === 'invalid_argument';
      if (!restarted) throw error;
      after = undefined;
      continue;
    }
    restarted = false;
    for (const hit of results.hits) {
      if (seen.has(hit.id)) continue;
      seen.add(hit.id);
      yield hit;
    }
    after = results.after;
  } while (after !== undefined || restarted);
}
