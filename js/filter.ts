// Which documents may answer? Plain objects over the metadata, and functions that build them.
import { isPlainObject, jsonOf, nameOf, type JsonObject, type JsonScalar } from './json.js';
import { CorsacError } from './errors.js';

type Plain = string | number | boolean | null | undefined;
type Element<V> = V extends readonly (infer E)[] ? E : V;

/** Dot paths into `M`, four levels deep; every string for metadata without a type. */
export type Path<M> = string extends keyof M ? string : PathWithin<M, 4>;

type PathWithin<M, Depth extends number> = Depth extends 0
  ? never
  : M extends Plain
    ? never
    : M extends readonly (infer E)[]
      ? PathWithin<E, Depth>
      : { [K in keyof M & string]: K | `${K}.${PathWithin<NonNullable<M[K]>, Less[Depth]>}` }[keyof M & string];

type Less = [never, 0, 1, 2, 3];

/** What stands at a dot path of `M`. */
export type ValueAt<M, P extends string> = string extends keyof M
  ? JsonScalar
  : M extends readonly (infer E)[]
    ? ValueAt<E, P>
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends keyof M
        ? ValueAt<NonNullable<M[Head]>, Rest>
        : never
      : P extends keyof M
        ? M[P]
        : never;

/** A value to compare with; an array field is compared by its elements. */
export type Operand<V> = Extract<Element<NonNullable<V>>, string | number | boolean> | null;

/** Every operator of one object must hold. */
export interface Operators<V> {
  readonly $eq?: Operand<V> | undefined;
  readonly $ne?: Operand<V> | undefined;
  readonly $gt?: Extract<Operand<V>, string | number> | undefined;
  readonly $gte?: Extract<Operand<V>, string | number> | undefined;
  readonly $lt?: Extract<Operand<V>, string | number> | undefined;
  readonly $lte?: Extract<Operand<V>, string | number> | undefined;
  readonly $in?: readonly Operand<V>[] | undefined;
  readonly $nin?: readonly Operand<V>[] | undefined;
  /** Whether the path leads anywhere; an explicit null exists. */
  readonly $exists?: boolean | undefined;
  readonly $isNull?: boolean | undefined;
  readonly $startsWith?: Extract<Operand<V>, string> | undefined;
  /** A substring, or an element of an array. */
  readonly $contains?: Operand<V> | undefined;
}

/**
 * A condition on metadata: `{ year: { $gte: 2020 }, lang: 'en' }`. All entries must hold; a bare value means `$eq`.
 *
 * With a metadata type, paths and values are checked by the compiler; at run time a filter that cannot be
 * understood is `invalid_filter`.
 */
export type Filter<M extends object = JsonObject> = {
  readonly [P in Path<M>]?: Operand<ValueAt<M, P>> | Operators<ValueAt<M, P>> | undefined;
} & Combined<M>;

interface Combined<M extends object> {
  readonly $and?: readonly Filter<M>[] | undefined;
  readonly $or?: readonly Filter<M>[] | undefined;
  readonly $not?: Filter<M> | undefined;
}

type At<P extends string, Operator extends string, V> = { readonly [K in P]: { readonly [O in Operator]: V } };

const at = <P extends string, O extends string, V>(path: P, operator: O, value: V): At<P, O, V> => {
  if (typeof path !== 'string')
    throw new CorsacError('invalid_filter', `a filter path must be a string, got ${nameOf(path)}`);
  return { [path]: { [operator]: value } } as At<P, O, V>;
};

/**
 * Builds filters: the same plain objects that can be written by hand, checked against the metadata type
 * where they are used.
 *
 * @example
 * import { filter as f } from 'corsac';
 *
 * const recent = f.and(f.gte('year', 2020), f.or(f.eq('lang', 'en'), f.exists('translation.en')));
 * console.log(JSON.stringify(recent));
 * // {"$and":[{"year":{"$gte":2020}},{"$or":[{"lang":{"$eq":"en"}},{"translation.en":{"$exists":true}}]}]}
 */
export const filter = {
  /** The value at `path`, or an element of the array there, equals `value`. */
  eq: <P extends string, V extends JsonScalar>(path: P, value: V) => at(path, '$eq', value as Widen<V>),
  /** The complement of `eq`: also true where there is nothing. */
  ne: <P extends string, V extends JsonScalar>(path: P, value: V) => at(path, '$ne', value as Widen<V>),
  /** Numbers with numbers, strings with strings by code point; anything else is false. */
  gt: <P extends string, V extends string | number>(path: P, value: V) => at(path, '$gt', value as Widen<V>),
  gte: <P extends string, V extends string | number>(path: P, value: V) => at(path, '$gte', value as Widen<V>),
  lt: <P extends string, V extends string | number>(path: P, value: V) => at(path, '$lt', value as Widen<V>),
  lte: <P extends string, V extends string | number>(path: P, value: V) => at(path, '$lte', value as Widen<V>),
  /** Equals one of `values`. */
  in: <P extends string, V extends JsonScalar>(path: P, values: readonly V[]) =>
    at(path, '$in', values as readonly Widen<V>[]),
  /** The complement of `in`. */
  nin: <P extends string, V extends JsonScalar>(path: P, values: readonly V[]) =>
    at(path, '$nin', values as readonly Widen<V>[]),
  /** There is something at `path`, null included. */
  exists: <P extends string>(path: P, exists = true) => at(path, '$exists', exists),
  /** There is an explicit null at `path`. */
  isNull: <P extends string>(path: P, isNull = true) => at(path, '$isNull', isNull),
  startsWith: <P extends string>(path: P, prefix: string) => at(path, '$startsWith', prefix),
  contains: <P extends string, V extends JsonScalar>(path: P, value: V) => at(path, '$contains', value as Widen<V>),
  /** All hold; true of everything when empty. */
  and: <F extends object[]>(...filters: F) => ({ $and: filters as readonly F[number][] }),
  /** One holds; false of everything when empty. */
  or: <F extends object[]>(...filters: F) => ({ $or: filters as readonly F[number][] }),
  not: <F extends object>(operand: F) => ({ $not: operand }),
};

/** `'en'` as `string`: a built filter fits every metadata type whose field could hold such a value. */
type Widen<V> = V extends string ? V : V extends number ? V : V extends boolean ? V : null;

/** The filter as the core reads it, '' for none. @throws {CorsacError} `invalid_filter` */
export function filterJson(given: unknown): string {
  if (given === undefined) return '';
  return jsonOf(dropUndefined(given, 0), 'filter', 'invalid_filter');
}

/** An entry given as `undefined` counts as absent, at every level of a filter. */
function dropUndefined(value: unknown, depth: number): unknown {
  if (depth > 64 || !isPlainObject(value)) {
    return Array.isArray(value) && depth <= 64
      ? value.map((item) => (isPlainObject(item) ? dropUndefined(item, depth + 1) : item))
      : value;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, dropUndefined(item, depth + 1)]));
}
