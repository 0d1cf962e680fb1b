import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Span } from '../../source/span.ts'
import { coreType, describeNode, type YamlEntry, type YamlMap, type YamlNode } from '../yaml/tree.ts'
import { meant } from './other-words.ts'
import { type JsonSchema, type Reader, type ReadContext, startOf } from './reader.ts'

/** A list; a single value where a list is allowed is a list of one. */
export function list<T>(
  item: Reader<T>,
  expects = `a list (of ${item.expects.replace(/^an? /, '')} each)`,
): Reader<readonly T[]> {
  return {
    expects,
    schema: { anyOf: [item.schema, { type: 'array', items: item.schema }] },
    read: (node, context) => {
      const items = node.kind === 'list' ? node.items : [node]
      return items.map((each) => item.read(each, context)).filter((value) => value !== undefined)
    },
  }
}

/** A different reader for each kind of YAML value. */
export function byKind<S, L = never, M = never>(
  expects: string,
  kinds: { readonly scalar?: Reader<S>; readonly list?: Reader<L>; readonly map?: Reader<M> },
): Reader<S | L | M> {
  const readers = [kinds.scalar, kinds.list, kinds.map].filter((reader) => reader !== undefined)
  return {
    expects,
    schema: { anyOf: readers.map((reader) => reader.schema) },
    read: (node, context) => {
      if (node.kind === 'invalid') return undefined
      const reader: Reader<S | L | M> | undefined = kinds[node.kind]
      if (reader !== undefined) return reader.read(node, context)
      if (node.kind === 'scalar' && coreType(node) === 'null')
        context.report(diagnose(catalog.emptyValue, node.span, { expects }))
      else context.report(diagnose(catalog.wrongType, startOf(node), { found: describeNode(node), expects }))
      return undefined
    },
  }
}

/** The fields of a record, by key. */
export type FieldReaders = Readonly<Record<string, Reader<unknown>>>

/** What a record reader returns: the values that could be read, and where everything stands. */
export interface Fields<F extends FieldReaders> {
  readonly values: { readonly [K in keyof F]: F[K] extends Reader<infer T> ? T | undefined : never }
  readonly span: Span
  /** Every entry with a known key, also those whose value could not be read. */
  readonly entries: ReadonlyMap<string, YamlEntry>
  /** Known keys that a key which is not known was told to be: they are not missing. */
  readonly meant: ReadonlySet<string>
}

/** Options of `record`. */
export interface RecordRules<K extends string> {
  readonly required?: readonly K[]
  /** Reports an unknown key in its own way; true when it did. */
  readonly explainUnknown?: (entry: YamlEntry, context: ReadContext) => boolean
  /** Further JSON Schema keywords. */
  readonly schema?: JsonSchema
}

/** A map with known keys, each with its own reader; keys that begin with `x-` are the author's and ignored. */
export function record<F extends FieldReaders>(
  what: string,
  fields: F,
  rules: RecordRules<keyof F & string> = {},
): Reader<Fields<F>> {
  const readers = new Map(Object.entries(fields))
  const required: readonly string[] = rules.required ?? []
  return {
    expects: what,
    schema: {
      type: 'object',
      properties: Object.fromEntries([...readers].map(([key, reader]) => [key, reader.schema])),
      patternProperties: { '^x-': true },
      additionalProperties: false,
      ...(required.length > 0 ? { required } : {}),
      ...rules.schema,
    },
    read: (node, context) => {
      const map = mapOnly(node, `a map (${what})`, context, required)
      if (map === undefined) return undefined
      const entries = new Map<string, YamlEntry>()
      const values = new Map<string, unknown>()
      const instead = new Set<string>()
      for (const [index, entry] of map.entries.entries()) {
        const reader = readers.get(entry.key)
        if (reader !== undefined) {
          entries.set(entry.key, entry)
          values.set(entry.key, reader.read(entry.value, context))
        } else if (!entry.key.startsWith('x-')) {
          // A mistyped section may declare names that the rest of the spec refers to.
          if (entry.value.kind !== 'scalar') context.lose()
          if (rules.explainUnknown?.(entry, context) === true) continue
          const nearest = reportUnknownKey(map, index, what, [...readers.keys()], context)
          if (nearest !== undefined) instead.add(nearest)
        }
      }
      for (const key of required)
        if (!entries.has(key) && !instead.has(key)) {
          const expects = readers.get(key)?.expects ?? 'a value'
          context.report(diagnose(catalog.missingKey, startOf(map), { key, of: what, expects }))
        }
      return { values: Object.fromEntries(values) as Fields<F>['values'], span: map.span, entries, meant: instead }
    },
  }
}

function mapOnly(
  node: YamlNode,
  expects: string,
  context: ReadContext,
  required: readonly string[] = [],
): YamlMap | undefined {
  if (node.kind === 'map') return node
  if (node.kind === 'invalid') return undefined
  if (node.kind === 'scalar' && coreType(node) === 'null')
    context.report(diagnose(catalog.emptyValue, node.span, { expects }))
  else {
    const fix = asOnlyKey(node, required)
    context.report(diagnose(catalog.wrongType, startOf(node), { found: describeNode(node), expects, ...fix }))
  }
  return undefined
}

/** `age: integer`, where `age: { type: integer }` is meant: of a map that must have one key, its value alone is what people write first. */
function asOnlyKey(node: YamlNode, [key, ...others]: readonly string[]): { readonly fix?: string } {
  if (key === undefined || others.length > 0 || node.kind !== 'scalar' || /[\n`]/.test(node.raw)) return {}
  if (node.raw.length > 40) return { fix: `Write \`{ ${key}: … }\` around it.` }
  return { fix: `Write \`{ ${key}: ${node.raw} }\`.` }
}

/** Says that a key is not known, and gives the one that it was told to be. */
function reportUnknownKey(
  map: YamlMap,
  index: number,
  of: string,
  known: readonly string[],
  context: ReadContext,
): string | undefined {
  const entry = map.entries[index]
  if (entry === undefined || context.saturated()) return undefined
  const { key } = entry
  const isEmpty = (each: YamlEntry): boolean => each.value.kind === 'scalar' && each.value.raw === ''
  const before = map.entries.slice(0, index).findLast((each) => !isEmpty(each))
  // A key without a value, behind a comma: it is the rest of the value before, and no word for a key.
  const { nearest, fix } =
    map.flow && isEmpty(entry) && before !== undefined
      ? { fix: `The comma before it ended the value of '${before.key}'; put that value in quotes.` }
      : meant(
          key,
          known,
          map.entries.map((each) => each.key),
        )
  context.report(diagnose(catalog.unknownKey, entry.keyNode.span, { key, of, fix, known, nearest }))
  return nearest
}

/** A name as authored: where its key stands, and the place of the whole entry. */
export interface Name {
  readonly name: string
  readonly nameSpan: Span
  readonly span: Span
}

/** What names of a map must look like; `rule` fits "A name here …". */
export interface NameRule {
  readonly what: string
  readonly pattern: RegExp
  readonly rule: string
}

/** Names that expressions spell without quotes. */
export function identifier(what: string): NameRule {
  return {
    what,
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    rule: "begins with a letter and has only letters, digits and '_'",
  }
}

const ID = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u

/** Whether a text can be an id. */
export function isId(text: string): boolean {
  return ID.test(text)
}

/** Ids of clauses, slices, requirements: words with `-` and `.`, in any script. */
export function id(what: string): NameRule {
  return { what, pattern: ID, rule: "has letters, digits, '_', '-' and '.' only" }
}

/** Anything: columns have the names the data has. */
export function anyName(what: string): NameRule {
  return { what, pattern: /[^]/, rule: 'is not empty' }
}

/** A name that a rule admits, made of one that it does not. */
function nameLike(name: string, { pattern }: NameRule): string | undefined {
  const joined = name.normalize('NFC').trim()
  return ['-', '_'].map((sign) => joined.replaceAll(/[^\p{L}\p{N}_]+/gu, sign)).find((like) => pattern.test(like))
}

/**
 * The entries whose keys belong to the entry before them, which has no value: their lines are not indented. One finding for
 * all of them; the map then has no such names.
 */
function keysBeside(map: YamlMap, item: Reader<unknown>, context: ReadContext): ReadonlySet<string> {
  const { properties } = item.schema
  const beside = new Set<string>()
  if (typeof properties !== 'object' || properties === null || map.flow) return beside
  for (const [index, { key, keyNode, value }] of map.entries.entries()) {
    if (value.kind !== 'scalar' || value.raw !== '' || beside.has(key)) continue
    const rest = map.entries.slice(index + 1)
    const end = rest.findIndex((entry) => !Object.hasOwn(properties, entry.key) || entry.value.kind === 'map')
    const keys = (end < 0 ? rest : rest.slice(0, end)).map((entry) => entry.key)
    if (keys.length === 0) continue
    const fix = `Indent the lines of ${keys.map((each) => `'${each}'`).join(', ')} deeper: they stand beside '${key}', not under it.`
    context.report(diagnose(catalog.emptyValue, keyNode.span, { expects: `a map (${item.expects})`, fix }))
    context.lose()
    for (const each of [key, ...keys]) beside.add(each)
  }
  return beside
}

/** A map whose keys are names of the author, in the order of the file. */
export function mapOf<T, U>(
  rule: NameRule,
  item: Reader<T>,
  build: (name: Name, value: T, context: ReadContext) => U | undefined,
): Reader<ReadonlyMap<string, U>> {
  const what = `a map of names, each with ${item.expects}`
  return {
    expects: what,
    schema: { type: 'object', additionalProperties: item.schema },
    read: (node, context) => {
      const map = mapOnly(node, what, context)
      if (map === undefined) {
        context.lose()
        return undefined
      }
      const found = new Map<string, U>()
      const beside = keysBeside(map, item, context)
      for (const { key, keyNode, value } of map.entries) {
        if (beside.has(key)) continue
        const span = { ...keyNode.span, end: Math.max(keyNode.span.end, value.span.end) }
        const name: Name = { name: key, nameSpan: keyNode.span, span }
        if (!rule.pattern.test(key))
          context.report(
            diagnose(catalog.badName, keyNode.span, {
              name: key,
              what: rule.what,
              rule: rule.rule,
              instead: nameLike(key, rule),
            }),
          )
        const read = item.read(value, context)
        const built = read === undefined ? undefined : build(name, read, context)
        if (built === undefined) context.lose()
        else found.set(key, built)
      }
      return found
    },
  }
}
