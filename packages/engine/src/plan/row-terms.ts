import {
  columnsOf,
  type ErrorReason,
  type Expr,
  type Measured,
  possibleErrors,
  type Sql,
  sql,
  stats,
  type Term,
  type TermArgument,
  join,
} from '@plumbline/core'
import type { MeasuredTerm, TermOutcome } from '../decide/measured.ts'
import type { Cell } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { AggregateSql } from '../engines/plan-spelling.ts'
import { measuredCell } from './cells.ts'
import type { Scan, Ticket } from './scan.ts'
import { strictIn } from './every.ts'
import { countIf, countDistinct, countPresent, masked, type RowFilter, rowFilter, type Scope } from './scope.ts'

/** A term put into the scan. */
export interface RowTermAsk {
  /** What was asked for it, by the names that `finish` reads. */
  readonly tickets: Readonly<Record<string, Ticket>>
  /** Makes its value once the scan has run. */
  readonly read: () => TermOutcome
  /** Makes its value of numbers that were had in another way. */
  readonly finish: (values: Readonly<Record<string, Cell>>) => TermOutcome
}

/** The expression of an argument that is read row by row. */
export function argumentExpr(scope: Scope, argument: TermArgument | undefined): Expr {
  if (argument?.kind === 'expr') return argument.expr
  if (argument?.kind === 'column') return columnExpr(scope, argument.name)
  throw new Error('The term has no row expression here.')
}

/** A bare column as an expression. */
export function columnExpr(scope: Scope, name: string): Expr {
  return { node: 'column', name, type: scope.column(name).type }
}

/** Columns a term reads in the relation it is measured on. */
export function columnsOfTerm(term: Term): ReadonlySet<string> {
  const names = term.args.flatMap((arg) =>
    arg.kind === 'column' ? [arg.name] : arg.kind === 'expr' ? [...columnsOf(arg.expr)] : [],
  )
  const whole = [term.cluster, term.weights].filter((column) => column !== undefined)
  return new Set([...names, ...whole, ...(term.where === undefined ? [] : columnsOf(term.where))])
}

/** A failure of a term. */
export function failedTerm(reason: ErrorReason, cause: string): TermOutcome {
  return { ok: false, failure: { reason, cause } }
}

const LEAST = -(2n ** 63n)
const GREATEST = 2n ** 63n - 1n

/** Reads several tickets at once; `finish` gets their values. */
function reading(
  scan: Scan,
  term: Term,
  tickets: Readonly<Record<string, Ticket>>,
  finish: (values: Readonly<Record<string, Cell>>) => TermOutcome,
): RowTermAsk {
  return {
    tickets,
    finish,
    read: () => {
      const values: Record<string, Cell> = {}
      for (const [name, ticket] of Object.entries(tickets)) {
        const answer = scan.answer(ticket)
        // Moments of numbers near 1e200 do not exist in float64; the engine refuses them as it does infinite ones.
        const beyond = !answer.ok && /Out of Range/.test(answer.error.message)
        if (!answer.ok && !beyond)
          return failedTerm(failureReason(answer.error), `${term.expression}: ${answer.error.cause}`)
        values[name] = answer.ok ? answer.value : null
      }
      return finish(values)
    },
  }
}

const number = (cell: Cell | undefined): number => Number(cell ?? 0)

/**
 * Asks the scan for a term that one pass over the rows gives: all of the table but the distances. Aggregates skip
 * missing cells and count them; an expression that ends in another error on some row makes the term a failure.
 */
export function askRowTerm(scan: Scan, term: Term, slice: RowFilter): RowTermAsk | undefined {
  const { scope } = scan
  const filter = rowFilter(...slice.conditions, term.where)
  const columns = [...columnsOfTerm(term), ...slice.columns]
  const rows = scan.ask(countIf(scope, filter), filter.columns)
  const measured = (value: Measured, missing: number, estimate?: stats.Estimation): TermOutcome => {
    const shown = typeof value === 'number' && Number.isNaN(value) ? null : value
    const own: MeasuredTerm = { term, value: shown, missing }
    return { ok: true, value: estimate === undefined || term.estimates === 'rows' ? own : { ...own, estimate } }
  }

  switch (term.fn) {
    case 'count':
      return reading(scan, term, { rows }, (v) => measured(number(v.rows), 0))
    case 'present':
    case 'distinct':
    case 'null_share': {
      const cell = scope.value(argumentExpr(scope, term.args[0]))
      const present = scan.ask(countPresent(scope, filter, cell), columns)
      if (term.fn === 'null_share') {
        return reading(scan, term, { rows, present }, (v) => {
          const missing = number(v.rows) - number(v.present)
          return measured(number(v.rows) === 0 ? null : missing / number(v.rows), missing)
        })
      }
      if (term.fn === 'present') {
        return reading(scan, term, { rows, present }, (v) =>
          measured(number(v.present), number(v.rows) - number(v.present)),
        )
      }
      // Of a column: what an expression makes of distinct cells may be equal.
      const isCell = term.args[0]?.kind === 'column'
      const distinct = scan.ask(
        isCell ? countDistinct(scope, filter, cell) : sql`count(DISTINCT ${masked(scope, filter, cell)})`,
        columns,
      )
      return reading(scan, term, { rows, present, distinct }, (v) =>
        measured(number(v.distinct), number(v.rows) - number(v.present)),
      )
    }
    case 'share': {
      const condition = argumentExpr(scope, term.args[0])
      const value = scope.value(condition)
      const holding = scan.ask(countIf(scope, filter, sql`(${value})`), columns)
      const strict = strictIn(condition)
      // Where a row lacks a value exactly where one column lacks a cell, the count of its cells serves all clauses.
      const present =
        strict === undefined ? undefined : scan.ask(countPresent(scope, filter, scope.column(strict).cell), columns)
      const missing =
        present === undefined && possibleErrors(condition).has('missing')
          ? scan.ask(countIf(scope, filter, scope.missing(condition)), columns)
          : undefined
      const tickets = { rows, holding, ...(present && { present }), ...(missing && { missing }) }
      return reading(scan, term, tickets, (v) => {
        const [n, k] = [number(v.rows), number(v.holding)]
        const lacking = present === undefined ? number(v.missing) : n - number(v.present)
        return measured(n === 0 ? null : k / n, lacking, stats.wilsonEstimate(k, n))
      })
    }
    case 'sum':
    case 'min':
    case 'max':
    case 'mean':
    case 'variance':
    case 'stddev':
    case 'median':
    case 'quantile':
    case 'correlation':
      return numericTerm(scan, term, filter, columns, rows, measured)
    default:
      return undefined
  }
}

function numericTerm(
  scan: Scan,
  term: Term,
  filter: RowFilter,
  columns: readonly string[],
  rows: Ticket,
  measured: (value: Measured, missing: number, estimate?: stats.Estimation) => TermOutcome,
): RowTermAsk {
  const { scope } = scan
  const arity = term.fn === 'correlation' ? 2 : 1
  const exprs = term.args.slice(0, arity).map((argument) => argumentExpr(scope, argument))
  const values = exprs.map((expr) => masked(scope, filter, scope.value(expr)))
  const x = values[0] as Sql
  const present =
    values.length === 1
      ? x
      : sql`CASE WHEN ${join(
          values.map((v) => sql`(${v}) IS NOT NULL`),
          sql` AND `,
        )} THEN 1 END`
  const risky = exprs.filter((expr) => [...possibleErrors(expr)].some((code) => code !== 'missing'))
  const broken = risky.map((expr) => sql`(${scope.value(expr)}) IS NULL AND NOT ${scope.missing(expr)}`)
  const tickets: Record<string, Ticket> = {
    rows,
    present: scan.ask(sql`count(${present})`, columns),
    ...(broken.length === 0
      ? {}
      : { broken: scan.ask(countIf(scope, filter, sql`(${join(broken, sql` OR `)})`), columns) }),
    ...numbersOf(scan, term, exprs, values, { columns, whole: filter.conditions.length === 0 }),
  }
  return reading(scan, term, tickets, (v) => {
    if (number(v.broken) > 0) {
      return failedTerm(
        'evaluation-failed',
        `${term.expression} has no value on ${number(v.broken)} rows: an overflow, a division by zero, a failed conversion or a non-finite result. Guard the expression, or leave those rows out with a slice.`,
      )
    }
    const n = number(v.present)
    const missing = number(v.rows) - n
    if (n === 0) return measured(null, missing, stats.undefinedEstimate('empty'))
    if (term.fn === 'sum' && typeof v.value === 'bigint' && (v.value < LEAST || v.value > GREATEST)) {
      return failedTerm(
        'evaluation-failed',
        `${term.expression} is ${v.value}, beyond int64. Sum as numbers: sum(double(…)).`,
      )
    }
    // Merged parts are moments of finite numbers, and say how many were not.
    const value = number(v.infinite) > 0 ? null : measuredCell(v.value ?? null, exprs[0]?.type ?? term.type)
    return measured(value, missing, analytic(term, value, n, number(v.sd), number(v.infinite)))
  })
}

/** The aggregates behind one numeric term, by the names `numericTerm` reads. */
function numbersOf(
  scan: Scan,
  term: Term,
  exprs: readonly Expr[],
  values: readonly Sql[],
  { columns, whole }: { readonly columns: readonly string[]; readonly whole: boolean },
): Record<string, Ticket> {
  const { scope } = scan
  const [x, y] = values as [Sql, Sql?]
  const { spelling } = scope
  const [type, other] = [exprs[0]?.type ?? term.type, exprs[1]?.type ?? term.type]
  const ask = (aggregate: Sql | AggregateSql, known?: Cell) => scan.ask(aggregate, columns, known)
  const [first] = exprs
  const bounds =
    whole && scope.relation.filter === null && first?.node === 'column' ? scope.column(first.name).bounds : undefined
  // The engine refuses infinities in moments, or gives no number for them: then they are left out, and where there are any the term is undefined.
  const finite = values.map((value, i) =>
    mayBeInfinite(scope, exprs[i]) ? sql`CASE WHEN ${spelling.isFinite(value)} THEN ${value} END` : value,
  )
  const [fx, fy] = finite as [Sql, Sql?]
  const infinite = infiniteRows(scope, exprs, values)
  const orUndefined = (moment: AggregateSql, left: AggregateSql): AggregateSql =>
    infinite === undefined
      ? moment
      : { fast: moment.fast, careful: sql`CASE WHEN ${infinite} = 0 THEN ${left.careful ?? left.fast} END` }
  switch (term.fn) {
    case 'sum':
      return { value: ask(spelling.sum(x, type)) }
    case 'min':
      return { value: ask(spelling.least(x, type), bounds?.least) }
    case 'max':
      return { value: ask(spelling.greatest(x, type), bounds?.greatest) }
    case 'mean':
      return {
        value: ask(spelling.mean(x, type)),
        ...(term.estimates === 'rows' ? {} : { sd: ask(spelling.stddev(fx, type)) }),
      }
    case 'variance':
    case 'stddev': {
      const moment = term.fn === 'variance' ? spelling.variance : spelling.stddev
      return { value: ask(orUndefined(moment(x, type), moment(fx, type))) }
    }
    case 'median':
    case 'quantile': {
      const argument = term.args[1]
      const q = term.fn === 'median' ? 0.5 : argument?.kind === 'value' ? argument.value : 0.5
      return { value: ask(spelling.quantile(x, type, q)) }
    }
    case 'correlation': {
      const [pair, left] = [y ?? x, fy ?? fx]
      const { correlation } = spelling
      return { value: ask(orUndefined(correlation(x, pair, [type, other]), correlation(fx, left, [type, other]))) }
    }
    default:
      return {}
  }
}

const mayBeInfinite = (scope: Scope, expr: Expr | undefined): boolean =>
  expr?.type.kind === 'double' && !scope.isFinite(expr)

/** Counts rows that have all of some numbers (values of the expressions) and an infinite one among them; undefined where there can be none. */
export function infiniteRows(scope: Scope, exprs: readonly Expr[], values: readonly Sql[]): Sql | undefined {
  const doubles = values.filter((_, i) => mayBeInfinite(scope, exprs[i]))
  if (doubles.length === 0) return undefined
  const isInfinite = join(
    doubles.map((value) => scope.spelling.isInfinite(value)),
    sql` OR `,
  )
  const there = values.map((value) => sql`(${value}) IS NOT NULL AND `)
  return values.length === 1
    ? sql`count(CASE WHEN ${isInfinite} THEN 1 END)`
    : sql`count(CASE WHEN ${join(there, sql``)}(${isInfinite}) THEN 1 END)`
}

/** The interval of a term that its few numbers are enough for. */
function analytic(term: Term, value: Measured, n: number, sd: number, infinite: number): stats.Estimation | undefined {
  if (term.estimates === 'rows' || typeof value !== 'number' || infinite > 0) return undefined
  if (term.fn === 'mean') return stats.meanEstimate(value, sd, n)
  if (term.fn === 'correlation') return stats.correlationEstimate(value, n)
  return undefined
}
