import { defineDiagnostic } from '../define.ts'

export const cannotHold = defineDiagnostic<{
  comparison: string
  slice: string
  rows: number
  needed: number | undefined
  /** By how much Holm's procedure divides what may go wrong, where it is the other slices that stand against it. */
  step?: number
  /** Groups that are compared, of the smallest of which these are the rows. */
  groups?: number
  /** Which way the bound, as it is written, is moved to ask less. */
  eased?: 'lower' | 'raise'
  /** Where no bound would do: only more rows, or a lower level, too. */
  onlyBy?: 'rows' | 'level'
  /** What is counted, where that is not rows. */
  unit?: string
}>({
  code: 'power/cannot-be-satisfied',
  severity: 'warning',
  message: ({ comparison, slice, rows, step, groups, unit }) =>
    step === undefined
      ? `\`${comparison}\` cannot be satisfied on ${slice}: ${rows === 1 && unit === undefined ? '1 row' : `${rows} ${unit ?? 'rows'}`}${groups === undefined ? '' : ' in the smallest group'} ${rows === 1 ? 'shows' : 'show'} it with no outcome at all.`
      : `\`${comparison}\` cannot be satisfied on ${slice} together with the other slices: ${rows} rows show it with no outcome at 1/${step} of the error that the clause allows.`,
  why: 'Whatever the rows turn out to be, the interval reaches beyond the bound, or there are too few of them for any; the verdict is inconclusive whatever the model does. The slices of a clause together may be wrong as often as one alone, so that each is asked more strictly.',
  fix: ({ needed, groups, eased, onlyBy, unit }) => {
    if (needed !== undefined && onlyBy !== undefined)
      return `Gather at least ${needed} ${unit ?? 'rows that count'}${onlyBy === 'level' ? ', or lower the confidence' : ''}: of fewer there is no interval that ends there, whatever the bound.`
    const ease =
      eased === 'lower' ? 'lower the bound or the confidence' : `${eased ?? 'ease'} the bound, or lower the confidence`
    if (needed === undefined) return `${ease[0]?.toUpperCase()}${ease.slice(1)}, or gather rows.`
    return groups === undefined
      ? `Gather at least ${needed} rows that count, or ${ease}.`
      : `Gather at least ${needed} rows that count in each of the ${groups} groups, or ${ease}.`
  },
})

const TIGHTENED = { lower: 'raise', raise: 'lower' } as const

export const cannotFail = defineDiagnostic<{
  comparison: string
  slice: string
  rows: number
  /** Which way the bound, as it is written, is moved to ask less. */
  eased?: 'lower' | 'raise'
  /** What is counted, where that is not rows. */
  unit?: string
}>({
  code: 'power/cannot-be-violated',
  severity: 'warning',
  message: ({ comparison, slice, rows, unit }) =>
    `\`${comparison}\` cannot be violated on ${slice}: no outcome of ${rows} ${unit ?? 'rows'} refutes it.`,
  why: 'A clause that nothing can violate finds no fault.',
  fix: ({ eased }) =>
    `Gather rows, ${eased === undefined ? 'tighten' : TIGHTENED[eased]} the bound, or ask it of a larger slice.`,
})

export const falseAlarms = defineDiagnostic<{
  clause: string
  alarms: string
  rows: number
  /** Which way the bound, as it is written, is moved to ask less. */
  eased?: 'lower' | 'raise'
}>({
  code: 'power/false-alarms',
  severity: 'warning',
  message: ({ clause, alarms, rows }) =>
    `\`${clause}\` may alarm up to ${alarms} times a year without drift, with windows of ${rows} rows.`,
  why: ({ eased }) =>
    eased === 'lower'
      ? 'A p-value falls below its bound by chance alone in that share of windows; alarms without cause are soon ignored.'
      : 'Distances are positive by chance alone, the more so the fewer rows a window has; alarms without cause are soon ignored.',
  fix: ({ eased }) =>
    eased === 'lower'
      ? 'Lower the bound, raise `for`, or take longer windows.'
      : 'Raise the bound, `for` or `monitor.min_rows`, or take longer windows.',
})

export const emptyInData = defineDiagnostic<{ slice: string; relation: string; rows: number }>({
  code: 'power/empty-slice',
  severity: 'warning',
  message: ({ slice, relation, rows }) => `None of the ${rows} rows of \`${relation}\` is in the slice \`${slice}\`.`,
  why: 'What is asked of it is asked of nothing: an empty slice is inconclusive, and keeps the gate of a blocking clause closed.',
  fix: ({ slice }) => `Correct the condition of \`${slice}\`, gather such rows, or drop the slice from the clause.`,
})

export const neverInData = defineDiagnostic<{ clause: string; premise: string; relation: string; rows: number }>({
  code: 'power/premise-never-true',
  severity: 'warning',
  message: ({ clause, premise, relation, rows }) =>
    `The premise of \`${clause}\`, ${premise}, is true of none of the ${rows} rows of \`${relation}\`.`,
  why: 'Every row satisfies the clause without having been asked: a green verdict that says nothing.',
  fix: 'Correct the premise, or gather rows of which it is true.',
})

export const deadPath = defineDiagnostic<{ says: string }>({
  code: 'power/dead-path',
  severity: 'warning',
  message: ({ says }) => says,
  why: 'The column is missing in every row then: what allows missing cells is asked of nothing, and the rest fails everywhere.',
  fix: 'Correct `path`, or drop the column.',
})
