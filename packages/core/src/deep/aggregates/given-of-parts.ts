import type { EveryClause, MustClause } from '../../clause/clause.ts'
import type { Term } from '../../expr/must.ts'
import type { Instance } from '../instance.ts'
import { populationOf } from '../populations.ts'
import { conjuncts, type RowBound, rowBound } from './bounds.ts'
import { createFormula } from './formula.ts'
import { argument, beside, cellsOf, keyOf, type Measurements, type Placed, subjectOf } from './measured.ts'

/** A clause on each row of a slice that bounds what is not measured of that slice but of all rows. */
export interface RowsOfPart {
  readonly clause: EveryClause
  readonly part: Measurements
}

/** The slices of clauses that bound what is measured of all rows: together they may be all rows. */
export function partsAsked(
  clauses: readonly EveryClause[],
  populations: ReadonlyMap<string, Measurements>,
): readonly RowsOfPart[] {
  const whole = populations.get('')
  if (whole === undefined) return []
  const subjects = new Set([...whole.terms.values()].map(({ term }) => subjectOf(term)))
  return clauses.flatMap((clause): readonly RowsOfPart[] =>
    clause.slices.flatMap(({ condition }) => {
      if (condition === null || Number(clause.mostly) < 1) return []
      const { key } = populationOf([condition])
      const measured = new Set([...(populations.get(key)?.terms.values() ?? [])].map(({ term }) => subjectOf(term)))
      const isOfWhole = ({ subject }: RowBound): boolean =>
        subjects.has(keyOf(subject)) && !measured.has(keyOf(subject))
      if (!boundsOf(clause).some(isOfWhole)) return []
      const { model: _, ...term } = whole.place.term
      const place: Placed = { term: { ...term, where: condition }, slice: null }
      return [{ clause, part: { key, whole: false, conditions: [condition], place, terms: new Map() } }]
    }),
  )
}

/**
 * What such a clause says: a slice without rows has no least value, and any that is put for it does, so that nothing is asked of it but
 * that all rows have one.
 */
export function givenOfPart({ clause, part }: RowsOfPart, like: MustClause): readonly Instance[] {
  return boundsOf(clause).flatMap(({ subject, op, literal }) => {
    const ends: readonly Term['fn'][] = op === '==' ? ['min', 'max'] : [op.startsWith('<') ? 'max' : 'min']
    return ends.map((fn) => {
      const formula = createFormula()
      const condition = formula.compare(formula.number(beside(part, fn, argument(subject))), op, literal)
      const given = { by: clause, needs: cellsOf('', keyOf(subject)), movable: true }
      return formula.instance(condition, like, clause.id, { given })
    })
  })
}

const boundsOf = ({ condition }: EveryClause): readonly RowBound[] =>
  condition.kind === 'expr' ? conjuncts(condition.expr).flatMap((part) => rowBound(part) ?? []) : []
