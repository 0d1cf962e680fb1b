import type { Comparison, Expr, MustCondition, Term } from '@plumbline/core'
import { plainValue } from './facts-of-condition.ts'
import type { Fact, Measure } from './fact.ts'

type Found = { readonly facts: readonly Fact[] } | { readonly refused: string }

/** The facts that a condition on numbers of the rows is the conjunction of. */
export function factsOfMust(must: MustCondition): Found {
  const places = placesOf(must.condition)
  if (places === undefined) return { refused: 'Its comparisons are joined by more than `&&`.' }
  const facts: Fact[] = []
  const uniqueness = uniqueOf(must)
  if (uniqueness !== undefined) return { facts: [uniqueness] }
  for (const place of places) {
    const comparison = must.comparisons[place]
    if (comparison !== undefined && isNothing(comparison, must.terms)) continue
    const fact = comparison === undefined ? undefined : factOf(comparison, must.terms)
    if (fact === undefined) return { refused: refusalOf(must.terms) }
    const before = facts.findIndex((each) => joins(each, fact))
    if (before < 0) facts.push(fact)
    else facts[before] = { ...facts[before], ...fact } as Fact
  }
  return { facts }
}

function placesOf(expr: Expr): readonly number[] | undefined {
  if (expr.node === 'comparison') return [expr.index]
  if (expr.node !== 'and') return undefined
  const parts = expr.args.map(placesOf)
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}

function joins(one: Fact, other: Fact): boolean {
  return (
    one.kind === 'number' &&
    other.kind === 'number' &&
    JSON.stringify(one.measure) === JSON.stringify(other.measure) &&
    (one.low === undefined) !== (other.low === undefined)
  )
}

function refusalOf(terms: readonly Term[]): string {
  const names = [...new Set(terms.map(({ fn }) => fn))].join(', ')
  return `What it measures (${names}), or how it compares, has no counterpart there.`
}

const COLUMN: Readonly<Partial<Record<Term['fn'], Measure['of']>>> = {
  mean: 'mean',
  median: 'median',
  stddev: 'stddev',
  sum: 'sum',
  min: 'min',
  max: 'max',
  distinct: 'distinct',
  null_share: 'missing-share',
}

function measureOf({ fn, args, where, model, weights }: Term): Measure | undefined {
  if (where !== undefined || model !== undefined || weights !== undefined) return undefined
  if (fn === 'count') return { of: 'rows' }
  if (fn === 'column_count') return { of: 'column-count' }
  const column = columnOf(args[0])
  if (column === undefined) return undefined
  if (fn === 'quantile') {
    const level = args[1]
    return level?.kind === 'value' ? { of: 'quantile', column, quantile: level.value } : undefined
  }
  const of = COLUMN[fn]
  return of === undefined ? undefined : { of, column }
}

function columnOf(argument: Term['args'][number] | undefined): string | undefined {
  if (argument?.kind === 'column') return argument.name
  return argument?.kind === 'expr' && argument.expr.node === 'column' ? argument.expr.name : undefined
}

/** The column whose share of non-missing cells it is: `double(present(c)) / double(count())`. */
function givenShare(expr: Expr, terms: readonly Term[]): string | undefined {
  if (expr.node !== 'call' || !expr.fn.startsWith('div_')) return undefined
  const [above, below] = expr.args.map((side) => {
    const inner = side.node === 'call' ? side.args[0] : undefined
    return inner?.node === 'term' ? terms[inner.index] : undefined
  })
  return above?.fn === 'present' && below?.fn === 'count' ? columnOf(above.args[0]) : undefined
}

/** A share that is at most 1, or at least 0. */
function isNothing({ op, left, right }: Comparison, terms: readonly Term[]): boolean {
  const value = plainValue(right)
  return givenShare(left, terms) !== undefined && ((op === '<=' && value === 1) || (op === '>=' && value === 0))
}

function factOf({ op, left, right }: Comparison, terms: readonly Term[]): Fact | undefined {
  const term = left.node === 'term' ? terms[left.index] : undefined
  const value = plainValue(right)
  const given = givenShare(left, terms)
  if (given !== undefined && typeof value === 'number' && op === '>=') {
    const high = { value: Number((1 - value).toPrecision(12)), open: false }
    return { kind: 'number', measure: { of: 'missing-share', column: given }, high }
  }
  if (term === undefined || typeof value !== 'number' || op === '!=') return undefined
  if (term.fn === 'duplicates' && op === '==' && value === 0) {
    const columns = term.args.map(columnOf)
    return columns.every((column) => column !== undefined) ? { kind: 'unique', columns, gaps: 'equal' } : undefined
  }
  if (term.fn === 'orphans' && op === '==' && value === 0) return reference(term)
  const measure = measureOf(term)
  if (measure === undefined) return undefined
  const open = op === '<' || op === '>'
  if (op === '==') return { kind: 'number', measure, low: { value, open }, high: { value, open } }
  return op === '<' || op === '<='
    ? { kind: 'number', measure, high: { value, open } }
    : { kind: 'number', measure, low: { value, open } }
}

function reference({ args }: Term): Fact | undefined {
  const column = columnOf(args[0])
  const foreign = args.find((each) => each.kind === 'foreign')
  return column === undefined || foreign === undefined
    ? undefined
    : { kind: 'refers', column, dataset: foreign.relation, foreign: foreign.column }
}

/** `distinct(c) == present(c)`: no value twice, missing cells aside; `distinct(c) == count()`: and none missing. */
function uniqueOf({ comparisons, terms }: MustCondition): Fact | undefined {
  const [only, ...more] = comparisons
  if (only === undefined || more.length > 0 || only.op !== '==') return undefined
  const sides = [only.left, only.right].map((side) => (side.node === 'term' ? terms[side.index] : undefined))
  const distinct = sides.find((side) => side?.fn === 'distinct')
  const other = sides.find((side) => side?.fn === 'present' || side?.fn === 'count')
  const column = columnOf(distinct?.args[0])
  if (distinct === undefined || other === undefined || column === undefined) return undefined
  if (other.fn === 'present' && columnOf(other.args[0]) !== column) return undefined
  return { kind: 'unique', columns: [column], gaps: other.fn === 'count' ? 'none' : 'aside' }
}
