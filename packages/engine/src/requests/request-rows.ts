import { aggregates, type Instance } from '@plumbline/core'
import { columnsRead } from '../plan/relation-plan.ts'
import { columnsOfTerm } from '../plan/row-terms.ts'
import type { DeclaredRequests } from './request-columns.ts'

/** Which rows of the log an instance is decided on, and whether it reads labels. */
export interface RowsWanted {
  /** Only rows that were answered. */
  readonly served: boolean
  readonly labelled: boolean
}

/**
 * A clause on what came in speaks of every row, also of those the guard turned away. One that reads an output, the
 * decision, the label or a metric speaks of what production answered: a row that got no answer has nothing to judge.
 */
export function rowsWanted({ clause, slice }: Instance, declared: DeclaredRequests): RowsWanted {
  const terms = clause.form === 'must' || clause.form === 'always' ? clause.must.terms : []
  const metrics = terms.filter(({ fn }) => aggregates[fn].needs !== undefined)
  const read = new Set([
    ...columnsRead({ clause, slice, relation: 'requests', stage: 'runtime' }, { filter: null }),
    ...terms.flatMap((term) => [...columnsOfTerm(term)]),
  ])
  const labelled = metrics.length > 0 || (declared.label !== undefined && read.has(declared.label.name))
  return { labelled, served: labelled || declared.answer.some(({ name }) => read.has(name)) }
}
