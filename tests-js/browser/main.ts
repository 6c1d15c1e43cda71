// The page of the suite: which visit this is decides which cases run.
import type { Case } from '../support/assert.js';
import { report } from './report.js';
import { isolatedVisit, plainThreads } from './threads.js';
import { afterQuotaVisit, firstVisit, quotaVisit, secondVisit } from './suite.js';

const visits: Record<string, readonly Case[]> = {
  '1': [...firstVisit, ...plainThreads],
  '2': secondVisit,
  quota: quotaVisit,
  'after-quota': afterQuotaVisit,
  isolated: isolatedVisit,
};
await report(visits[new URLSearchParams(location.search).get('visit') ?? '1'] ?? []);
