// Which documents are stored? By id, or page after page; ranking is js/answers.ts.
import { checkId, checkIds, checkText } from './document.js';
import type { CollectionEngine } from './engine/engine.js';
import { filterJson, type Filter } from './filter.js';
import { documentsOf } from './hits.js';
import type { JsonObject } from './json.js';
import { integer, readOptions } from './option-check.js';
import type { Include, ListResult, StoredDocument } from './schema.js';
import { checkInclude } from './search-options.js';

const LIST_LIMIT = 10_000;

export interface GetOptions {
  /** As in a search. @default ['content', 'metadata'] */
  readonly include?: readonly Include[] | undefined;
}

export interface ListOptions<M extends object = JsonObject> extends GetOptions {
  readonly filter?: Filter<M> | undefined;
  /** Where an earlier page ended. */
  readonly after?: string | undefined;
  /** 1 to 10,000. @default 100 */
  readonly limit?: number | undefined;
}

export async function getDocuments<M extends object>(
  engine: CollectionEngine,
  which: string | readonly string[],
  options: GetOptions | undefined,
): Promise<StoredDocument<M> | undefined | (StoredDocument<M> | undefined)[]> {
  const wants = checkInclude(readOptions('get', options, ['include']).include);
  const one = !Array.isArray(which);
  const ids = one ? [checkId(which)] : checkIds(which as readonly string[]);
  const raw = await engine.get(ids, { document: wants.content || wants.metadata, embedding: wants.embedding });
  const documents = documentsOf<M>(ids, raw, wants);
  return one ? documents[0] : documents;
}

export async function listDocuments<M extends object>(
  engine: CollectionEngine,
  options: ListOptions<M> | undefined,
): Promise<ListResult<M>> {
  const { filter, after, limit = 100, include } = readOptions('list', options, ['filter', 'after', 'limit', 'include']);
  if (after !== undefined) checkText(after, 'after');
  const wants = checkInclude(include);
  const raw = await engine.list(filterJson(filter), after, integer('limit', limit, 1, LIST_LIMIT), {
    document: wants.content || wants.metadata,
    embedding: wants.embedding,
  });
  const documents = documentsOf<M>(raw.ids, raw, wants) as StoredDocument<M>[];
  return { documents, ...(raw.after !== undefined && { after: raw.after }) };
}
