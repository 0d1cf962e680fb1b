import { identifier, integerLiteral, join, type Sql, sql } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import type { Counted } from './bars.ts'
import { only } from './cell-stats.ts'

/** Pearson correlations between columns. */
export interface Correlations {
  readonly columns: readonly string[]
  /** `r[i][j]`, symmetric; null where one does not vary. */
  readonly r: readonly (readonly (number | null)[])[]
}

/** Rows that lack the same cells. */
export interface GapPattern {
  /** Columns that are missing; none = complete rows. */
  readonly columns: readonly string[]
  readonly rows: number
}

/** Columns that a matrix can show, and those of which gaps are compared. */
const MOST_CORRELATED = 16
const MOST_GAPS = 40
const MOST_PATTERNS = 10

/** Correlations between the first amounts, over the rows that are drawn; undefined below two. */
export async function correlationsOf(
  session: Session,
  from: Sql,
  columns: readonly Counted[],
): Promise<Outcome<Correlations | undefined>> {
  const amounts = columns
    .filter(
      ({ declared: { columnType, role } }) => (columnType === 'integer' || columnType === 'number') && role !== 'key',
    )
    .slice(0, MOST_CORRELATED)
  if (amounts.length < 2) return succeed(undefined)
  const cells = amounts.map(({ declared, read }) => {
    const x = sql`CAST(${read.cell} AS DOUBLE)`
    return declared.columnType === 'number' ? sql`CASE WHEN abs(${x}) < 1e150 THEN ${x} END` : x
  })
  const parts = cells.flatMap((x, i) =>
    cells.slice(i + 1).map((y, k) => sql`corr(${x}, ${y}) AS ${identifier(`r${i}_${i + 1 + k}`)}`),
  )
  const found = await session.query(sql`SELECT ${join(parts, sql`, `)} FROM ${from} WHERE "now"`)
  if (!found.ok) return found
  const at = (i: number, j: number): number | null => {
    if (i === j) return 1
    const r = only(found.value, `r${Math.min(i, j)}_${Math.max(i, j)}`)
    return typeof r === 'number' && Number.isFinite(r) ? r : null
  }
  const r = amounts.map((_, i) => amounts.map((__, j) => at(i, j)))
  return succeed({ columns: amounts.map(({ declared }) => declared.name), r })
}

/** The commonest patterns of missing cells of the rows that are drawn; none where no cell is missing. */
export async function gapPatterns(
  session: Session,
  from: Sql,
  columns: readonly Counted[],
): Promise<Outcome<readonly GapPattern[]>> {
  const compared = columns.slice(0, MOST_GAPS)
  if (compared.length === 0) return succeed([])
  const bits = compared.map(
    ({ read }, i) => sql`CASE WHEN ${read.cell} IS NULL THEN ${integerLiteral(1n << BigInt(i))} ELSE 0 END`,
  )
  const found = await session.query(
    sql`SELECT CAST(${join(bits, sql` + `)} AS BIGINT) AS "gaps", count(*) AS "n" FROM ${from} WHERE "now"
      GROUP BY 1 ORDER BY "n" DESC, "gaps" LIMIT ${integerLiteral(BigInt(MOST_PATTERNS))}`,
  )
  if (!found.ok) return found
  const patterns = Array.from({ length: found.value.rows }, (_, row) => {
    const mask = BigInt(found.value.columns.get('gaps')?.[row] as bigint | number)
    const names = compared.flatMap(({ declared }, i) => (((mask >> BigInt(i)) & 1n) === 1n ? [declared.name] : []))
    return { columns: names, rows: Number(found.value.columns.get('n')?.[row]) }
  })
  return succeed(patterns.some(({ columns: missing }) => missing.length > 0) ? patterns : [])
}
