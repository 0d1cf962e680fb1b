import {
  floatLiteral,
  identifier,
  integerLiteral,
  join,
  type ProgramColumn,
  type Sql,
  sql,
  textLiteral,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'

/** The values of a column as a few classes, so that two rows may be alike in it. */
export interface ValueClasses {
  /** A cell as the code of its class; missing where the cell is. */
  readonly code: (cell: Sql) => Sql
  /** A class as it is told: `sex = 1`, `load in [24, 31)`. */
  readonly told: (code: unknown) => string
}

/** Whole numbers with at most so many values are taken value by value. */
const FEW = 16
/** Numbers are taken in bins of equal mass. */
const EDGES = [0.2, 0.4, 0.6, 0.8] as const
/** The most frequent texts are taken one by one, all others as one. */
const TOP = 15

/**
 * Declared values, truth values and narrow integers value by value; other numbers in five bins of equal mass of the traffic; texts by
 * their most frequent values, where those are half of the rows. Undefined where no two rows would be alike (free text, times, lists).
 */
export async function valueClasses(
  session: Session,
  column: ProgramColumn,
  cell: Sql,
  rows: Sql,
): Promise<Read<ValueClasses | undefined>> {
  const { name, type } = column
  if (isNarrow(column)) return found({ code: (own) => own, told: (code) => `${name} = ${String(code)}` })
  if (type.kind === 'int' || type.kind === 'double') return binned(session, name, cell, rows)
  if (type.kind === 'string') return frequent(session, name, cell, rows)
  return found(undefined)
}

function isNarrow({ values, type, low, high }: ProgramColumn): boolean {
  if (values !== undefined || type.kind === 'bool') return true
  if (type.kind !== 'int' || low === undefined || high === undefined) return false
  return Number(high) - Number(low) < FEW
}

async function binned(session: Session, name: string, cell: Sql, rows: Sql): Promise<Read<ValueClasses | undefined>> {
  const asked = EDGES.map(
    (q, i) =>
      sql`quantile_disc(CAST(${cell} AS DOUBLE), ${floatLiteral(q)}) FILTER (WHERE isfinite(CAST(${cell} AS DOUBLE))) AS ${identifier(`q${i}`)}`,
  )
  const read = await session.query(sql`SELECT ${join(asked, sql`, `)} FROM ${rows}`)
  if (!read.ok) return unreadable('engine-failed', read.error.cause)
  const cuts = EDGES.map((_, i) => read.value.columns.get(`q${i}`)?.[0]).filter(
    (each): each is number => typeof each === 'number',
  )
  const edges = [...new Set(cuts)].toSorted((a, b) => a - b)
  if (edges.length === 0) return found(undefined)
  return found({
    code: (own) =>
      sql`CASE WHEN ${own} IS NULL THEN NULL ${join(
        edges.map((edge, i) => sql`WHEN ${own} < ${floatLiteral(edge)} THEN ${integerLiteral(BigInt(i))}`),
        sql` `,
      )} ELSE ${integerLiteral(BigInt(edges.length))} END`,
    told: (code) => {
      const at = Number(code)
      const [low, high] = [edges[at - 1], edges[at]]
      if (low === undefined) return `${name} < ${high}`
      return high === undefined ? `${name} >= ${low}` : `${name} in [${low}, ${high})`
    },
  })
}

async function frequent(session: Session, name: string, cell: Sql, rows: Sql): Promise<Read<ValueClasses | undefined>> {
  const read = await session.query(
    sql`SELECT "value", "n", "of" FROM (SELECT ${cell} AS "value", count(*) AS "n", sum(count(*)) OVER () AS "of" FROM ${rows}
      WHERE ${cell} IS NOT NULL GROUP BY 1) ORDER BY "n" DESC, 1 LIMIT ${integerLiteral(BigInt(TOP))}`,
  )
  if (!read.ok) return unreadable('engine-failed', read.error.cause)
  const { columns, rows: count } = read.value
  const values = Array.from({ length: count }, (_, i) => String(columns.get('value')?.[i]))
  const numbers = (of: string): readonly number[] => values.map((_, i) => Number(columns.get(of)?.[i]))
  const share = numbers('n').reduce((sum, n) => sum + n, 0) / (numbers('of')[0] ?? 1)
  if (values.length === 0 || share < 0.5) return found(undefined)
  return found({
    code: (own) =>
      sql`CASE WHEN ${own} IS NULL THEN NULL ${join(
        values.map((value, i) => sql`WHEN ${own} = ${textLiteral(value)} THEN ${integerLiteral(BigInt(i))}`),
        sql` `,
      )} ELSE ${integerLiteral(BigInt(values.length))} END`,
    told: (code) => {
      const value = values[Number(code)]
      return value === undefined ? `${name} of none of its ${values.length} frequent values` : `${name} = ${value}`
    },
  })
}
