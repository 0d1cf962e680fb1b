import type { Expr } from '../../expr/expr.ts'
import { possibleErrors } from '../errors.ts'
import { expand } from '../expand.ts'
import { isCompiled } from '../list-use.ts'
import { refuse } from '../unsupported.ts'
import { join, type Sql, sql } from './sql.ts'
import { compilerOf, type RowCompiler } from './compile.ts'
import type { Dialect, RowOptions } from './dialect.ts'

const FALSE = sql`false`

/**
 * Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. The value
 * alone is NULL for any error, so this is asked where another one is possible, too.
 */
export function missingOf(dialect: Dialect, expr: Expr, options: RowOptions): Sql {
  const expanded = expand(expr)
  return missing(expanded, compilerOf(dialect, expanded, options))
}

function missing(expr: Expr, compile: RowCompiler): Sql {
  const errors = possibleErrors(expr)
  if (!errors.has('missing')) return FALSE
  // Where no other error is possible, "an error" is "missing".
  if (errors.size === 1) return sql`(${compile.value(expr)} IS NULL)`
  switch (expr.node) {
    case 'call':
      return firstError(expr.args, compile)
    case 'in-list':
    case 'lookup':
    case 'matches':
      return missing(expr.operand, compile)
    case 'and':
    case 'or': {
      // Undecided = not the value that absorbs. Left in error wins unless right absorbs; else right is the result.
      const [left, right] = expr.args
      const [l, r] = [compile.value(left), compile.value(right)]
      const undecided = expr.node === 'and' ? sql`COALESCE(${r}, true)` : sql`(NOT COALESCE(${r}, false))`
      const passes = expr.node === 'and' ? sql`COALESCE(${l}, false)` : sql`(NOT COALESCE(${l}, true))`
      return sql`((${missing(left, compile)} AND ${undecided}) OR (${passes} AND ${missing(right, compile)}))`
    }
    case 'conditional': {
      const [condition, then, otherwise] = expr.args
      const c = compile.value(condition)
      return sql`(CASE WHEN ${c} THEN ${missing(then, compile)} WHEN NOT ${c} THEN ${missing(otherwise, compile)} ELSE ${missing(condition, compile)} END)`
    }
    case 'comprehension': {
      if (!isCompiled(expr)) return refuse(expr)
      // 0: it has a value; of the elements where it has none the first is the result.
      const over = compile.overElements(
        expr,
        (body) =>
          sql`(CASE WHEN ${compile.value(body)} IS NOT NULL THEN 0 WHEN ${missing(body, compile)} THEN 1 ELSE 2 END)`,
      )
      const list = compile.value(expr.range)
      const first = compile.nodes.firstNotZero(compile.nodes.truths(list, over))
      return sql`(${list} IS NULL OR (${compile.value(expr)} IS NULL AND COALESCE(${first} = 1, false)))`
    }
    default:
      return refuse(expr)
  }
}

/** Strict arguments: the first error from the left is the result, so those before it must have values. */
function firstError(args: readonly Expr[], compile: RowCompiler): Sql {
  const [first, ...rest] = args
  if (first === undefined) return FALSE
  const here = missing(first, compile)
  if (rest.every((arg) => !possibleErrors(arg).has('missing'))) return here
  const there = firstError(rest, compile)
  const others = [...possibleErrors(first)].some((code) => code !== 'missing')
  const after = others ? sql`(${compile.value(first)} IS NOT NULL AND ${there})` : there
  return possibleErrors(first).has('missing') ? sql`(${join([here, after], sql` OR `)})` : after
}
