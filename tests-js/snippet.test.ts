import { expect, test } from 'vitest';

import { highlightHtml, VectorStore } from 'corsac';

import { memoryStore } from './support/stores.js';

const filler = (words: number) => Array.from({ length: words }, (_, i) => `word${i % 7}`).join(' ');

async function snippetOf(content: string, query: string, length?: number, others: string[] = []) {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  await collection.insertMany([content, ...others].map((each, i) => ({ id: String(i), content: each })));
  const { hits } = await collection.searchText(query, { snippet: length ? { length } : true, include: [], filter: {} });
  return hits.find((hit) => hit.id === '0')!.snippet!;
}

const marked = ({ text, highlights }: { text: string; highlights: readonly { start: number; end: number }[] }) =>
  highlights.map(({ start, end }) => text.slice(start, end));

test('the passage covers most of the query, and its ranges are its own', async () => {
  const content = `A fox alone. ${filler(100)} A fox met two bears. ${filler(100)} Many bears, bears, bears.`;
  const snippet = await snippetOf(content, 'fox bear', 60);
  expect(marked(snippet)).toEqual(['fox', 'bears']);
  expect(snippet.text.length).toBeLessThanOrEqual(60);
  expect(content.slice(snippet.start, snippet.start + snippet.text.length)).toBe(snippet.text);
});

test('a rare word counts more than two common ones', async () => {
  const others = Array.from({ length: 50 }, () => 'the of the of');
  const content = `the end of it. ${filler(60)} a zebra here. ${filler(60)}`;
  expect(marked(await snippetOf(content, 'the of zebra', 40, others))).toEqual(['zebra']);
});

test('UTF-16 units count, and no character is cut', async () => {
  const content = `${'😀 '.repeat(40)}日本 fox 😀😀 ${'é '.repeat(40)}`;
  const snippet = await snippetOf(content, 'fox', 20);
  expect(snippet.text.length).toBeLessThanOrEqual(20);
  expect(marked(snippet)).toEqual(['fox']);
  expect(snippet.text).not.toMatch(/\p{Surrogate}/u);
  expect(content.startsWith(snippet.text, snippet.start)).toBe(true);
});

test('a short text comes whole, a word longer than the passage is cut', async () => {
  expect(await snippetOf('  A fox.', 'fox')).toEqual({
    text: '  A fox.',
    start: 0,
    highlights: [{ start: 4, end: 7 }],
  });
  const long = await snippetOf(`${'x'.repeat(50)} y`, 'x'.repeat(50), 20);
  expect(long.text).toBe('x'.repeat(20));
});

test('a hit by its vector alone shows how its content begins', async () => {
  const store = await memoryStore();
  const collection = await store.createCollection('c', { dimension: 2 });
  await collection.insert({ id: 'a', content: `Once upon a time. ${filler(100)}`, embedding: [1, 0] });
  const { hits } = await collection.searchHybrid({ text: 'zebra', vector: [1, 0] }, { snippet: { length: 20 } });
  expect(hits[0]!.snippet).toEqual({ text: 'Once upon a time.', start: 0, highlights: [] });
});

test.each([[{ length: 19 }], [{ length: 10_001 }], ['yes'], [{ size: 3 }]])('%j is refused', async (snippet) => {
  const store = await memoryStore();
  const collection = await store.createCollection('c');
  await expect(collection.searchText('x', { snippet: snippet as never })).rejects.toMatchObject({
    code: 'invalid_argument',
  });
});

test('HTML of hostile content is text', async () => {
  const content = `<img src=x onerror="alert('1')"> & <script>fox</script> "fox's"`;
  const store = await VectorStore.open('x', { storage: 'memory' });
  const collection = await store.createCollection('c');
  await collection.insert({ id: 'a', content });
  const [hit] = (await collection.searchText('fox img', { highlight: true, snippet: true })).hits;
  for (const html of [
    highlightHtml(hit!.content!, hit!.highlights),
    highlightHtml(hit!.snippet!.text, hit!.snippet!.highlights),
  ]) {
    expect(html).toContain('&lt;<mark>img</mark> src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp;');
    expect(html.replace(/<\/?mark>/g, '')).not.toMatch(/[<>"']/);
  }
  await store.close();
});

test('HTML marks each place, and refuses places that are none', () => {
  expect(
    highlightHtml('<a>', [
      { start: 0, end: 1 },
      { start: 1, end: 3 },
    ]),
  ).toBe('<mark>&lt;</mark><mark>a&gt;</mark>');
  expect(highlightHtml('a&b')).toBe('a&amp;b');
  for (const places of [
    [{ start: 2, end: 1 }],
    [{ start: 0, end: 9 }],
    [
      { start: 1, end: 2 },
      { start: 0, end: 1 },
    ],
    [{ start: NaN, end: 1 }],
  ])
    expect(() => highlightHtml('abc', places)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
});
