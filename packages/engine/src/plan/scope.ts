import { columnsOf, type Expr, join, possibleErrors, type Sql, sql } from '@plumbline/core'
import { duckdbSpelling } from '../duckdb/spelling.ts'
import type { AggregateSql, PlanSpelling } from '../engines/plan-spelling.ts'
import type { ReadFailure } from '../relations/failure.ts'
import { type OpenRelation, type RelationColumn, rowsWith } from '../relations/relation.ts'
import { spanOf } from './bounds.ts'

/** Row expressions of one relation as SQL. */
export interface Scope {
  readonly relation: OpenRelation
  /** How the database that holds its rows says things. */
  readonly spelling: PlanSpelling
  /** The value; NULL where it is an error. */
  value(expr: Expr): Sql
  /** TRUE where the expression ends in the error `missing`, else FALSE. */
  missing(expr: Expr): Sql
  column(name: string): RelationColumn
  /** Whether the expression is known to be a finite number wherever it has a value. */
  isFinite(expr: Expr): boolean
  /** Why one of the columns cannot be read; undefined when all can. */
  failureOf(columns: Iterable<string>): ReadFailure | undefined
}

/** The scope of an open relation. Expressions must name readable columns only: ask `failureOf` first. */
export function scopeOf(relation: OpenRelation): Scope {
  const column = (name: string): RelationColumn => {
    const found = relation.columns.get(name)
    if (found === undefined) throw new Error(`The column ${name} was not opened.`)
    return found
  }
  const isFinite = (expr: Expr): boolean => spanOf(expr, (name) => column(name).bounds) !== undefined
  const options = { column: (name: string) => column(name).cell, isFinite }
  const spelling = relation.database?.spelling ?? duckdbSpelling
  return {
    relation,
    spelling,
    column,
    isFinite,
    value: (expr) => spelling.value(expr, options),
    missing: (expr) => spelling.missing(expr, options),
    failureOf(columns) {
      for (const name of columns) {
        const failure = relation.failures.get(name)
        if (failure !== undefined) return failure
        if (!relation.columns.has(name)) {
          return { reason: 'column-missing', cause: `The relation ${relation.name} has no column "${name}".` }
        }
      }
      return undefined
    },
  }
}

/** The scope with no more columns than these and those of the split condition, where that is less work. */
export function narrowed(scope: Scope, columns: Iterable<string>): Scope {
  const { relation } = scope
  const read = [...columns, ...(relation.filter === null ? [] : columnsOf(relation.filter))]
  const [from, numbered] = [rowsWith(relation.from, read), rowsWith(relation.numbered, read)]
  return { ...scope, relation: { ...relation, from, numbered } }
}

/** Rows picked by conditions that must all be true (a slice, a group); an error picks nothing. */
export interface RowFilter {
  readonly conditions: readonly Expr[]
  readonly columns: ReadonlySet<string>
}

/** The filter of a slice and further conditions; nulls (all rows) are left out. */
export function rowFilter(...conditions: readonly (Expr | null | undefined)[]): RowFilter {
  const kept = conditions.filter((condition) => condition !== null && condition !== undefined)
  return { conditions: kept, columns: new Set(kept.flatMap((condition) => [...columnsOf(condition)])) }
}

/** TRUE for the rows of a filter (and of more SQL conditions); undefined = all rows. */
export function picks(scope: Scope, filter: RowFilter, ...more: readonly Sql[]): Sql | undefined {
  const parts = [...filter.conditions.map((condition) => sql`(${scope.value(condition)})`), ...more]
  return parts.length === 0 ? undefined : join(parts, sql` AND `)
}

/**
 * The value on the rows of a filter, NULL elsewhere: every aggregate skips it there. Not `agg(…) FILTER`: DuckDB then
 * cuts all columns of the statement anew for each filter, which is quadratic in the size of the plan.
 */
export function masked(scope: Scope, filter: RowFilter, value: Sql): Sql {
  const picked = picks(scope, filter)
  return picked === undefined ? value : sql`CASE WHEN ${picked} THEN ${value} END`
}

/** Counts the rows of a filter on which more is true. */
export function countIf(scope: Scope, filter: RowFilter, ...more: readonly Sql[]): AggregateSql {
  const picked = picks(scope, filter, ...more)
  return picked === undefined
    ? { fast: sql`count(*)`, perValue: rowsWhere(sql`TRUE`) }
    : { fast: scope.spelling.countIf(picked), perValue: rowsWhere(picked) }
}

/** Counts the rows of a filter that have the value. */
export function countPresent(scope: Scope, filter: RowFilter, value: Sql): AggregateSql {
  const own = masked(scope, filter, value)
  return { fast: sql`count(${own})`, perValue: rowsWhere(sql`(${own}) IS NOT NULL`) }
}

/** Counts the distinct cells of a column on the rows of a filter. */
export function countDistinct(scope: Scope, filter: RowFilter, cell: Sql): AggregateSql {
  const own = masked(scope, filter, cell)
  // Where cells are told apart, each stands there once.
  return { fast: sql`count(DISTINCT ${own})`, perValue: sql`count(${own})`, tellsApart: true }
}

/** How many rows the values stand for on which a condition is true. */
const rowsWhere = (condition: Sql): Sql =>
  sql`CAST(coalesce(sum(CASE WHEN ${condition} THEN "alike" END), 0) AS BIGINT)`

/** A WHERE clause for the rows of a filter within the relation; empty when that is all rows. */
export function where(scope: Scope, filter: RowFilter, ...more: readonly Sql[]): Sql {
  const own = scope.relation.filter
  const condition = picks(scope, rowFilter(own, ...filter.conditions), ...more)
  return condition === undefined ? sql`` : sql` WHERE ${condition}`
}

/** Rows with an error in one of the conditions; undefined when there can be none. */
export function undecidedRows(scope: Scope, conditions: readonly Expr[]): Sql | undefined {
  const risky = conditions.filter((condition) => possibleErrors(condition).size > 0)
  if (risky.length === 0) return undefined
  return join(
    risky.map((condition) => sql`(${scope.value(condition)}) IS NULL`),
    sql` OR `,
  )
}
