// Which token numbers has a text? tokenizer.json, read by @huggingface/tokenizers. The truncation and the fixed padding that many
// of these files ask for are ignored: length is the embedder's business and padding belongs to a batch.
import { Tokenizer } from '@huggingface/tokenizers';

import { CorsacError } from '../errors.js';
import { isPlainObject } from '../json.js';
import { readSource, type Source, type SourceOptions } from './source.js';

/** The parsed content of a tokenizer.json. */
export type TokenizerJson = { readonly model: object } & Record<string, unknown>;

export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  /** How many of the tokens that the model wants stand behind the text: [SEP], </s>. */
  readonly #closing: number;
  readonly pad: number;

  /** @throws {CorsacError} `model` when `json` is no tokenizer */
  constructor(json: TokenizerJson) {
    try {
      this.#tokenizer = new Tokenizer({ ...json, truncation: null, padding: null }, {});
      this.pad = paddingToken(json);
      this.#closing = this.#countClosing();
    } catch (cause) {
      throw new CorsacError('model', `the tokenizer cannot be used: ${String((cause as Error)?.message ?? cause)}`, {
        cause,
      });
    }
  }

  /** At most `maxTokens` numbers: a longer text loses its end but keeps the tokens that close it. */
  encode(text: string, maxTokens: number): { readonly ids: readonly number[]; readonly cut: boolean } {
    const { ids } = this.#tokenizer.encode(text);
    if (ids.length <= maxTokens) return { ids, cut: false };
    const kept = ids.slice(0, maxTokens - this.#closing);
    return { ids: [...kept, ...ids.slice(ids.length - this.#closing)], cut: true };
  }

  #countClosing(): number {
    const bare: readonly number[] = this.#tokenizer.encode('a', { add_special_tokens: false }).ids;
    const full: readonly number[] = this.#tokenizer.encode('a').ids;
    const start = full.findIndex((_, i) => bare.every((id, j) => full[i + j] === id));
    return start < 0 ? 0 : full.length - start - bare.length;
  }
}

function paddingToken(json: TokenizerJson): number {
  const { padding, added_tokens: added } = json as {
    padding?: { pad_id?: unknown } | null;
    added_tokens?: readonly { id?: unknown; content?: unknown }[];
  };
  const named = added?.find(({ content }) => content === '[PAD]' || content === '<pad>')?.id;
  const id = padding?.pad_id ?? named ?? 0;
  return typeof id === 'number' ? id : 0;
}

/** The parsed JSON. @throws {CorsacError} `invalid_argument`, `model` */
export async function readTokenizer(source: Source | TokenizerJson, options: SourceOptions): Promise<TokenizerJson> {
  if (isPlainObject(source)) return checked(source);
  const bytes = await readSource(source as Source, 'the tokenizer', options);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorsacError('model', `the tokenizer is no JSON: ${String((cause as Error)?.message ?? cause)}`, {
      cause,
    });
  }
  return checked(json);
}

function checked(json: unknown): TokenizerJson {
  if (isPlainObject(json) && isPlainObject((json as { model?: unknown }).model)) return json as TokenizerJson;
  throw new CorsacError('model', 'the tokenizer has no "model": is it a tokenizer.json?');
}
