import { digestBytes } from '../evidence/digest.ts'
import type { Expr, Literal } from '../expr/expr.ts'
import { printExpr } from '../expr/print/typed.ts'
import type { ScalarKind } from '../expr/type.ts'
import { type List, literalOf, literalValue, type RecordValue, type Value } from '../expr/value.ts'
import { type RowAnswer, answerText } from './answer.ts'
import type { Disagreement } from './compare.ts'
import type { RowColumn } from './implementation.ts'

/** A cell as a literal encodes it; of a list each element. */
export type EqualityCell = Literal['value'] | readonly Literal['value'][]

/** A pair on which implementations once differed, as `conformance/equality/<name>/case.json` keeps it. */
export interface EqualityCase {
  readonly says: string
  /** The expression as CEL, for people. */
  readonly expression: string
  /** The same as the typed tree, which is what is compiled. */
  readonly tree: Expr
  readonly columns: readonly RowColumn[]
  /** Cells encoded as literals are; null is missing, and so is `NaN` where it is a number. */
  readonly row: Readonly<Record<string, EqualityCell>>
  /** What the reference evaluator gives: a value encoded as a literal, or the code of an error. */
  readonly expected: { readonly value: Literal['value'] } | { readonly error: string }
  /** What the others gave when it was found. */
  readonly found: Readonly<Record<string, string>>
}

/** A case, and the name of its folder: what it is about and the beginning of its digest. */
export function caseOf(disagreement: Disagreement): { readonly name: string; readonly case: EqualityCase } {
  const { columns, expr, row, reference, answers } = disagreement
  const differing = answers.filter((each) => !each.agrees).map(({ name }) => name)
  const found = answers.map(({ name, answer }) => [name, answerText(answer)] as const)
  const encoded = columns.map(({ name, kind }) => [name, cellInJson(kind, row.get(name) ?? null)] as const)
  const made: EqualityCase = {
    says: `${differing.join(' and ')} differed from the reference.`,
    expression: printExpr(expr),
    tree: withoutPlaces(expr),
    columns,
    row: Object.fromEntries(encoded),
    expected: expectedOf(expr, reference),
    found: Object.fromEntries(found),
  }
  const about = expr.node === 'call' ? expr.fn.replaceAll('_', '-') : expr.node
  return {
    name: `${about}-${digestBytes(JSON.stringify([made.tree, made.row])).slice('sha256:'.length, 15)}`,
    case: made,
  }
}

/** The row of a case. */
export function rowOf({ columns, row }: EqualityCase): RecordValue {
  return new Map(
    columns.map(({ name, kind }) => [name, cellOf(kind, Object.hasOwn(row, name) ? (row[name] ?? null) : null)]),
  )
}

const cellOf = (kind: ScalarKind, cell: EqualityCell): Value | null =>
  Array.isArray(cell)
    ? { list: cell.map((each: Literal['value']) => cellOf(kind, each) as Value) }
    : literalValue({ node: 'literal', type: { kind }, value: cell as Literal['value'] })

/** The answer that a case expects. */
export function expectedAnswer({ tree, expected }: EqualityCase): RowAnswer {
  if ('error' in expected) return { error: expected.error as 'missing' }
  const value = literalValue({ node: 'literal', type: { kind: tree.type.kind as ScalarKind }, value: expected.value })
  if (value === null) return { broken: 'a case expects a value' }
  if (typeof value !== 'object') return { value }
  return { value: Object.values(value)[0] as bigint }
}

function expectedOf(expr: Expr, reference: RowAnswer): EqualityCase['expected'] {
  if ('error' in reference) return { error: reference.error }
  if ('broken' in reference) return { error: reference.broken }
  if ('open' in reference) return { error: reference.open }
  const { value } = reference
  const timed = expr.type.kind === 'timestamp' ? { timestamp: value as bigint } : value
  return { value: inJson(literalOf(expr.type, timed).value) }
}

/** NaN is missing, but another way of being so than null. */
function cellInJson(kind: ScalarKind, cell: Value | null): EqualityCell {
  if (cell !== null && typeof cell === 'object' && 'list' in cell)
    return (cell as List).list.map((each) => inJson(literalOf({ kind }, each).value))
  return Number.isNaN(cell) ? 'NaN' : inJson(literalOf({ kind }, cell).value)
}

/** JSON has no −0. */
const inJson = (value: Literal['value']): Literal['value'] => (Object.is(value, -0) ? '-0' : value)

function withoutPlaces(expr: Expr): Expr {
  return JSON.parse(JSON.stringify(expr, (key, value: unknown) => (key === 'at' ? undefined : value))) as Expr
}
