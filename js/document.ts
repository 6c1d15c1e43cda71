// Is this a document? Everything that can be refused is refused here or by the core, before anything is durable.
import { CorsacError } from './errors.js';
import { isPlainObject, isWellFormed, jsonOf, nameOf, utf8Length } from './json.js';
import { invalid, notYet } from './option-check.js';

export const MAX_ID_BYTES = 512;
export const MAX_CONTENT_BYTES = 16 << 20;

/** A document that was checked; metadata as JSON text. */
export interface CheckedDocument {
  readonly id: string;
  readonly content: string | undefined;
  readonly metadata: string | undefined;
  vector: Float32Array | undefined;
}

/** @throws {CorsacError} `invalid_argument` */
export function checkId(id: unknown, what = 'id'): string {
  if (typeof id !== 'string') throw invalid(`${what} must be a string, got ${nameOf(id)}`);
  if (!isWellFormed(id)) throw invalid(`${what} is not valid Unicode: it holds half of a surrogate pair`);
  const bytes = utf8Length(id);
  if (bytes < 1 || bytes > MAX_ID_BYTES)
    throw invalid(`${what} must have 1 to ${MAX_ID_BYTES} bytes of UTF-8, got ${bytes}`);
  return id;
}

export function checkIds(ids: readonly unknown[], what = 'ids'): string[] {
  return Array.from(ids, (id, i) => checkId(id, `${what}[${i}]`));
}

/** Text as UTF-8 can hold it. */
export function checkText(text: unknown, what: string, maxBytes = MAX_CONTENT_BYTES): string {
  if (typeof text !== 'string') throw invalid(`${what} must be a string, got ${nameOf(text)}`);
  if (!isWellFormed(text)) throw invalid(`${what} is not valid Unicode: it holds half of a surrogate pair`);
  if (text.length > maxBytes / 3 && utf8Length(text) > maxBytes) {
    throw invalid(`${what} is ${utf8Length(text)} bytes of UTF-8, at most ${maxBytes} are allowed`);
  }
  return text;
}

/** Also one of another realm, as test runners and frames make them. */
export const isFloat32Array = (value: unknown): value is Float32Array =>
  Object.prototype.toString.call(value) === '[object Float32Array]';

/**
 * Floats that are finite and `dimension` many; an array of numbers is converted.
 *
 * @throws {CorsacError} `invalid_argument`, `dimension_mismatch`
 */
export function checkVector(vector: unknown, dimension: number, what: string): Float32Array {
  if (!isFloat32Array(vector) && !Array.isArray(vector)) {
    const hint = ArrayBuffer.isView(vector) ? 'convert it with Float32Array.from(vector)' : undefined;
    throw invalid(`${what} must be a Float32Array or an array of numbers, got ${nameOf(vector)}`, hint);
  }
  if (Array.isArray(vector)) {
    if (vector.some((item) => Array.isArray(item) || ArrayBuffer.isView(item)))
      throw notYet(`an array of vectors as ${what}`);
    const wrong = vector.findIndex((item) => typeof item !== 'number');
    if (wrong >= 0) throw invalid(`${what}[${wrong}] must be a number, got ${nameOf(vector[wrong])}`);
  }
  if (vector.length !== dimension) {
    throw new CorsacError('dimension_mismatch', `${what}: expected ${dimension} dimensions, got ${vector.length}`);
  }
  const floats = isFloat32Array(vector) ? vector : Float32Array.from(vector);
  for (let i = 0; i < floats.length; i++) {
    if (!Number.isFinite(floats[i])) throw invalid(`${what}[${i}] must be a finite 32-bit float, got ${vector[i]}`);
  }
  return floats;
}

const DOCUMENT_FIELDS = ['id', 'content', 'embedding', 'metadata'];

/** `what` names the document in errors, e.g. `document` or `documents[3]`. */
export function checkDocument(given: unknown, dimension: number, what: string): CheckedDocument {
  const { id, content, embedding, metadata } = fieldsOf(given, what, DOCUMENT_FIELDS);
  return {
    id: checkId(id, `${what}.id`),
    content: content === undefined ? undefined : checkText(content, `${what}.content`),
    metadata: metadata === undefined ? undefined : jsonOf(metadata, `${what}.metadata`),
    // Copied: the caller may fill the same array with the next document.
    vector: embedding === undefined ? undefined : checkEmbedding(embedding, dimension, `${what}.embedding`).slice(),
  };
}

/** What `update` changes; metadata as JSON text with nulls for what goes. */
export type CheckedPatch = Omit<CheckedDocument, 'id'>;

export function checkPatch(given: unknown, dimension: number): CheckedPatch {
  const { content, embedding, metadata } = fieldsOf(given, 'patch', ['content', 'embedding', 'metadata']);
  const present = isPlainObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
    : metadata;
  return {
    content: content === undefined ? undefined : checkText(content, 'patch.content'),
    metadata: metadata === undefined ? undefined : jsonOf(present, 'patch.metadata'),
    vector: embedding === undefined ? undefined : checkEmbedding(embedding, dimension, 'patch.embedding'),
  };
}

function checkEmbedding(embedding: unknown, dimension: number, what: string): Float32Array {
  if (dimension === 0) throw invalid(`${what} is given, but the collection takes no vectors`);
  return checkVector(embedding, dimension, what);
}

function fieldsOf(given: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(`${what} must be an object, got ${nameOf(given)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !known.includes(name)) {
      throw invalid(
        `unknown field "${name}" of ${what}`,
        `a document has ${known.join(', ')}; anything else belongs into metadata`,
      );
    }
  }
  return given as Record<string, unknown>;
}
