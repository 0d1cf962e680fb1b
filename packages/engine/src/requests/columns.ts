import type { GuardPlan, ProgramColumn } from '@plumbline/core'

/** The type of a logged cell, as the guard reads it. */
export type LogKind = 'int' | 'double' | 'string' | 'bool' | 'timestamp'

/** A column of the log that a spec brings. */
export interface LogColumn {
  readonly name: string
  readonly kind: LogKind
}

/** The columns that a spec brings: fields of the request (keys, then inputs), and of the answer (outputs, `decision`). */
export interface LogColumns {
  readonly request: readonly LogColumn[]
  readonly answer: readonly LogColumn[]
}

/** How the guard ended a row. `withheld`: an answer that was not given; `unavailable`: nobody could answer. */
export type GuardOutcome = 'accepted' | 'flagged' | 'fallback' | 'rejected' | 'withheld' | 'unavailable'

/** The outcomes of rows that were answered: what production saw. Metrics and clauses on the answer speak of these. */
export const SERVED: readonly GuardOutcome[] = ['accepted', 'flagged', 'fallback']

/** The columns that the log brings itself. */
export const OWN_COLUMNS: readonly LogColumn[] = [
  { name: '_at', kind: 'timestamp' },
  { name: '_request_id', kind: 'string' },
  { name: '_row', kind: 'int' },
  { name: '_model', kind: 'string' },
  { name: '_guard', kind: 'string' },
  { name: '_clauses', kind: 'string' },
  { name: '_misfits', kind: 'string' },
]

/** The columns that a guard's plan brings. */
export function logColumns(plan: Pick<GuardPlan, 'keys' | 'inputs' | 'outputs' | 'decision'>): LogColumns {
  const decision: readonly LogColumn[] = plan.decision === undefined ? [] : [{ name: 'decision', kind: 'bool' }]
  return { request: [...plan.keys, ...plan.inputs], answer: [...plan.outputs, ...decision] }
}

/** The kind in which a declared column is logged. */
export function logKind(column: Pick<ProgramColumn, 'type'>): LogKind | undefined {
  switch (column.type.kind) {
    case 'int':
    case 'double':
    case 'string':
    case 'bool':
    case 'timestamp':
      return column.type.kind
    default:
      return undefined
  }
}

/**
 * The names under which columns are stored, in their order. They are the columns' own, but SQL engines do not tell
 * `Age` from `age`: of names that differ in case only, the later ones get a number.
 */
export function storedNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let stored = name
    for (let n = 2; taken.has(stored.toLowerCase()); n++) stored = `${name}#${n}`
    taken.add(stored.toLowerCase())
    return stored
  })
}
