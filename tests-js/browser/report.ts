// Runs cases in a page and leaves the outcome where a driver can read it.
import type { Case } from '../support/assert.js';

export interface CaseOutcome {
  readonly name: string;
  readonly ms: number;
  readonly error?: string;
  readonly skipped?: true;
}

const CASE_LIMIT_MS = 60_000;

export async function report(cases: readonly Case[]): Promise<void> {
  const outcomes: CaseOutcome[] = [];
  for (const { name, run, skip } of cases) {
    if (skip !== undefined) {
      outcomes.push({ name: `${name}: ${skip}`, ms: 0, skipped: true });
      continue;
    }
    const started = performance.now();
    let error: string | undefined;
    try {
      await Promise.race([run(), timeout(CASE_LIMIT_MS)]);
    } catch (thrown) {
      error = thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ''}` : String(thrown);
    }
    outcomes.push({ name, ms: performance.now() - started, ...(error !== undefined && { error }) });
    document.body.append(
      Object.assign(document.createElement('p'), { textContent: `${error ? 'FAIL' : 'ok'} ${name}` }),
    );
  }
  document.body.dataset['outcomes'] = JSON.stringify(outcomes);
}

const timeout = (ms: number) =>
  new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms));
