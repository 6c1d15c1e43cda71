// What is each choice of the defaults worth? The same texts under other analyses, BM25 parameters, fusions and weights.
import { DEPTH, filled, score, vectorsOf } from './measure.mjs';
import { readVectors } from './beir.mjs';

/** Lucene's classic list, for an analysis that has none of its own. */
const STOP_WORDS = (
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to ' +
  'was will with'
).split(' ');

/** name -> [options of the text index, options of a search] */
export const ANALYSES = {
  'default (Porter2, folded, 1.2, .75)': [{}, {}],
  'stop words dropped': [{ stopWords: true }, {}],
  'no stemmer': [{ language: 'none' }, {}],
  'no stemmer, stop words dropped': [{ language: 'none', stopWords: STOP_WORDS }, {}],
  'accents kept': [{ foldAccents: false }, {}],
  'simple (the original)': [{ analyzer: 'simple' }, {}],
  'k1 .9, b .4': [{}, { k1: 0.9, b: 0.4 }],
  'k1 1.2, b .4': [{}, { k1: 1.2, b: 0.4 }],
  'k1 1.5, b .75': [{}, { k1: 1.5, b: 0.75 }],
  'k1 2, b .75': [{}, { k1: 2, b: 0.75 }],
  'k1 1.2, b .9': [{}, { k1: 1.2, b: 0.9 }],
  'k1 1.2, b 0 (length ignored)': [{}, { k1: 1.2, b: 0 }],
};

/** [{ way, ndcg }] of every analysis over one set. */
export async function measureAnalyses({ VectorStore }, set) {
  const store = await VectorStore.open('settings', { storage: 'memory', worker: false });
  const collections = new Map();
  const out = [];
  for (const [way, [text, options]] of Object.entries(ANALYSES)) {
    const key = JSON.stringify(text);
    if (!collections.has(key)) {
      const collection = await store.createCollection(`c${collections.size}`, { text: { language: 'en', ...text } });
      await collection.insertMany(set.documents.map(({ id, text: content }) => ({ id, content })));
      collections.set(key, collection);
    }
    const search = ({ text: query }) => collections.get(key).searchText(query, { k: DEPTH, include: [], ...options });
    out.push({ way, ...(await score(set, undefined, search)) });
  }
  await store.close();
  return out;
}

const WEIGHTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];

/** { embedder: { strategy: [ndcg by weight] } } of one set, and the weights. */
export async function measureFusions({ VectorStore, StaticEmbedder }, data, name, set) {
  const embedder = await StaticEmbedder.load();
  const store = await VectorStore.open('fusions', { storage: 'memory', worker: false });
  const legs = {
    static: await filled(store, 'static', set, embedder.dimension, await vectorsOf(embedder, set)),
    MiniLM: await filled(store, 'minilm', set, 384, readVectors(data, name)),
  };
  const out = {};
  for (const [leg, { collection, vectors }] of Object.entries(legs)) {
    out[leg] = {};
    for (const strategy of ['rrf', 'weightedSum', 'dbsf']) {
      out[leg][strategy] = [];
      for (const vectorWeight of WEIGHTS) {
        const fusion = { strategy, vectorWeight, keywordWeight: 1 - vectorWeight };
        const search = ({ text, vector }) =>
          collection.searchHybrid({ text, vector }, { k: DEPTH, include: [], fusion });
        out[leg][strategy].push((await score(set, vectors, search)).ndcg);
      }
    }
  }
  await store.close();
  return { weights: WEIGHTS, legs: out };
}
