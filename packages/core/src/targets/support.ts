import { type RowFunctionName, rowFunctions } from '../expr/functions/row-functions.ts'
import { BOOL, STRING } from '../expr/type.ts'
import { javascriptSupport } from './javascript/compile.ts'
import { javascriptFunctions } from './javascript/functions.ts'
import { duckdbSupport } from './sql/duckdb/compile.ts'
import { duckdbFunctions } from './sql/duckdb/functions.ts'
import type { RowNode, Support, Unsupported } from './unsupported.ts'

/** The targets that compile expressions of row scope. */
export const rowTargets = { duckdb: duckdbFunctions, javascript: javascriptFunctions } as const

/** One line of the support table: a function, and each target's answer (`true`, or the reason why not). */
export interface SupportRow {
  readonly fn: RowFunctionName
  /** As it is written in CEL: `+`, `math.round`, `startsWith`. */
  readonly written: string
  readonly targets: Readonly<Record<keyof typeof rowTargets, true | string>>
}

const answer = (entry: { readonly kind: 'spelling' } | Unsupported): true | string =>
  entry.kind === 'spelling' ? true : entry.reason

/** Every function of row scope against every target; the reference page of the documentation is made from it. */
export function supportTable(): readonly SupportRow[] {
  return (Object.keys(rowFunctions) as RowFunctionName[]).map((fn) => ({
    fn,
    written: rowFunctions[fn].syntax.name,
    targets: { duckdb: answer(duckdbFunctions[fn]), javascript: answer(javascriptFunctions[fn]) },
  }))
}

/** A node of row scope that is no function, and each target's answer. */
export interface NodeSupportRow {
  readonly node: RowNode['node']
  readonly targets: Readonly<Record<keyof typeof rowTargets, true | string>>
}

const nodeExamples: readonly RowNode[] = (() => {
  const column = { node: 'column', type: BOOL, name: 'c' } as const
  const text = { node: 'column', type: STRING, name: 's' } as const
  return [
    { node: 'literal', type: BOOL, value: true },
    column,
    { node: 'and', type: BOOL, args: [column, column] },
    { node: 'or', type: BOOL, args: [column, column] },
    { node: 'conditional', type: BOOL, args: [column, column, column] },
    { node: 'is-missing', type: BOOL, operand: column, negated: false },
    { node: 'in-list', type: BOOL, operand: text, elements: [] },
    { node: 'lookup', type: STRING, operand: text, entries: [] },
    { node: 'matches', type: BOOL, operand: text, pattern: '' },
  ]
})()

const reason = (support: Support): true | string => support.supported || support.reason

/** Every node of row scope against every target. */
export function nodeSupport(): readonly NodeSupportRow[] {
  return nodeExamples.map((expr) => ({
    node: expr.node,
    targets: { duckdb: reason(duckdbSupport(expr)), javascript: reason(javascriptSupport(expr)) },
  }))
}
