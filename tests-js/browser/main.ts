// Runs the suite in a page and leaves the outcome where a driver can read it.
import type { Case } from '../support/assert.js';
import { afterQuotaVisit, firstVisit, quotaVisit, secondVisit } from './suite.js';

export interface CaseOutcome {
  readonly name: string;
  readonly ms: number;
  readonly error?: string;
}

const CASE_LIMIT_MS = 60_000;

async function runAll(cases: readonly Case[]): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const { name, run } of cases) {
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
  return outcomes;
}

const timeout = (ms: number) =>
  new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms));

const visits: Record<string, readonly Case[]> = {
  '1': firstVisit,
  '2': secondVisit,
  quota: quotaVisit,
  'after-quota': afterQuotaVisit,
};
const visit = new URLSearchParams(location.search).get('visit') ?? '1';
const outcomes = await runAll(visits[visit] ?? []);
document.body.dataset['outcomes'] = JSON.stringify(outcomes);
