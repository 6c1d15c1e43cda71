// Which methods of a store and its collections may be called from elsewhere?
export const STORE_METHODS = [
  'names',
  'unload',
  'remove',
  'replace',
  'flushAll',
  'stats',
  'startJob',
  'stepJob',
  'endJob',
  'close',
] as const;

export const COLLECTION_METHODS = [
  'write',
  'update',
  'removeMatching',
  'search',
  'searchMany',
  'get',
  'has',
  'count',
  'list',
  'facets',
  'suggest',
  'flush',
  'compact',
  'checkpoint',
  'tune',
  'reindex',
  'train',
  'stats',
] as const;
