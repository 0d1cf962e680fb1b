import type { Expr } from '../../expr/expr.ts'
import { aggregates } from '../../expr/functions/aggregates.ts'
import type { Term, TermArgument } from '../../expr/must.ts'
import type { Instance } from '../instance.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { keyOfJson } from '../key.ts'
import { oncePer } from '../once-per.ts'
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
export const argument = oncePer((expr: Expr): readonly TermArgument[] => [
  { kind: 'expr', expr: expr.node === 'column' ? { node: 'column', name: expr.name, type: expr.type } : expr },
])

const placedBy = oncePer((slice: Expr) =>
  oncePer((term: Term): Placed => {
    if (term.where !== undefined) return { term, slice }
    return { term: { ...term, where: slice }, slice: null }
  }),
)
const placedInAll = oncePer((term: Term): Placed => ({ term, slice: null }))

export function placedIn({ slice: { condition } }: Instance, term: Term): Placed {
  return condition === null ? placedInAll(term) : placedBy(condition)(term)
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

export const termKey = oncePer(({ fn, args, model }: Term): string => keyOfJson([fn, args, model]))

/** What a term is computed from, where a row that has it has them. */
export const partsOf = oncePer(({ args: [first] }: Term): readonly string[] => {
  const linear = first?.kind === 'expr' ? linearOf(first.expr) : undefined
  return linear === undefined ? [] : linear.parts.map(({ expr }) => keyOf(expr))
})

/** A number that an instance reads. */
interface Read extends Pick<Measurements, 'key' | 'whole' | 'conditions'> {
  readonly placed: Placed
  readonly termKey: string
  /** What has to have a value for the instance to be satisfied. */
  readonly needs: readonly string[]
}

/** What one instance reads. */
const readBy = oncePer((instance: Instance): readonly Read[] => {
  const required =
    instance.given === undefined && !instance.clause.allowEmpty ? new Set(requiredTerms(instance)) : new Set<Term>()
  const some = required.size === 0 ? required : positiveTerms(instance)
  return instance.clause.must.terms.map((term): Read => {
    const placed = placedIn(instance, term)
    const conditions = [placed.slice, placed.term.where ?? null].filter((each) => each !== null)
    const { key, whole } = populationOf(conditions)
    const read = { key, whole, conditions, placed, termKey: termKey(term) }
    if (!required.has(term)) return { ...read, needs: [] }
    const subject = subjectOf(term)
    const counted = some.has(term)
    const column = counted && term.fn === 'share' ? columnReadBy(term) : undefined
    // What has a row or a cell in some of the rows has one in all.
    const needs = [key, ''].flatMap((place) => {
      const ofCells = subject !== undefined && (OF_CELLS.has(term.fn) || (counted && OF_PRESENT.has(term.fn)))
      return [
        ...(OF_ROWS.has(term.fn) || OF_CELLS.has(term.fn) || counted || place === '' ? [rowsOf(place)] : []),
        ...(ofCells ? [subject, ...partsOf(term)].map((each) => cellsOf(place, each)) : []),
        ...(column === undefined ? [] : [cellsOf(place, column)]),
      ]
    })
    return { ...read, needs }
  })
})

/** What the instances read. What need not have any row (`allow_empty`) needs nothing. */
export function readingOf(instances: readonly Instance[]): Reading {
  const populations = new Map<string, Measurements>()
  const needed = new Set<string>()
  for (const instance of instances)
    for (const { key, whole, conditions, placed, termKey: ofTerm, needs } of readBy(instance)) {
      const own = populations.get(key) ?? { key, whole, conditions, place: placed, terms: new Map<string, Placed>() }
      populations.set(key, own)
      own.terms.set(ofTerm, placed)
      for (const each of needs) needed.add(each)
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
