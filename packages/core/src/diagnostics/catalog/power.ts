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
}>({
  code: 'power/cannot-be-satisfied',
  severity: 'warning',
  message: ({ comparison, slice, rows, step, groups }) =>
    step === undefined
      ? `\`${comparison}\` cannot be satisfied on ${slice}: ${rows === 1 ? '1 row' : `${rows} rows`}${groups === undefined ? '' : ' in the smallest group'} ${rows === 1 ? 'shows' : 'show'} it with no outcome at all.`
      : `\`${comparison}\` cannot be satisfied on ${slice} together with the other slices: ${rows} rows show it with no outcome at 1/${step} of the error that the clause allows.`,
  why: 'Even if every row were right, the interval would reach below the bound; the verdict is inconclusive whatever the model does. The slices of a clause together may be wrong as often as one alone, so that each is asked more strictly.',
  fix: ({ needed, groups }) =>
    needed === undefined
      ? 'Lower the bound or the confidence, or gather rows.'
      : groups === undefined
        ? `Gather at least ${needed} rows that count, or lower the bound or the confidence.`
        : `Gather at least ${needed} rows that count in each of the ${groups} groups, or ease the bound, or lower the confidence.`,
})

export const cannotFail = defineDiagnostic<{ comparison: string; slice: string; rows: number }>({
  code: 'power/cannot-be-violated',
  severity: 'warning',
  message: ({ comparison, slice, rows }) =>
    `\`${comparison}\` cannot be violated on ${slice}: no outcome of ${rows} rows refutes it.`,
  why: 'A clause that nothing can violate finds no fault.',
  fix: 'Gather rows, raise the bound, or ask it of a larger slice.',
})

export const falseAlarms = defineDiagnostic<{ clause: string; alarms: string; rows: number }>({
  code: 'power/false-alarms',
  severity: 'warning',
  message: ({ clause, alarms, rows }) =>
    `\`${clause}\` may alarm up to ${alarms} times a year without drift, with windows of ${rows} rows.`,
  why: 'Distances are positive by chance alone, the more so the fewer rows a window has; alarms without cause are soon ignored.',
  fix: 'Raise the bound, `for` or `monitor.min_rows`, or take longer windows.',
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
