import type { ClauseDraft } from '../draft/draft.ts'
import { ref } from '../text/cel.ts'
import type { DbtTest } from './read-project.ts'

/** The most failing rows that a condition on their number (`error_if`) still allows; undefined where it is of another kind. */
function mostAllowed(condition: string): number | undefined {
  const [, sign, number] = /^\s*(>=?|!=|<>)\s*(\d{1,15})\s*$/.exec(condition) ?? []
  if (sign === undefined) return undefined
  const limit = Number(number)
  if (sign === '>') return limit
  if (sign === '>=') return limit === 0 ? undefined : limit - 1
  return limit === 0 ? 0 : undefined
}

/** Clauses with the numbers of failing rows that a test tolerates, and what could not be regarded. */
export interface Tolerated {
  readonly clauses: readonly ClauseDraft[]
  readonly differences: readonly string[]
}

const notRegarded = (key: string): string => `\`${key}\` is not regarded: the clause is violated by the first row.`

/**
 * What `error_if` and `warn_if` make of a clause. With `severity: error` more rows than the one allows are an error, else more than the other a
 * warning; with `severity: warn` only the other counts. Where it is not asked row by row, or the conditions are of another kind, nothing changes.
 */
export function tolerated(test: DbtTest, clauses: readonly ClauseDraft[]): Tolerated {
  const { errorIf, warnIf, others } = test.thresholds
  const differences = others.map(notRegarded)
  const warns = test.severity === 'warn'
  // Any failing row is an error already, and a warning is never asked for; nor an error by a test that only warns.
  const counting = warns ? warnIf : errorIf
  if (counting === undefined) return { clauses, differences }
  const key = warns ? 'warn_if' : 'error_if'
  const most = mostAllowed(counting)
  const mostSilent = warns ? most : mostAllowed(warnIf ?? '!= 0')
  const [clause] = clauses
  const made = most === undefined || clauses.length !== 1 || others.length > 0 ? undefined : atMost(test, clause, most)
  if (made === undefined || clause === undefined || most === undefined)
    return { clauses, differences: [...differences, notRegarded(key)] }
  if (warns || mostSilent === most) return { clauses: [made], differences }
  const warning = mostSilent === undefined ? undefined : atMost(test, clause, mostSilent)
  if (warning === undefined)
    return {
      clauses: [made],
      differences: [...differences, '`warn_if` is not regarded: it is no bound of failing rows.'],
    }
  // A warning for more rows than are an error is never seen.
  if ((mostSilent ?? 0) > most) return { clauses: [made], differences }
  return { clauses: [made, { ...warning, id: `${clause.id}-warn`, severity: 'warn' }], differences }
}

/** The clause with so many failing rows allowed; undefined where its rows are not counted one by one. */
function atMost(test: DbtTest, clause: ClauseDraft | undefined, most: number): ClauseDraft | undefined {
  if (clause === undefined || (clause.mostly ?? 1) < 1) return undefined
  if (most === 0) return clause
  const { every, missing, must, mostly: _, ...rest } = clause
  const says = `${(clause.says ?? '').replace(/\.$/, '')}, but for at most ${most} ${most === 1 ? 'row' : 'rows'}.`
  if (every === undefined) {
    // Rows that refer to nothing are counted by a function of their own.
    const orphans = must === undefined ? undefined : /^orphans\(.*\) == 0$/.exec(must)?.[0]
    return orphans === undefined ? undefined : { ...rest, says, must: orphans.replace(/== 0$/, `<= ${most}`) }
  }
  const asksForCells = test.column !== undefined && every === `${ref(test.column)} != null`
  if (missing === undefined && !asksForCells) return undefined
  // A sum of no cell is none: where one column is asked, a cell that is missing counts as one that holds.
  const isPlain = test.column === undefined || asksForCells
  const holds = isPlain ? every : `${ref(test.column ?? '')} == null || (${every})`
  return { ...rest, says, must: `sum((${holds}) ? 0 : 1) <= ${most}` }
}
