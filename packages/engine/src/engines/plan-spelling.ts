import type { Expr, Sql, Type } from '@plumbline/core'

/** What compiling a row expression needs from outside. */
export interface RowSqlOptions {
  /** The SQL of a column's cell. */
  readonly column: (name: string) => Sql
  /** Whether a number that arithmetic makes is known to be finite on every row. */
  readonly isFinite?: (expr: Expr) => boolean
}

/**
 * An aggregate as a person would write it. Where it raises because a number on the way leaves its type, or gives a number that is not
 * finite, `careful` is asked instead: it is right for all numbers, and costs several times as much.
 */
export interface AggregateSql {
  readonly fast: Sql
  readonly careful?: Sql
  /** The same over the distinct cells of its one column, of which each stands for as many rows as `alike` says; absent where it is more than a count. */
  readonly perValue?: Sql
  /** It tells all distinct cells apart by itself. */
  readonly tellsApart?: true
}

/**
 * How a database says what a plan asks: row expressions, aggregates over them, and the few statements that no standard has.
 * Aggregates skip NULL and are NULL where there is no value. The language's meaning is the reference; DuckDB's spelling and
 * any other have to give the same counts, and the same numbers to 1e-12.
 */
export interface PlanSpelling {
  /**
   * Rows are far away: values are counted and cut into bins there, and not read to be counted here. Else whatever is
   * cheapest is read.
   */
  readonly countsThere: boolean
  /** The value of a row expression; NULL where it is an error. */
  value(expr: Expr, options: RowSqlOptions): Sql
  /** TRUE where it ends in the error `missing`, else FALSE. */
  missing(expr: Expr, options: RowSqlOptions): Sql
  /** A float64 that stands alone. */
  number(value: number): Sql
  /** A FROM item with the same rows, for a statement that names their cells many times: each is computed once a row. */
  computedOnce(from: Sql): Sql
  /** Rows on which a condition is true. */
  countIf(condition: Sql): Sql
  /** A number or boolean (0, 1) as float64. */
  asDouble(value: Sql, type: Type): Sql
  isFinite(double: Sql): Sql
  isInfinite(double: Sql): Sql
  sum(value: Sql, type: Type): AggregateSql
  mean(value: Sql, type: Type): AggregateSql
  /** Divisor n − 1; of finite numbers, NULL below two. */
  variance(value: Sql, type: Type): AggregateSql
  stddev(value: Sql, type: Type): AggregateSql
  least(value: Sql, type: Type): Sql
  greatest(value: Sql, type: Type): Sql
  /** Type 7. */
  quantile(value: Sql, type: Type, q: number): AggregateSql
  /** Pearson, of finite numbers that are both present. */
  correlation(x: Sql, y: Sql, types: readonly [Type, Type]): AggregateSql
  /** A value of a group in which all are the same. */
  anyOf(value: Sql): Sql
  /** A FROM item with the rows of a table `t` (its column `own`) that no row of another (`key`, NULL nowhere) equals. */
  withoutMatch(own: Sql, keys: Sql): Sql
  /** How many of ascending edges lie below a float64 (`binOf`); for databases that count there. */
  binOf(double: Sql, edges: readonly number[]): Sql
  /** The values at ranks from 0 of n float64, one row each (`v`), ascending; for databases that count there. */
  atRanks(double: Sql, n: number, ranks: readonly number[], rows: Sql): Sql
}
