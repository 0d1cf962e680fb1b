import { columnsOf, type EveryClause, join, possibleErrors, type RowCondition, type Sql, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { QueryError } from '../duckdb/failure.ts'
import { type Answer, type Scan, type Ticket } from './scan.ts'
import { picks, type RowFilter, type Scope, where } from './scope.ts'

/** What an `every` instance counted. */
export interface EveryCounts {
  /** Rows of the slice. */
  readonly rows: number
  /** Rows that fail under the clause's policy for missing cells. */
  readonly failing: number
  /** Rows that ended in a missing cell. */
  readonly missing: number
  /** Rows left out of the decision. */
  readonly excluded: number
}

/** Counts, or the statement that failed. */
export type Counted =
  | { readonly ok: true; readonly value: EveryCounts }
  | { readonly ok: false; readonly error: QueryError }

/** A question put into the scan; `count` reads the answers after it has run. */
export interface EveryAsk {
  count(session: Session): Promise<Counted>
}

/** The columns a row condition reads. */
export function columnsOfCondition(condition: RowCondition): ReadonlySet<string> {
  switch (condition.kind) {
    case 'expr':
      return columnsOf(condition.expr)
    case 'castable':
      return new Set([condition.column])
    case 'unique-key':
      return new Set(condition.columns)
    case 'disjoint-splits':
      return new Set(condition.splits.flatMap((split) => [...columnsOf(split.condition)]))
  }
}

/** Asks the scan for what decides one `every` instance. */
export function askEvery(scan: Scan, clause: EveryClause, filter: RowFilter): EveryAsk {
  const { scope } = scan
  const { condition } = clause
  const columns = [...columnsOfCondition(condition), ...filter.columns]
  const picked = picks(scope, filter)
  const rows = scan.ask(sql`count(*)`, filter.columns, picked)
  switch (condition.kind) {
    case 'expr': {
      const value = scope.value(condition.expr)
      const errors = possibleErrors(condition.expr)
      const holding = scan.ask(sql`count(*)`, columns, picks(scope, filter, sql`(${value})`))
      const decided = errors.size === 0 ? undefined : scan.ask(sql`count(${value})`, columns, picked)
      // Where nothing but a missing cell can go wrong, a row without a value is a row with a missing cell.
      const missing =
        errors.has('missing') && errors.size > 1
          ? scan.ask(sql`count(*)`, columns, picks(scope, filter, scope.missing(condition.expr)))
          : undefined
      return counting(scan, [rows, holding, decided, missing], (numbers) => {
        const [all = 0, good = 0, valued = all, known] = numbers
        const missed = known ?? (errors.has('missing') ? all - valued : 0)
        return underPolicy(clause, all, all - good, missed)
      })
    }
    case 'castable': {
      const column = scope.column(condition.column)
      const present = scan.ask(sql`count(${column.cell})`, columns, picked)
      const misfits = column.misfit === undefined ? undefined : scan.ask(sql`count(${column.misfit})`, columns, picked)
      return counting(scan, [rows, present, misfits], ([all = 0, good = 0, bad = 0]) => {
        const missing = all - good - bad
        const excluded = clause.missing === 'exclude' ? missing : 0
        return { rows: all, failing: bad, missing, excluded }
      })
    }
    case 'disjoint-splits': {
      const several = scan.ask(sql`count(*)`, columns, picks(scope, filter, claimedTwice(scope, condition.splits)))
      return counting(scan, [rows, several], ([all = 0, bad = 0]) => ({
        rows: all,
        failing: bad,
        missing: 0,
        excluded: 0,
      }))
    }
    case 'unique-key':
      return {
        count: (session) => countKeys(session, scope, clause, condition.columns, filter, () => scan.answer(rows)),
      }
  }
}

/** A row without a value fails, unless it is one that the policy lets pass or leaves out. */
function underPolicy(clause: EveryClause, rows: number, failing: number, missing: number): EveryCounts {
  switch (clause.missing) {
    case 'fail':
      return { rows, failing, missing, excluded: 0 }
    case 'pass':
      return { rows, failing: failing - missing, missing, excluded: 0 }
    case 'exclude':
      return { rows, failing: failing - missing, missing, excluded: missing }
  }
}

function counting(
  scan: Scan,
  tickets: readonly (Ticket | undefined)[],
  read: (numbers: readonly (number | undefined)[]) => EveryCounts,
): EveryAsk {
  return {
    count() {
      const answers = tickets.map((ticket) => (ticket === undefined ? undefined : scan.answer(ticket)))
      const failed = answers.find((answer) => answer !== undefined && !answer.ok)
      if (failed !== undefined && !failed.ok) return Promise.resolve({ ok: false, error: failed.error })
      return Promise.resolve({ ok: true, value: read(answers.map(numberOf)) })
    },
  }
}

function numberOf(answer: Answer | undefined): number | undefined {
  return answer?.ok ? Number(answer.value) : undefined
}

/** TRUE where more than one split claims the row. */
export function claimedTwice(
  scope: Scope,
  splits: readonly { readonly condition: Parameters<Scope['value']>[0] }[],
): Sql {
  const claims = splits.map((split) => sql`CASE WHEN ${scope.value(split.condition)} THEN 1 ELSE 0 END`)
  return claims.length === 0 ? sql`false` : sql`(${join(claims, sql` + `)} > 1)`
}

/** TRUE where a part of the key is missing. */
export function keyMissing(scope: Scope, columns: readonly string[]): Sql {
  return sql`(${join(
    columns.map((name) => sql`${scope.column(name).cell} IS NULL`),
    sql` OR `,
  )})`
}

/** Rows whose key another row has, or that lack a part of it. */
async function countKeys(
  session: Session,
  scope: Scope,
  clause: EveryClause,
  columns: readonly string[],
  filter: RowFilter,
  rowsAnswer: () => Answer,
): Promise<Counted> {
  const all = rowsAnswer()
  if (!all.ok) return all
  const cells = join(
    columns.map((name) => scope.column(name).cell),
    sql`, `,
  )
  const missing = keyMissing(scope, columns)
  const result = await session.query(
    sql`SELECT coalesce(sum("n") FILTER (WHERE "missing"), 0) AS "missing",
               coalesce(sum("n") FILTER (WHERE NOT "missing" AND "n" > 1), 0) AS "repeated"
        FROM (SELECT count(*) AS "n", ${missing} AS "missing" FROM ${scope.relation.from}${where(scope, filter)} GROUP BY ${cells})`,
  )
  if (!result.ok) return result
  const lacking = Number(result.value.columns.get('missing')?.[0] ?? 0)
  const repeated = Number(result.value.columns.get('repeated')?.[0] ?? 0)
  return { ok: true, value: underPolicy(clause, Number(all.value), lacking + repeated, lacking) }
}
