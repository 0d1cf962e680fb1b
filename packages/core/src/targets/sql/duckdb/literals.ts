import type { Literal } from '../../../expr/expr.ts'
import { literalFrom, type Literals } from '../literals.ts'
import { floatLiteral, integerLiteral, join, type Sql, sql, textLiteral } from '../sql.ts'

/** A text; NUL, which DuckDB does not take inside quotes, is written `chr(0)`. */
export function text(value: string): Sql {
  if (!value.includes('\0')) return textLiteral(value)
  return sql`(${join(value.split('\0').map(textLiteral), sql` || chr(0) || `)})`
}

/** A float64; the infinities are values of data. */
export function double(value: number): Sql {
  if (Number.isFinite(value)) return floatLiteral(value)
  return value > 0 ? sql`CAST('inf' AS DOUBLE)` : sql`CAST('-inf' AS DOUBLE)`
}

/** A literal as DuckDB reads it beside a value of the same type: a small whole number is an INTEGER there. */
export const bareLiteral = literalFrom({
  text,
  double,
  whole: integerLiteral,
  instant: (micros) => sql`make_timestamp(${integerLiteral(micros)})`,
})

/** A literal with the width of its kind even where it stands alone: int is BIGINT, never INTEGER. */
export function literal(node: Literal): Sql {
  const wide = node.type.kind === 'int' || node.type.kind === 'duration'
  return wide && node.value !== null ? sql`CAST(${bareLiteral(node)} AS BIGINT)` : bareLiteral(node)
}

/** How DuckDB writes values. */
export const duckdbLiterals: Literals = { text, double, bare: bareLiteral, literal }
