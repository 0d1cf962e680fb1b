import type { Expr } from '../../../expr/expr.ts'
import { missingOf } from '../missing.ts'
import type { Sql } from '../sql.ts'
import { type SnowflakeOptions, snowflake } from './compile.ts'

/**
 * Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. The value
 * alone is NULL for any error, so this is asked where another one is possible, too.
 */
export function endsInMissing(expr: Expr, options: SnowflakeOptions): Sql {
  return missingOf(snowflake, expr, options)
}
