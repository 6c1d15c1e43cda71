// Embedders that need no download: `corsac/embed`.
export type { Embedder, EmbedOptions } from '../embedder.js';
export { CachedEmbedder, type CachedEmbedderOptions, type CacheStats } from './cached.js';
export type { Source } from './source.js';
export { StaticEmbedder, type StaticEmbedderOptions } from './static.js';
