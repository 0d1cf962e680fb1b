import type { Expr } from '../../expr/expr.ts'
import type { Support } from '../unsupported.ts'
import { compilerOf, supportOf } from './compile.ts'
import type { Dialect, RowOptions } from './dialect.ts'
import { missingOf } from './missing.ts'
import type { Spellings } from './spelling.ts'
import type { Sql } from './sql.ts'

/** What a dialect makes of an expression of row scope. */
export interface RowCompiler {
  /** Whether the database can express it; if not, the first node that it cannot, and why. */
  readonly support: (expr: Expr, functions?: Spellings) => Support
  /** The value, in which SQL NULL stands for an error of any kind. Nothing in it raises. */
  readonly compileRow: (expr: Expr, options: RowOptions) => { readonly value: Sql }
  /**
   * Whether it ends in the error `missing` and no other: a boolean that is never NULL. The value alone is NULL for any error,
   * so this is asked where another one is possible, too.
   */
  readonly endsInMissing: (expr: Expr, options: RowOptions) => Sql
}

/** The compiler of a dialect. */
export const rowCompiler = (dialect: Dialect): RowCompiler => ({
  support: (expr, functions = dialect.functions) => supportOf(dialect, expr, functions),
  compileRow: (expr, options) => ({ value: compilerOf(dialect, expr, options).value(expr) }),
  endsInMissing: (expr, options) => missingOf(dialect, expr, options),
})
