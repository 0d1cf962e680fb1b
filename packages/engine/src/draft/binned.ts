import { floatLiteral, integerLiteral, join, type Sql, sql, textLiteral } from '@plumbline/core'
import type { Overview } from './overview.ts'
import type { DraftColumn } from './rows.ts'

/** A column cut into few parts: deciles of an amount, values of a category. */
export interface Binned {
  readonly column: DraftColumn
  readonly bins: number
  /** The bin of a cell, from 0; the last is that of missing cells. */
  readonly bin: Sql
}

/** The bins of a column; undefined where it has no few parts. */
export function binned(column: DraftColumn, { amounts }: Overview): Binned | undefined {
  const { type, values } = column.profile
  const { cell } = column
  const amount = amounts.get(column.index)
  if (amount !== undefined && amount.deviation > 0) {
    const edges = [...new Set(amount.deciles)]
    const parts = edges.map((edge) => sql`CASE WHEN CAST(${cell} AS DOUBLE) > ${floatLiteral(edge)} THEN 1 ELSE 0 END`)
    return of(column, sql`${join(parts, sql` + `)}`, edges.length + 1)
  }
  if (type === 'boolean') return of(column, sql`CASE WHEN ${cell} THEN 1 ELSE 0 END`, 2)
  if (type !== 'category' || values === undefined || values.length === 0) return undefined
  const cases = values.map((value, i) => sql`WHEN ${literal(value)} THEN ${integerLiteral(BigInt(i))}`)
  return of(column, sql`CASE ${cell} ${join(cases, sql` `)} ELSE 0 END`, values.length)
}

function of(column: DraftColumn, bin: Sql, bins: number): Binned {
  const missing = integerLiteral(BigInt(bins))
  return { column, bins: bins + 1, bin: sql`CASE WHEN ${column.cell} IS NULL THEN ${missing} ELSE ${bin} END` }
}

/** A value of a category as SQL. */
export function literal(value: string | number | boolean): Sql {
  if (typeof value === 'string') return textLiteral(value)
  return typeof value === 'boolean' ? (value ? sql`true` : sql`false`) : integerLiteral(BigInt(value))
}
