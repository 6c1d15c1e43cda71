// How good is a ranking? Measures as trec_eval computes them (Buckley; nDCG: Jarvelin and Kekalainen, TOIS 2002, with the grade
// itself as gain and log2(rank + 1) as discount). tests-js/relevance compares them with trec_eval's own output.

/** query -> document -> grade, from TREC qrels: "query 0 document grade". */
export function readQrels(text) {
  const qrels = new Map();
  for (const line of text.split('\n')) {
    const [query, , document, grade] = line.trim().split(/\s+/);
    if (grade === undefined) continue;
    if (!qrels.has(query)) qrels.set(query, new Map());
    qrels.get(query).set(document, Number(grade));
  }
  return qrels;
}

/** query -> documents, best first, from a TREC run. As in trec_eval, scores decide and equal ones fall by document name. */
export function readRun(text) {
  const scored = new Map();
  for (const line of text.split('\n')) {
    const [query, , document, , score] = line.trim().split(/\s+/);
    if (score === undefined) continue;
    if (!scored.has(query)) scored.set(query, []);
    scored.get(query).push({ document, score: Math.fround(Number(score)) });
  }
  const byRank = (a, b) => b.score - a.score || (a.document < b.document ? 1 : -1);
  return new Map([...scored].map(([query, rows]) => [query, rows.sort(byRank).map(({ document }) => document)]));
}

const discounted = (gains) => gains.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);

/** Normalised discounted cumulative gain of the first `depth` documents; 0 when nothing is relevant. */
export function ndcg(ranked, grades, depth) {
  const gains = ranked.slice(0, depth).map((document) => Math.max(0, grades.get(document) ?? 0));
  const best = [...grades.values()]
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a)
    .slice(0, depth);
  return best.length === 0 ? 0 : discounted(gains) / discounted(best);
}

const isRelevant = (grades) => (document) => (grades.get(document) ?? 0) > 0;
const relevantCount = (grades) => [...grades.values()].filter((grade) => grade > 0).length;

/** The share of the relevant documents that are among the first `depth`. */
export function recall(ranked, grades, depth) {
  const relevant = relevantCount(grades);
  return relevant === 0 ? 0 : ranked.slice(0, depth).filter(isRelevant(grades)).length / relevant;
}

/** Mean of the precisions at each relevant document; those never found count 0. */
export function averagePrecision(ranked, grades) {
  const relevant = isRelevant(grades);
  let found = 0;
  let sum = 0;
  ranked.forEach((document, i) => {
    if (relevant(document)) sum += ++found / (i + 1);
  });
  const total = relevantCount(grades);
  return total === 0 ? 0 : sum / total;
}

/** The mean of `measure(ranked, grades)` over the judged queries that have something relevant; a query without answer counts 0. */
export function meanOver(qrels, run, measure) {
  const judged = [...qrels].filter(([, grades]) => relevantCount(grades) > 0);
  return judged.reduce((sum, [query, grades]) => sum + measure(run.get(query) ?? [], grades), 0) / judged.length;
}
