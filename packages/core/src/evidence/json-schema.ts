/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T]
/** A schema for each member that must be there. */
export type Members<T> = { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: JsonSchema }
/** A schema for each member that may be there. */
export type OptionalMembers<T> = { readonly [K in OptionalKeys<T>]-?: JsonSchema }

/**
 * The schema of an interface, closed: a member added to, removed from or made optional in the type fails to type-check
 * here until the schema says the same.
 */
export function objectOf<T extends object>(
  required: Members<T>,
  optional: OptionalMembers<T>,
  more: JsonSchema = {},
): JsonSchema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
    ...more,
  }
}

/** The schema of one case of a union, told apart by the member `tag`; closed. The caller holds its members to the type. */
export function caseOf(tag: string, name: string, required: JsonSchema, optional: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { [tag]: { const: name }, ...required, ...optional },
    required: [tag, ...Object.keys(required)],
    additionalProperties: false,
  }
}

type Kind<U extends { readonly kind: string }, K extends U['kind']> = Extract<U, { readonly kind: K }>
/** The schema of one case of a union told apart by `kind`, held to the type; closed. */
export function kindOf<U extends { readonly kind: string }, K extends U['kind']>(
  name: K,
  required: Members<Omit<Kind<U, K>, 'kind'>>,
  optional: OptionalMembers<Omit<Kind<U, K>, 'kind'>>,
): JsonSchema {
  return caseOf('kind', name, required, optional)
}

/** The schema of a union of texts; every member of the union must be named, and nothing else can be. */
export function oneOfTexts<T extends string>(members: { readonly [K in T]: true }): JsonSchema {
  return { enum: Object.keys(members) }
}

/** A list of such items. */
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

/** An object whose member names are free (columns, relations, models). */
export const mapOf = (values: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties: values })

/** A reference to a definition of the same document. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` })

/** Any text. */
export const TEXT: JsonSchema = { type: 'string' }
/** Any finite number. */
export const NUMBER: JsonSchema = { type: 'number' }
/** A number of rows, cells or tries: a safe integer from 0. */
export const COUNT: JsonSchema = { type: 'integer', minimum: 0 }
/** A duration in whole microseconds, above 0. */
export const MICROS: JsonSchema = { type: 'integer', minimum: 1 }
/** True or false. */
export const FLAG: JsonSchema = { type: 'boolean' }
/** A member that is there only when true. */
export const TRUE: JsonSchema = { const: true }
/** `sha256:` and 64 hexadecimal digits. */
export const DIGEST: JsonSchema = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' }

/** A moment, ISO 8601 in UTC. */
export const TIME: JsonSchema = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$',
}

/** A whole schema document with its address, title and definitions. */
export function document(name: string, title: string, schema: JsonSchema, definitions: JsonSchema = {}): JsonSchema {
  const $defs = Object.keys(definitions).length === 0 ? {} : { $defs: definitions }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:plumbline:schema:${name}:1`,
    title,
    ...schema,
    ...$defs,
  }
}
