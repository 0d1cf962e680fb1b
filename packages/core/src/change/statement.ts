import type { Clause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import { type RowFunctionName, rowFunctions } from '../expr/functions/row-functions.ts'
import type { Comparison, MustCondition, Term } from '../expr/must.ts'
import { printExpr } from '../expr/print/typed.ts'
import { BOOL } from '../expr/type.ts'
import { type ColumnFacts, exprKey } from './condition/leaves.ts'

/** A condition of a `must` clause over its terms as if they were columns, with what is known of them. */
export interface TermCondition {
  readonly expr: Expr
  readonly facts: ReadonlyMap<string, ColumnFacts>
  /** How a term is written, by the name of its column. */
  readonly labels: ReadonlyMap<string, string>
}

/** What a term measures, as a name: equal for equal questions. How its interval is made, and how much each row counts, is compared apart. */
export function termKey({ fn, args, model, where }: Term): string {
  return exprKey({ fn, args, model: model ?? null, where: where ?? null })
}

/** Rewrites a `must` condition to one condition over columns that stand for its terms. */
export function overTerms(must: MustCondition): TermCondition {
  const keys = must.terms.map(termKey)
  const facts = new Map(must.terms.map((term, i) => [keys[i] ?? '', factsOf(term)]))
  const labels = new Map(must.terms.map((term, i) => [keys[i] ?? '', term.expression]))
  const asColumn = (index: number): Expr => ({
    node: 'column',
    name: keys[index] ?? '',
    type: must.terms[index]?.type ?? BOOL,
  })
  const expr = rewritten(must.condition, (node) => {
    if (node.node === 'comparison') {
      const comparison = must.comparisons[node.index]
      return comparison === undefined
        ? undefined
        : rewritten(asCall(comparison), (inner) => (inner.node === 'term' ? asColumn(inner.index) : undefined))
    }
    return undefined
  })
  return { expr, facts, labels }
}

function factsOf({ fn }: Term): ColumnFacts {
  const { range, result }: { range?: readonly [number, number]; result: string } = aggregates[fn]
  if (range !== undefined) {
    const [low, high] = range
    return {
      nullable: false,
      certain: true,
      ...(Number.isFinite(low) ? { low } : {}),
      ...(Number.isFinite(high) ? { high } : {}),
    }
  }
  return result === 'int' ? { nullable: false, certain: true, low: 0 } : { nullable: false }
}

const OPS = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

/** Groups whose spread is looked at pair by pair; of more there would be too many pairs. */
const MOST_GROUPS = 12

/**
 * A comparison as a call; one with the least or greatest of several is the conjunction (or disjunction) of each, and one with
 * the spread of groups that of each pair: the spread of fewer groups is no wider.
 */
function asCall(comparison: Pick<Comparison, 'op' | 'left' | 'right'>): Expr {
  const { op, left, right } = comparison
  if (right.node === 'reduce' && left.node !== 'reduce') return asCall({ op: MIRRORED[op], left: right, right: left })
  if (left.node === 'reduce' && left.args.length > 2 && left.args.length <= MOST_GROUPS) {
    const narrow =
      (left.op === 'gap' && (op === '<' || op === '<=')) || (left.op === 'ratio' && (op === '>' || op === '>='))
    if (narrow)
      return pairsOf(left.args)
        .map((args) => asCall({ op, left: { ...left, args }, right }))
        .reduce((a, b) => ({ node: 'and', type: BOOL, args: [a, b] }))
  }
  if (left.node === 'reduce' && (left.op === 'max' || left.op === 'min') && op !== '==' && op !== '!=') {
    const all = (op === '<' || op === '<=') === (left.op === 'max')
    const each = left.args.map((arg) => asCall({ op, left: arg, right }))
    return each.reduce((a, b) => ({ node: all ? 'and' : 'or', type: BOOL, args: [a, b] }))
  }
  const [l, r] = [left.type.kind, right.type.kind]
  const name = `${OPS[op]}_${l === r ? l : `${l}_${r}`}`
  return Object.hasOwn(rowFunctions, name)
    ? { node: 'call', fn: name as RowFunctionName, type: BOOL, args: [left, right] }
    : { node: 'dispatch', syntax: 'operator', name: op, type: BOOL, args: [left, right] }
}

const pairsOf = (args: readonly Expr[]): readonly (readonly [Expr, Expr])[] =>
  args.flatMap((first, i) => args.slice(i + 1).map((second) => [first, second] as const))

/** A tree with some of its nodes replaced, from the top: what is replaced is not looked into. */
export function rewritten(expr: Expr, replace: (node: Expr) => Expr | undefined): Expr {
  const found = replace(expr)
  if (found !== undefined) return found
  const copy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(expr)) copy[name] = name === 'type' ? value : inside(value, replace)
  return copy as unknown as Expr
}

function inside(value: unknown, replace: (node: Expr) => Expr | undefined): unknown {
  if (Array.isArray(value)) return value.map((part) => inside(part, replace))
  if (typeof value !== 'object' || value === null) return value
  if ('node' in value) return rewritten(value as Expr, replace)
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === 'type' ? part : inside(part, replace)]),
  )
}

/** The text of a clause's condition, as written. */
export function conditionWords(clause: Clause): string {
  if (clause.form !== 'every') return clause.text
  const { condition } = clause
  switch (condition.kind) {
    case 'expr':
      return condition.text
    case 'castable':
      return `${condition.column} can be read as declared`
    case 'unique-key':
      return `unique (${condition.columns.join(', ')})`
    case 'disjoint-splits':
      return `disjoint splits: ${condition.splits.map(({ name, condition: of }) => `${name} (${printExpr(of)})`).join(', ')}`
    case 'release':
      return condition.check
  }
}
