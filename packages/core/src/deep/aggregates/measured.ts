import type { Expr } from '../../expr/expr.ts'
import { aggregates } from '../../expr/functions/aggregates.ts'
import type { Term, TermArgument } from '../../expr/must.ts'
import type { Instance } from '../instance.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { keyOfJson } from '../key.ts'
import { populationOf } from '../populations.ts'
import { conjuncts } from './bounds.ts'
import { linearOf } from './linear.ts'

/** A term and the slice it is measured in; where only one of slice and group restricts the rows, it stands as the group. */
export interface Placed {
  readonly term: Term
  readonly slice: Expr | null
}

/** Terms of the same rows, by function and argument. */
export interface Measurements {
  readonly key: string
  readonly whole: boolean
  /** What makes a row one of them. */
  readonly conditions: readonly Expr[]
  /** As placed, without function and arguments: for numbers that nobody asks for. */
  readonly place: Placed
  readonly terms: Map<string, Placed>
}

/** Which numbers instances read, and of what a value is needed for them to be satisfied. */
export interface Reading {
  readonly populations: ReadonlyMap<string, Measurements>
  readonly needed: ReadonlySet<string>
}

/** They have a value only where a cell is there. */
const OF_CELLS: ReadonlySet<string> = new Set([
  'min',
  'max',
  'mean',
  'sum',
  'median',
  'quantile',
  'quantile_nearest',
  'variance',
  'stddev',
])
/** They have a value only where a row is there. */
const OF_ROWS: ReadonlySet<string> = new Set(['share', 'null_share'])

/** Where they are not 0, a cell is there. */
const OF_PRESENT: ReadonlySet<string> = new Set(['distinct', 'present', 'modes', 'mode_count'])
/** Where they are not 0, a row is there. */
const COUNTED: ReadonlySet<string> = new Set([...OF_PRESENT, 'count', 'duplicates', 'share'])

export const cellsOf = (population: string, subject: string): string => `cells\0${population}\0${subject}`
export const rowsOf = (population: string): string => `rows\0${population}`

/** An expression as an argument, a column spelled as a condition that reads it spells it. */
export function argument(expr: Expr): readonly TermArgument[] {
  return [{ kind: 'expr', expr: expr.node === 'column' ? { node: 'column', name: expr.name, type: expr.type } : expr }]
}

export function placedIn({ slice }: Instance, term: Term): Placed {
  if (slice.condition === null || term.where !== undefined) return { term, slice: slice.condition }
  return { term: { ...term, where: slice.condition }, slice: null }
}

/** Whether a number is whole wherever it has a value. */
export function isWhole({ fn, args: [first] }: Term): boolean {
  const { result } = aggregates[fn]
  return result === 'int' || (result === 'as-argument' && first?.kind === 'expr' && first.expr.type.kind === 'int')
}

/** Whether nothing is rounded that comparisons could tell: whole numbers, and cells as they stand. */
export function isExact({ fn, args: [first] }: Term): boolean {
  return fn === 'min' || fn === 'max' || (first?.kind === 'expr' && first.expr.type.kind === 'int')
}

/** Another function of the same rows. */
export function beside({ place }: Measurements, fn: Term['fn'], args: Term['args']): Placed {
  const { model: _, ...term } = place.term
  return { term: { ...term, fn, args }, slice: place.slice }
}

/** What a term is measured of, the same for a column and for the expression that is that column. */
export function subjectOf({ args: [first], model }: Term): string | undefined {
  if (model !== undefined) return undefined
  if (first?.kind === 'column') return first.name
  return first?.kind === 'expr' ? keyOf(first.expr) : undefined
}

export function keyOf(expr: Expr): string {
  if (expr.node === 'column') return expr.name
  return keyOfJson(expr)
}

export const termKey = ({ fn, args, model }: Term): string => keyOfJson([fn, args, model])

/** What a term is computed from, where a row that has it has them. */
export function partsOf({ args: [first] }: Term): readonly string[] {
  const linear = first?.kind === 'expr' ? linearOf(first.expr) : undefined
  return linear === undefined ? [] : linear.parts.map(({ expr }) => keyOf(expr))
}

/** What the instances read. What need not have any row (`allow_empty`) needs nothing. */
export function readingOf(instances: readonly Instance[]): Reading {
  const populations = new Map<string, Measurements>()
  const needed = new Set<string>()
  for (const instance of instances) {
    const required =
      instance.given === undefined && !instance.clause.allowEmpty ? new Set(requiredTerms(instance)) : new Set<Term>()
    const some = required.size === 0 ? required : positiveTerms(instance)
    for (const term of instance.clause.must.terms) {
      const placed = placedIn(instance, term)
      const conditions = [placed.slice, placed.term.where ?? null].filter((each) => each !== null)
      const { key, whole } = populationOf(conditions)
      const own = populations.get(key) ?? { key, whole, conditions, place: placed, terms: new Map<string, Placed>() }
      populations.set(key, own)
      own.terms.set(termKey(term), placed)
      if (!required.has(term)) continue
      // What has a row or a cell in some of the rows has one in all.
      for (const place of [key, '']) {
        const subject = subjectOf(term)
        const counted = some.has(term)
        if (OF_ROWS.has(term.fn) || OF_CELLS.has(term.fn) || counted || place === '') needed.add(rowsOf(place))
        if (subject !== undefined && (OF_CELLS.has(term.fn) || (counted && OF_PRESENT.has(term.fn))))
          for (const each of [subject, ...partsOf(term)]) needed.add(cellsOf(place, each))
        const read = counted && term.fn === 'share' ? columnReadBy(term) : undefined
        if (read !== undefined) needed.add(cellsOf(place, read))
      }
    }
  }
  return { populations, needed }
}

/** The one column that the condition of a share reads: where it is true of a row, the row has the cell. */
function columnReadBy({ args: [first] }: Term): string | undefined {
  if (first?.kind !== 'expr') return undefined
  const [name, ...more] = columnsOf(first.expr)
  const reads = walk(first.expr).every(
    ({ node, type }) => node !== 'is-missing' && (node !== 'literal' || type.kind !== 'bool'),
  )
  return more.length === 0 && reads ? name : undefined
}

/** Counts that have to be more than none: beside a constant, in a comparison that has to be true. */
function positiveTerms({ clause: { must } }: Instance): ReadonlySet<Term> {
  const found = conjuncts(must.condition).flatMap((part): readonly Term[] => {
    const comparison = part.node === 'comparison' ? must.comparisons[part.index] : undefined
    if (comparison === undefined) return []
    const { left, op, right } = comparison
    const [ref, literal, way] = left.node === 'term' ? [left, right, op] : [right, left, MIRRORED[op]]
    const term = ref.node === 'term' ? must.terms[ref.index] : undefined
    if (term === undefined || literal.node !== 'literal' || !COUNTED.has(term.fn)) return []
    const least = Number(literal.value)
    return (way === '>' && least >= 0) || ((way === '>=' || way === '==') && least > 0) ? [term] : []
  })
  return new Set(found)
}

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

/** Terms of comparisons that all have to be decided. */
export function requiredTerms({ clause: { must } }: Instance): readonly Term[] {
  const found: Term[] = []
  const terms = (expr: Expr): void => {
    if (expr.node === 'term') found.push(must.terms[expr.index] as Term)
    else if (expr.node === 'call' || expr.node === 'reduce') for (const arg of expr.args) terms(arg)
  }
  const conditions = (expr: Expr): void => {
    if (expr.node === 'and') for (const arg of expr.args) conditions(arg)
    else if (expr.node === 'call' && expr.fn === 'not' && expr.args[0]?.node === 'comparison') conditions(expr.args[0])
    else if (expr.node === 'comparison') {
      const { left, right } = must.comparisons[expr.index] ?? {}
      if (left !== undefined) terms(left)
      if (right !== undefined) terms(right)
    }
  }
  conditions(must.condition)
  return found
}
