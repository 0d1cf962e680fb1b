import type { AggregateName } from '../../expr/functions/aggregates.ts'
import type { ScalarKind } from '../../expr/type.ts'
import type { Dialect } from './dialect.ts'
import { join, type Sql, sql } from './sql.ts'

/** The aggregates of relation scope that are one expression over a group of rows. */
export type SqlAggregate = Extract<
  AggregateName,
  | 'count'
  | 'distinct'
  | 'null_share'
  | 'share'
  | 'sum'
  | 'min'
  | 'max'
  | 'mean'
  | 'variance'
  | 'stddev'
  | 'median'
  | 'quantile'
  | 'correlation'
>

/** An argument that is read row by row: a compiled row expression (NULL where it has no value), and its kind. */
export interface AggregateArgument {
  readonly value: Sql
  readonly kind: ScalarKind
}

/** One aggregate: its function, its row expressions in order, and for `quantile` where in [0, 1]. */
export interface AggregateCall {
  readonly fn: SqlAggregate
  readonly args: readonly AggregateArgument[]
  readonly q?: number
}

/** What aggregates are said differently by dialects. NULL values are skipped; NULL where there is none. */
export interface AggregateSpellings {
  readonly asDouble: (value: Sql) => Sql
  /** A value whose order and equality are those of the language. */
  readonly ordered: (value: Sql, kind: ScalarKind) => Sql
  /** The exact sum of ints; NULL beyond int64. */
  readonly sumOfInts: (value: Sql) => Sql
  readonly meanOfInts: (value: Sql) => Sql
  /** As IEEE 754 adds: infinite where a value is, or where the sum overflows; NULL for NaN. */
  readonly sumOfDoubles: (value: Sql) => Sql
  readonly meanOfDoubles: (value: Sql) => Sql
  /** Type 7, of doubles; where it reads an infinite value its answer is not used. */
  readonly quantile: (value: Sql, q: Sql) => Sql
  /** Divisor n − 1, by a way that loses no digits where values lie far from 0; default `var_samp`. */
  readonly variance?: (value: Sql) => Sql
  /** Sums of squares and of products of the distances from the means; default the `regr_…` of standard SQL. */
  readonly squares?: (x: Sql, y: Sql) => { readonly xx: Sql; readonly yy: Sql; readonly xy: Sql }
}

const standardSquares: NonNullable<AggregateSpellings['squares']> = (x, y) => ({
  xx: sql`regr_sxx(${y}, ${x})`,
  yy: sql`regr_syy(${y}, ${x})`,
  xy: sql`regr_sxy(${y}, ${x})`,
})

/** Values beyond have no moments: their squares, summed up, could leave float64. */
const MOST = 1e145
/** Sums of squares below have lost digits to underflow. */
const LEAST_SQUARES = 1e-290

/**
 * An aggregate as an expression over the rows of a group (or of a whole relation), read only where `rows` is true. NULL
 * where it is undefined: no value to read, a sum of ints beyond int64, moments as `MOST` says, +∞ and −∞ together. Rows
 * on which an argument ends in an error are skipped as missing ones are; whoever minds counts them beside it.
 */
export function aggregateSql(dialect: Dialect, call: AggregateCall, rows?: Sql): Sql {
  const { aggregates, literals } = dialect
  const only = (value: Sql): Sql => (rows === undefined ? value : sql`CASE WHEN ${rows} THEN ${value} END`)
  const all = rows === undefined ? sql`count(*)` : sql`count(${only(sql`1`)})`
  const [first, second] = call.args
  const kind = first?.kind ?? 'int'
  const value = (): Sql => only(argument(first).value)
  const number = (): Sql => (kind === 'double' ? value() : aggregates.asDouble(value()))
  const ratio = (part: Sql): Sql => sql`(${aggregates.asDouble(part)} / nullif(${all}, 0))`
  switch (call.fn) {
    case 'count':
      return all
    case 'distinct':
      return sql`count(DISTINCT ${aggregates.ordered(value(), kind)})`
    case 'null_share':
      return ratio(sql`(${all} - count(${value()}))`)
    case 'share':
      return ratio(sql`count(CASE WHEN ${value()} THEN 1 END)`)
    case 'sum':
      return kind === 'double' ? aggregates.sumOfDoubles(value()) : aggregates.sumOfInts(value())
    case 'mean':
      return kind === 'double' ? aggregates.meanOfDoubles(value()) : aggregates.meanOfInts(value())
    case 'min':
      return sql`min(${aggregates.ordered(value(), kind)})`
    case 'max':
      return sql`max(${aggregates.ordered(value(), kind)})`
    case 'variance':
      return variance(dialect, number())
    case 'stddev':
      return sql`sqrt(${variance(dialect, number())})`
    case 'median':
      return quantile(dialect, number(), literals.double(0.5))
    case 'quantile':
      return quantile(dialect, number(), literals.double(call.q ?? 0.5))
    case 'correlation': {
      const other = only(argument(second).value)
      return correlation(dialect, number(), second?.kind === 'double' ? other : aggregates.asDouble(other))
    }
  }
}

/** Rows in groups larger than one, as a statement of one number; a missing cell equals a missing cell. */
export function duplicatesSql(
  dialect: Dialect,
  from: Sql,
  cells: readonly AggregateArgument[],
  rows: Sql = sql`true`,
): Sql {
  const keys = join(
    cells.map((cell) => dialect.aggregates.ordered(cell.value, cell.kind)),
    sql`, `,
  )
  return sql`SELECT CAST(coalesce(sum(n), 0) AS bigint) AS duplicates FROM (SELECT count(*) AS n FROM ${from} WHERE ${rows} GROUP BY ${keys} HAVING count(*) > 1) AS several`
}

function argument(given: AggregateArgument | undefined): AggregateArgument {
  if (given === undefined) throw new Error('An aggregate lacks an argument; the static check must refuse it before.')
  return given
}

/** Divisor n − 1. Equal values have no variance, which running sums would miss by the rounding of a mean. */
function variance({ literals, aggregates }: Dialect, x: Sql): Sql {
  const [most, zero] = [literals.double(MOST), literals.double(0)]
  const fitting = sql`CASE WHEN abs(${x}) <= ${most} THEN ${x} END`
  return sql`(CASE WHEN count(${x}) > 1 AND count(${x}) = count(${fitting}) THEN CASE WHEN min(${x}) = max(${x}) THEN ${zero} ELSE ${aggregates.variance?.(fitting) ?? sql`var_samp(${fitting})`} END END)`
}

/** Pearson, over the rows where both are present; undefined where one of them does not vary. */
function correlation({ literals, aggregates }: Dialect, left: Sql, right: Sql): Sql {
  const both = sql`${left} IS NOT NULL AND ${right} IS NOT NULL`
  const fits = sql`abs(${left}) <= ${literals.double(MOST)} AND abs(${right}) <= ${literals.double(MOST)}`
  const [x, y] = [sql`CASE WHEN ${fits} THEN ${left} END`, sql`CASE WHEN ${fits} THEN ${right} END`]
  const varies = (value: Sql): Sql => sql`min(${value}) < max(${value})`
  const { xx, yy, xy } = (aggregates.squares ?? standardSquares)(x, y)
  const floor = literals.double(LEAST_SQUARES)
  // Below 1e-20 it is 0, so that neither quotient can underflow.
  const quotient = sql`CASE WHEN abs(${xy}) > ${literals.double(1e-20)} * sqrt(${xx}) * sqrt(${yy}) THEN ${xy} / sqrt(${xx}) / sqrt(${yy}) ELSE ${literals.double(0)} END`
  return sql`(CASE WHEN count(CASE WHEN ${both} THEN 1 END) = count(CASE WHEN ${fits} THEN 1 END) AND ${varies(x)} AND ${varies(y)} THEN CASE WHEN ${xx} > ${floor} AND ${yy} > ${floor} THEN greatest(least(${quotient}, ${literals.double(1)}), ${literals.double(-1)}) END END)`
}

/** Infinite values are decided by their number: both ends of the interpolation are places in the sorted values. */
function quantile({ aggregates, literals }: Dialect, x: Sql, q: Sql): Sql {
  const [most, least] = [literals.double(Infinity), literals.double(-Infinity)]
  const place = sql`(count(${x}) - 1) * ${q}`
  const below = sql`count(CASE WHEN ${x} = ${least} THEN 1 END) > floor(${place})`
  const above = sql`count(CASE WHEN ${x} < ${most} THEN 1 END) <= ceil(${place})`
  return sql`(CASE WHEN count(${x}) = 0 OR (${below} AND ${above}) THEN NULL WHEN ${below} THEN ${least} WHEN ${above} THEN ${most} ELSE ${aggregates.quantile(x, q)} END)`
}
