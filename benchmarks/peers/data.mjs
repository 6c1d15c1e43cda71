// The vectors that every engine is given, and what each query should find. All are of length 1, so that cosine, inner
// product and distance rank alike. Made once per folder: base.f32, set<i>.f32, and the scores of the true tenth.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readWordNetVectors } from '../node/wordnet-vectors.mjs';
import { sipHashVectors } from './siphash.mjs';

const K = 10;

/** Each makes { dimension, base, sets: [{ name, vectors }] }, row-major. */
export const SOURCES = {
  wordnet: {
    what: 'MiniLM over WordNet glosses, 384 dimensions, queries like the data (A) and questions (B)',
    make: async ({ count, queries, shared }) => {
      const folder = join(shared, 'data/minilm-wordnet-100k');
      if (!existsSync(folder))
        throw new Error(`the vectors are not at ${folder} (CORSAC_SHARED names the folder above data/)`);
      const { base, sets } = await readWordNetVectors(folder, count);
      const flat = (rows) => unitRows(Float32Array.from(rows.flatMap((row) => Array.from(row))), 384);
      return {
        dimension: 384,
        base: join32(base, 384),
        sets: sets.map(({ vectors }, i) => ({ name: 'AB'[i], vectors: flat(vectors.slice(0, queries)) })),
      };
    },
  },
  siphash: {
    what: "the original's uniform random workload, 128 dimensions, seeds 42 and 123",
    make: async ({ count, queries }) => ({
      dimension: 128,
      base: sipHashVectors(42, count, 128),
      sets: [{ name: 'A', vectors: sipHashVectors(123, queries, 128) }],
    }),
  },
  clusters128: {
    what: '600 clusters in 60 latent dimensions, 128 dimensions',
    make: async (size) => clusters(128, size),
  },
  clusters768: {
    what: '600 clusters in 60 latent dimensions, 768 dimensions',
    make: async (size) => clusters(768, size),
  },
};

/** The folder of one data set, made when it is not there. */
export async function prepare(name, { count, queries, shared, cache }) {
  const folder = join(cache, `peer-data-1-${name}-${count}-${queries}`);
  const about = join(folder, 'about.json');
  if (!existsSync(about)) {
    await mkdir(folder, { recursive: true });
    const { dimension, base, sets } = await SOURCES[name].make({ count, queries, shared });
    await writeFile(join(folder, 'base.f32'), bytesOf(base));
    for (const [i, { vectors }] of sets.entries()) {
      await writeFile(join(folder, `set${i}.f32`), bytesOf(vectors));
      await writeFile(join(folder, `set${i}.tenth.f32`), bytesOf(tenthScores(base, vectors, dimension)));
    }
    const counts = { count: base.length / dimension, queries: sets[0].vectors.length / dimension };
    await writeFile(about, JSON.stringify({ name, dimension, ...counts, sets: sets.map((set) => set.name) }));
  }
  return { folder, what: SOURCES[name].what, ...JSON.parse(await readFile(about, 'utf8')) };
}

/** Recall@10 of answers, row ids [queries x 10] with -1 for none: as near as the true tenth is right, twins included. */
export async function recallOf(data) {
  const base = await floats(join(data.folder, 'base.f32'));
  const sets = await Promise.all(
    data.sets.map(async (_, i) => ({
      vectors: await floats(join(data.folder, `set${i}.f32`)),
      tenth: await floats(join(data.folder, `set${i}.tenth.f32`)),
    })),
  );
  const d = data.dimension;
  return (set, ids) => {
    const { vectors, tenth } = sets[set];
    let right = 0;
    for (let q = 0; q * K < ids.length; q++) {
      for (let i = 0; i < K; i++) {
        const id = ids[q * K + i];
        if (id >= 0 && dot(vectors, q * d, base, id * d, d) >= tenth[q] - 1e-6) right++;
      }
    }
    return right / ids.length;
  };
}

function tenthScores(base, queries, d) {
  const rows = base.length / d;
  return Float32Array.from({ length: queries.length / d }, (_, q) => {
    const best = new Float32Array(K).fill(-Infinity);
    for (let row = 0; row < rows; row++) {
      const score = dot(queries, q * d, base, row * d, d);
      if (score <= best[K - 1]) continue;
      let at = K - 1;
      for (; at > 0 && best[at - 1] < score; at--) best[at] = best[at - 1];
      best[at] = score;
    }
    return best[K - 1];
  });
}

/** Eight sums, so that the engine may keep several in flight. */
function dot(a, at, b, bt, d) {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 4 <= d; i += 4) {
    s0 += a[at + i] * b[bt + i];
    s1 += a[at + i + 1] * b[bt + i + 1];
    s2 += a[at + i + 2] * b[bt + i + 2];
    s3 += a[at + i + 3] * b[bt + i + 3];
  }
  for (; i < d; i++) s0 += a[at + i] * b[bt + i];
  return s0 + s1 + s2 + s3;
}

/** Vectors that gather as embeddings do: clusters in few latent dimensions with a falling spectrum, spread and blurred. */
function clusters(dimension, { count, queries }) {
  const LATENT = 60;
  const CLUSTERS = 600;
  const random = stream(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const spectrum = Array.from({ length: LATENT }, (_, i) => (i + 1) ** -0.5);
  const spread = Float32Array.from({ length: LATENT * dimension }, normal);
  const centres = Float32Array.from({ length: CLUSTERS * LATENT }, (_, i) => normal() * spectrum[i % LATENT]);
  const draw = (rows) => {
    const out = new Float32Array(rows * dimension);
    const latent = new Float32Array(LATENT);
    for (let row = 0; row < rows; row++) {
      const centre = Math.floor(random() * CLUSTERS);
      for (let l = 0; l < LATENT; l++) latent[l] = centres[centre * LATENT + l] + 0.5 * normal() * spectrum[l];
      for (let i = 0; i < dimension; i++) {
        let x = 0.1 * normal();
        for (let l = 0; l < LATENT; l++) x += latent[l] * spread[l * dimension + i];
        out[row * dimension + i] = x;
      }
    }
    return unitRows(out, dimension);
  };
  return { dimension, base: draw(count), sets: [{ name: 'A', vectors: draw(queries) }] };
}

function unitRows(rows, d) {
  for (let at = 0; at < rows.length; at += d) {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += rows[at + i] ** 2;
    const by = 1 / Math.sqrt(sum);
    for (let i = 0; i < d; i++) rows[at + i] *= by;
  }
  return rows;
}

function join32(rows, d) {
  const out = new Float32Array(rows.length * d);
  rows.forEach((row, i) => out.set(row, i * d));
  return unitRows(out, d);
}

/** SplitMix-like on 32 bits (Steele, Lea, Flood, OOPSLA 2014): the same stream on every machine. */
function stream(seed) {
  let at = seed;
  return () => {
    at = (at + 0x9e3779b9) | 0;
    let z = Math.imul(at ^ (at >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

const bytesOf = (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

export async function floats(path) {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
