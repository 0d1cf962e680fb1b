import {
  columnsOf,
  type EveryClause,
  type Expr,
  join,
  possibleErrors,
  type RowCondition,
  type Sql,
  sql,
} from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import type { QueryError } from '../duckdb/failure.ts'
import { allWithin, rangeOf } from './bounds.ts'
import { type Answer, type Scan, type Ticket } from './scan.ts'
import { countIf, countPresent, narrowed, type RowFilter, type Scope, where } from './scope.ts'

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
  count(session: Database): Promise<Counted>
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
    case 'release':
      return new Set()
  }
}

/** Asks the scan for what decides one `every` instance. */
export function askEvery(scan: Scan, clause: EveryClause, filter: RowFilter): EveryAsk {
  const { scope } = scan
  const { condition } = clause
  const columns = [...columnsOfCondition(condition), ...filter.columns]
  const rows = scan.ask(countIf(scope, filter), filter.columns)
  const present = (cell: Sql) => scan.ask(countPresent(scope, filter, cell), columns)
  switch (condition.kind) {
    case 'expr': {
      const value = conditionValue(scope, clause, condition.expr)
      const errors = possibleErrors(condition.expr)
      const strict = strictIn(condition.expr)
      const cell = strict === undefined ? undefined : scope.column(strict).cell
      // A condition that has a value exactly where its one column has is counted with the column's cells.
      const decided = errors.size === 0 ? undefined : present(cell ?? value)
      const range = filter.conditions.length === 0 ? rangeOf(condition.expr) : undefined
      const known = range === undefined ? undefined : scope.column(range.column).bounds
      const within = range !== undefined && known !== undefined && allWithin(range, known)
      const holding = within ? [decided] : askHolding(scan, clause, condition.expr, filter, columns)
      // Where nothing but a missing cell can go wrong, a row without a value is a row with a missing cell.
      const missing =
        errors.has('missing') && errors.size > 1
          ? scan.ask(countIf(scope, filter, scope.missing(condition.expr)), columns)
          : undefined
      return counting(scan, [rows, decided, missing, ...holding], (numbers) => {
        const [all = 0, valued = all, lacking, ...parts] = numbers
        const good = parts.reduce((sum: number, part = 0) => sum + part, 0)
        const missed = lacking ?? (errors.has('missing') ? all - valued : 0)
        return underPolicy(clause, all, all - good, missed)
      })
    }
    case 'castable': {
      const column = scope.column(condition.column)
      const misfits = column.misfit === undefined ? undefined : present(column.misfit)
      return counting(scan, [rows, present(column.cell), misfits], ([all = 0, good = 0, bad = 0]) => {
        const missing = all - good - bad
        const excluded = clause.missing === 'exclude' ? missing : 0
        return { rows: all, failing: bad, missing, excluded }
      })
    }
    case 'disjoint-splits': {
      const several = scan.ask(countIf(scope, filter, claimedTwice(scope, condition.splits)), columns)
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
    case 'release':
      return notRows(clause)
  }
}

/** What is asked of a staged server is no question for a scan of rows: its stage never comes here. */
export function notRows(clause: EveryClause): never {
  throw new Error(`The clause ${clause.id} is decided on a staged server, not on rows.`)
}

/** Rows where the condition is true: counts that add up to them. */
function askHolding(
  scan: Scan,
  clause: EveryClause,
  expr: Expr,
  filter: RowFilter,
  columns: readonly string[],
): readonly Ticket[] {
  const { scope } = scan
  if (expr.node === 'is-missing' && expr.operand.node === 'column' && expr.negated) {
    // A cell is there, or it is a text that cannot be read: never both.
    const misfit = requiredMisfit(scope, clause, expr)
    const cells = [scope.column(expr.operand.name).cell, ...(misfit === undefined ? [] : [misfit])]
    return cells.map((cell) => scan.ask(countPresent(scope, filter, cell), columns))
  }
  return [scan.ask(countIf(scope, filter, sql`(${conditionValue(scope, clause, expr)})`), columns)]
}

/** The condition as SQL. A cell that cannot be read is not missing: `type` reports it, and `required` not once more. */
export function conditionValue(scope: Scope, clause: EveryClause, expr: Expr): Sql {
  const misfit = requiredMisfit(scope, clause, expr)
  const value = scope.value(expr)
  return misfit === undefined ? value : sql`(${value} OR ${misfit} IS NOT NULL)`
}

/** For a `required` contract: the texts of its column that cannot be read, where there can be any. */
function requiredMisfit(scope: Scope, clause: EveryClause, expr: Expr): Sql | undefined {
  if (clause.origin === 'authored' || expr.node !== 'is-missing' || !expr.negated) return undefined
  const column = expr.operand.node === 'column' ? scope.column(expr.operand.name) : undefined
  return column?.misfitIsMissing === true ? undefined : column?.misfit
}

/**
 * The one column of a condition that is an error exactly where the cell is missing: comparisons and lookups of that
 * column with literals, joined by `&&`, `||`, `!`. Undefined where it reads several, tests for missing, or may err otherwise.
 */
export function strictIn(expr: Expr): string | undefined {
  if (possibleErrors(expr).size !== 1) return undefined
  switch (expr.node) {
    case 'column':
      return expr.name
    case 'in-list':
    case 'matches':
      return strictIn(expr.operand)
    case 'and':
    case 'or':
    case 'call': {
      const names = expr.args.map((arg) =>
        arg.node === 'literal' && expr.node === 'call' ? null : (strictIn(arg) ?? undefined),
      )
      const read = new Set(names.filter((name) => name !== null))
      const [only] = read
      return read.size === 1 ? only : undefined
    }
    default:
      return undefined
  }
}

/** A row without a value fails, unless it is one that the policy lets pass or leaves out. */
export function underPolicy(clause: EveryClause, rows: number, failing: number, missing: number): EveryCounts {
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
  session: Database,
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
  const { from } = narrowed(scope, [...columns, ...filter.columns]).relation
  const result = await session.query(
    sql`SELECT coalesce(sum("n") FILTER (WHERE "missing"), 0) AS "missing",
               coalesce(sum("n") FILTER (WHERE NOT "missing" AND "n" > 1), 0) AS "repeated"
        FROM (SELECT count(*) AS "n", ${missing} AS "missing" FROM ${from}${where(scope, filter)} GROUP BY ${cells}) AS "groups"`,
  )
  if (!result.ok) return result
  const lacking = Number(result.value.columns.get('missing')?.[0] ?? 0)
  const repeated = Number(result.value.columns.get('repeated')?.[0] ?? 0)
  return { ok: true, value: underPolicy(clause, Number(all.value), lacking + repeated, lacking) }
}
