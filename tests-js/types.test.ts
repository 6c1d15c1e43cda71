// Checked by the compiler (npm run check); the assertions do nothing at run time.
import { describe, expectTypeOf, test } from 'vitest';

import {
  filter as f,
  type Collection,
  type Document,
  type Filter,
  type Hit,
  type Path,
  type Results,
  type StoredDocument,
  type VectorStore,
} from 'corsac';

interface Book {
  readonly title: string;
  readonly year: number;
  readonly tags?: readonly string[];
  readonly author: { readonly name: string; readonly born?: number | null };
}

declare const books: Collection<Book>;
declare const anything: Collection;
declare const store: VectorStore;

/** Never run: only compiled. */
const compiled = (_use: () => unknown) => {};

describe('types', () => {
  test('metadata has the type of the collection', () => {
    compiled(() => {
      expectTypeOf(books.searchText('x')).resolves.toEqualTypeOf<Results<Book>>();
      expectTypeOf<Hit<Book>['metadata']>().toEqualTypeOf<Book | undefined>();
      expectTypeOf(books.get('a')).resolves.toEqualTypeOf<StoredDocument<Book> | undefined>();
      expectTypeOf(books.get(['a'])).resolves.toEqualTypeOf<(StoredDocument<Book> | undefined)[]>();
      expectTypeOf(store.getCollection<Book>('books')).resolves.toEqualTypeOf<Collection<Book>>();
      expectTypeOf<Document['id']>().toEqualTypeOf<string>();
    });
  });

  test('paths lead into the metadata', () => {
    expectTypeOf<Path<Book>>().toEqualTypeOf<'title' | 'year' | 'tags' | 'author' | 'author.name' | 'author.born'>();
    expectTypeOf<Path<Record<string, never>>>().toEqualTypeOf<string>();
  });

  test('filters in both forms fit where paths and values do', () => {
    compiled(() => {
      void books.count({ year: { $gte: 2000 }, 'author.name': 'Lem', tags: 'space' });
      void books.count(f.and(f.gte('year', 2000), f.eq('author.name', 'Lem'), f.in('tags', ['a', 'b'])));
      void books.count({ $or: [{ year: 1 }, { $not: { title: { $startsWith: 'The' } } }] });
      void books.count({ 'author.born': null });
      void anything.count({ whatever: { $lt: 'x' }, 'a.b': true });
      void anything.count(f.or(f.eq('a', 1), f.exists('b')));
      // @ts-expect-error the year is a number
      void books.count({ year: 'late' });
      // @ts-expect-error there is no such path
      void books.count({ 'author.age': 3 });
      // @ts-expect-error there is no such operator
      void books.count({ year: { $near: 3 } });
      // @ts-expect-error the year is a number
      void books.count(f.eq('year', 'late'));
      // @ts-expect-error there is no such path
      void books.searchText('x', { filter: f.eq('publisher', 'x') });
    });
    expectTypeOf<Filter<Book>>().not.toBeAny();
  });

  test('options and documents are checked', () => {
    compiled(() => {
      void books.insert({ id: 'a', metadata: { title: 't', year: 1, author: { name: 'n' } } });
      void books.update('a', { metadata: { year: 2, tags: null } });
      // @ts-expect-error metadata lacks the author
      void books.insert({ id: 'a', metadata: { title: 't', year: 1 } });
      // @ts-expect-error a number as id
      void books.insert({ id: 1 });
      // @ts-expect-error other typed arrays are refused
      void books.searchVector(new Float64Array(3));
      // @ts-expect-error there is no such option
      void books.searchText('x', { limit: 3 });
      // @ts-expect-error there is no such metric
      void store.createCollection('x', { metric: 'hamming' });
      void store.createCollection('x', { index: { kind: 'hnsw', codec: 'sq8', m: 24 } });
      // @ts-expect-error m belongs to a graph
      void store.createCollection('x', { index: { kind: 'flat', m: 24 } });
      store.on('drift', ({ stored, given }) => expectTypeOf([stored, given]).toEqualTypeOf<string[]>());
    });
  });

  test('options of text, pages and results are checked', () => {
    compiled(async () => {
      void store.createCollection('x', {
        text: { language: 'de', stopWords: ['der'], foldAccents: false, positions: true, fields: { title: 2 } },
      });
      // @ts-expect-error there is no such analyzer
      void store.createCollection('x', { text: { analyzer: 'english' } });
      // @ts-expect-error a boost is a number
      void store.createCollection('x', { text: { fields: { title: 'high' } } });
      void books.searchText('x', { operator: 'and', prefix: true, fuzzy: 2, lenient: false, k1: 2, b: 0.5 });
      // @ts-expect-error at most two edits
      void books.searchText('x', { fuzzy: 3 });
      // @ts-expect-error there is no such operator
      void books.searchText('x', { operator: 'xor' });
      const { hits, facets, after } = await books.searchText('x', {
        facets: ['year', 'tags'],
        snippet: { length: 80 },
        highlight: true,
        diversify: { field: 'author.name', max: 2 },
      });
      expectTypeOf(hits[0]!.snippet).toEqualTypeOf<Hit<Book>['snippet']>();
      expectTypeOf(facets).not.toBeAny();
      void books.search('x', { after, k: 5, diversify: { lambda: 0.5 } });
      // @ts-expect-error a snippet has a length
      void books.searchText('x', { snippet: { size: 80 } });
      const [completion] = await books.suggest('fo', { limit: 3 });
      expectTypeOf(completion!.documents).toEqualTypeOf<number>();
    });
  });
});
