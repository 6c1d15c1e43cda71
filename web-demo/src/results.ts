// How an answer looks: only text nodes and elements, never markup from data.
import type { Hit, Results } from 'corsac';

const PARTS_OF_SPEECH: Record<string, string> = { noun: 'noun', verb: 'verb', adj: 'adjective', adv: 'adverb' };

export function showResults(list: HTMLOListElement, { hits }: Results): void {
  list.replaceChildren(...hits.map(item));
}

export function describe({ hits, how }: Results, tookMs: number): string {
  const found = hits.length === 1 ? '1 entry' : `${hits.length} entries`;
  const filter = how.filter === 'none' ? '' : `, filtered by ${how.filter}`;
  return `${found} in ${tookMs.toFixed(1)} ms (search ${how.ms.toFixed(2)} ms), ${how.exact ? 'exact' : 'approximate'}, ${how.examined.toLocaleString('en-US')} examined${filter}`;
}

function item(hit: Hit): HTMLLIElement {
  const { pos = '', words = [] } = (hit.metadata ?? {}) as { pos?: string; words?: string[] };
  const content = hit.content ?? '';
  const start = words.length ? words.join(', ').length + 2 : 0;
  const row = document.createElement('li');
  row.tabIndex = 0;
  const title = element('h2', '');
  title.append(...marked(content, hit, 0, Math.max(0, start - 2)), element('small', PARTS_OF_SPEECH[pos] ?? pos));
  const gloss = element('p', '');
  gloss.append(...marked(content, hit, start, content.length));
  row.append(title, gloss, element('data', hit.score.toFixed(3)));
  return row;
}

/** The range [from, to) of the content with its highlights in <mark>. */
function marked(content: string, hit: Hit, from: number, to: number): Node[] {
  const nodes: Node[] = [];
  let at = from;
  for (const { start, end } of hit.highlights ?? []) {
    if (start < at || end > to) continue;
    nodes.push(document.createTextNode(content.slice(at, start)), element('mark', content.slice(start, end)));
    at = end;
  }
  nodes.push(document.createTextNode(content.slice(at, to)));
  return nodes;
}

function element(name: string, text: string): HTMLElement {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}
