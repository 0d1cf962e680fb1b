import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Span } from '../../source/span.ts'
import type { Findings } from '../findings.ts'
import type { Param } from '../spec.ts'
import { coreType, describeNode, type CoreType, type YamlNode, type YamlScalar } from '../yaml/tree.ts'

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Where readers put what they find. */
export interface ReadContext extends Findings {
  /** A declaration (dataset, column, clause, …) could not be read, so names that refer to it cannot be judged. */
  readonly lose: () => void
  /** A key that is read but does not act yet. */
  readonly leaveUnenforced: (key: string, span: Span, closesProduction: boolean) => void
  /** What a name stands for in a field of a number: the parameters of the spec; 'lost' = its fault is already reported. */
  readonly params: ReadonlyMap<string, Param | 'lost'>
}

/**
 * Reads one kind of value. `read` reports every fault and returns undefined when the value could not be read; it never
 * throws.
 */
export interface Reader<T> {
  /** What is expected, in words that fit "… is expected": `a duration such as 1d`. */
  readonly expects: string
  readonly schema: JsonSchema
  readonly read: (node: YamlNode, context: ReadContext) => T | undefined
}

/** A reader that passes what another one read through `build`; the schema stays. */
export function transform<T, U>(
  reader: Reader<T>,
  build: (value: T, node: YamlNode, context: ReadContext) => U | undefined,
): Reader<U> {
  return {
    expects: reader.expects,
    schema: reader.schema,
    read: (node, context) => {
      const value = reader.read(node, context)
      return value === undefined ? undefined : build(value, node, context)
    },
  }
}

/** The same reader with other words for what it expects, and a description for editors. */
export function described<T>(expects: string, reader: Reader<T>): Reader<T> {
  return { ...reader, expects, schema: { ...reader.schema, description: expects } }
}

/** Options of `scalarOf`. */
export interface ScalarRules {
  readonly expects: string
  /** Core types admitted; null never is. */
  readonly types: readonly CoreType[]
  /** `${NAME}` is admitted. */
  readonly environment?: boolean
  /** What to do when a map or list stands here. */
  readonly structureFix?: string
  /** A quoted empty text is admitted. */
  readonly emptyText?: boolean
}

const ENVIRONMENT_VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/

/** The node as a scalar with a value of an admitted type; undefined after a report otherwise. */
export function scalarOf(node: YamlNode, rules: ScalarRules, context: ReadContext): YamlScalar | undefined {
  if (node.kind === 'invalid') return undefined
  const { expects } = rules
  if (node.kind !== 'scalar') {
    const fix = rules.structureFix === undefined ? {} : { fix: rules.structureFix }
    context.report(diagnose(catalog.wrongType, startOf(node), { found: describeNode(node), expects, ...fix }))
    return undefined
  }
  const type = coreType(node)
  if (type === 'null' || (node.text.trim() === '' && rules.emptyText !== true)) {
    context.report(diagnose(catalog.emptyValue, node.span, { expects }))
    return undefined
  }
  if (rules.environment !== true && !allowEnvironment(node, context)) return undefined
  if (!rules.types.includes(type)) {
    const quotes = type !== 'text' && rules.types.includes('text')
    const fix = quotes ? { fix: `If text is meant, put it in quotes: '${node.text}'.` } : {}
    context.report(diagnose(catalog.wrongType, node.span, { found: describeNode(node), expects, ...fix }))
    return undefined
  }
  return node
}

function allowEnvironment(node: YamlScalar, context: ReadContext): boolean {
  const variable = ENVIRONMENT_VARIABLE.exec(node.text)
  if (variable === null) return true
  context.report(diagnose(catalog.environmentVariable, node.span, { name: variable[1] ?? '' }))
  return false
}

/** A place to point at for a whole value: for maps and lists only their first character. */
export function startOf(node: YamlNode): Span {
  if (node.kind === 'scalar' || node.kind === 'invalid') return node.span
  return { ...node.span, end: Math.min(node.span.end, node.span.start + 1) }
}

/** The object without the entries that are undefined (for `exactOptionalPropertyTypes`). */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>
}

/** `T` where every property that may be undefined is optional instead. */
export type Present<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}
