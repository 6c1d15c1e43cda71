// nDCG@10 of every way to search one set: the package as a user has it, in memory, exact vectors.
import { readVectors } from './beir.mjs';
import { meanOver, ndcg } from './trec.mjs';

export const DEPTH = 10;

/** [{ way, ndcg, ms }]: ms is the mean time of one query. */
export async function measureSet({ VectorStore, StaticEmbedder }, data, name, set) {
  const embedder = await StaticEmbedder.load();
  const own = await vectorsOf(embedder, set);
  const store = await VectorStore.open(`relevance-${name}`, { storage: 'memory', worker: false });
  try {
    const minilm = await filled(store, 'minilm', set, 384, readVectors(data, name));
    const table = await filled(store, 'static', set, embedder.dimension, own);
    const hybrid = (vectorWeight) => ({
      k: DEPTH,
      include: [],
      fusion: { strategy: 'dbsf', vectorWeight, keywordWeight: 1 - vectorWeight },
    });
    const plain = { k: DEPTH, include: [] };
    const weight = embedder.hybridWeight;
    const ways = [
      ['static', table, (query) => table.collection.searchVector(query.vector, plain)],
      ['MiniLM', minilm, (query) => minilm.collection.searchVector(query.vector, plain)],
      ['BM25', minilm, (query) => minilm.collection.searchText(query.text, plain)],
      [
        `BM25 + static, ${weight}`,
        table,
        ({ text, vector }) => table.collection.searchHybrid({ text, vector }, hybrid(weight)),
      ],
      [
        'BM25 + MiniLM, 0.5',
        minilm,
        ({ text, vector }) => minilm.collection.searchHybrid({ text, vector }, hybrid(0.5)),
      ],
    ];
    const out = [];
    for (const [way, { vectors }, search] of ways) out.push({ way, ...(await score(set, vectors, search)) });
    return out;
  } finally {
    await store.close();
  }
}

export async function vectorsOf(embedder, { documents, queries }) {
  const map = async (texts, as) => {
    const vectors = await embedder.embed(
      texts.map(({ text }) => text),
      { as },
    );
    return new Map(texts.map(({ id }, i) => [id, vectors[i]]));
  };
  return { documents: await map(documents, 'document'), queries: await map(queries, 'query') };
}

/** A collection of the set with these vectors, and the vectors. */
export async function filled(store, name, { documents }, dimension, vectors) {
  const collection = await store.createCollection(name, {
    dimension,
    index: { kind: 'flat' },
    text: { language: 'en' },
  });
  await collection.insertMany(
    documents.map(({ id, text }) => ({ id, content: text, embedding: vectors.documents.get(id) })),
  );
  return { collection, vectors };
}

/** nDCG@10 of `search({ text, vector })`, and its mean time. */
export async function score({ queries, qrels }, vectors, search) {
  const started = performance.now();
  const run = new Map();
  for (const { id, text } of queries) {
    const { hits } = await search({ text, vector: vectors?.queries.get(id) });
    run.set(
      id,
      hits.map((hit) => hit.id),
    );
  }
  const ms = (performance.now() - started) / queries.length;
  return { ndcg: meanOver(qrels, run, (ranked, grades) => ndcg(ranked, grades, DEPTH)), ms };
}
