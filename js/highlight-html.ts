// Text with marked places as HTML that cannot be anything but text.
import { invalid } from './option-check.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/**
 * `text` escaped for HTML, with `<mark>` around the places of `highlights`: of a hit's content, or of its snippet.
 *
 * @example
 * import { highlightHtml } from 'corsac';
 *
 * console.log(highlightHtml('a <b> fox', [{ start: 6, end: 9 }])); // a &lt;b&gt; <mark>fox</mark>
 *
 * @throws {CorsacError} `invalid_argument` when the places are not ascending within the text
 */
export function highlightHtml(
  text: string,
  highlights: readonly { readonly start: number; readonly end: number }[] = [],
): string {
  let html = '';
  let at = 0;
  for (const { start, end } of highlights) {
    if (!(start >= at && end >= start && end <= text.length))
      throw invalid(`highlights must ascend within ${text.length} units, got ${String(start)} to ${String(end)}`);
    html += `${escape(text.slice(at, start))}<mark>${escape(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escape(text.slice(at));
}
