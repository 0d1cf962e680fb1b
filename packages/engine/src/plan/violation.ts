import { type Expr, join, type Sql, sql } from '@plumbline/core'
import type { Scope } from './scope.ts'

const COMPARISON = /^(lt|le|gt|ge|eq)_(int|double|int_double|double_int|timestamp)$/

/**
 * How far a failing row is from satisfying a condition, as SQL: the difference of the two sides of a comparison (times in microseconds), the
 * greatest of the parts of `&&`, the least of those of `||`; NULL where a cell is missing. Undefined where the condition has no
 * size (texts, lists, tests for missing cells). For the order of rows only: differences are of float64.
 */
export function violationOf(scope: Scope, expr: Expr): Sql | undefined {
  switch (expr.node) {
    case 'and': {
      const parts = expr.args.flatMap((part) => violationOf(scope, part) ?? [])
      return parts.length === 0 ? undefined : sql`greatest(${join(parts, sql`, `)})`
    }
    case 'or': {
      const parts = expr.args.map((part) => violationOf(scope, part))
      const known = parts.filter((part) => part !== undefined)
      return known.length < parts.length ? undefined : sql`least(${join(known, sql`, `)})`
    }
    case 'call': {
      const [, operator, types] = COMPARISON.exec(expr.fn) ?? []
      const [left, right] = expr.args.map((arg) => quantity(scope.value(arg), types))
      if (operator === undefined || left === undefined || right === undefined) return undefined
      if (operator === 'eq') return sql`abs(${left} - ${right})`
      return operator === 'lt' || operator === 'le' ? sql`(${left} - ${right})` : sql`(${right} - ${left})`
    }
    default:
      return undefined
  }
}

const quantity = (value: Sql, types: string | undefined): Sql =>
  types === 'timestamp' ? sql`CAST(epoch_us(${value}) AS DOUBLE)` : sql`CAST(${value} AS DOUBLE)`
