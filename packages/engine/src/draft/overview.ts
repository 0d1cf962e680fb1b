import { identifier, join, type Sql, sql } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import type { Cell, Table } from '../duckdb/session.ts'
import { amounts, type DraftColumn, type DraftRows, learned } from './rows.ts'

/** What must be known of the rows before sums can be asked for. */
export interface Overview {
  /** By place of the column. */
  readonly amounts: ReadonlyMap<number, Amount>
  /** Code points of the longest cell that bounds are learned from, by place of the column. */
  readonly longest: ReadonlyMap<number, number>
  readonly pairs: readonly Pair[]
}

/** An amount: of its non-missing cells. */
export interface Amount {
  readonly column: DraftColumn
  readonly mean: number
  readonly deviation: number
  /** Nine deciles. */
  readonly deciles: readonly number[]
  /** The smallest values, ascending, and the greatest, descending; at most {@link ENDS}. */
  readonly lows: readonly number[]
  readonly highs: readonly number[]
  /** Least and greatest of the learned part. */
  readonly learnedLow: number
  readonly learnedHigh: number
}

/** Two amounts, the first before the second in the file. */
export interface Pair {
  readonly a: Amount
  readonly b: Amount
  /** Pearson's r over rows with both; undefined where one does not vary. */
  readonly r?: number
  /** Rows of the learned part with both cells, those where a < b, and where a > b. */
  readonly both: number
  readonly less: number
  readonly greater: number
}

/** Values kept at each end: what decides whether a bound would hold for other rows. */
export const ENDS = 64
/** Amounts that are compared with each other: pairs grow with the square. */
const PAIRED = 24
const COLUMNS = 12
const PAIRS = 60

/** Reads the table in a few statements, as many as the columns need. */
export async function overviewOf(rows: DraftRows): Promise<Outcome<Overview>> {
  const found = new Map<number, Amount>()
  const longest = new Map<number, number>()
  for (const part of chunks(amounts(rows), COLUMNS)) {
    const table = await rows.session.query(sql`SELECT ${join(part.flatMap(amountParts), sql`, `)} FROM ${rows.table}`)
    if (!table.ok) return table
    for (const column of part) {
      const amount = readAmount(table.value, column)
      if (amount !== undefined) found.set(column.index, amount)
    }
  }
  const texts = rows.columns.filter(({ profile }) => profile.type === 'text')
  for (const part of chunks(texts, COLUMNS * 4)) {
    const parts = part.map(
      ({ cell, index }) => sql`max(CASE WHEN ${learned} THEN length(${cell}) END) AS ${identifier(`l${index}`)}`,
    )
    const table = await rows.session.query(sql`SELECT ${join(parts, sql`, `)} FROM ${rows.table}`)
    if (!table.ok) return table
    for (const { index } of part) longest.set(index, Number(cellOf(table.value, `l${index}`) ?? 0))
  }
  const pairs = await pairsOf(rows, [...found.values()].filter(({ deviation }) => deviation > 0).slice(0, PAIRED))
  return pairs.ok ? { ok: true, value: { amounts: found, longest, pairs: pairs.value } } : pairs
}

const json = (list: Sql): Sql => sql`CAST(to_json(${list}) AS VARCHAR)`
const asDouble = (cell: Sql): Sql => sql`CAST(${cell} AS DOUBLE)`

function amountParts(column: DraftColumn): readonly Sql[] {
  const x = asDouble(column.cell)
  const name = (stat: string): Sql => identifier(`${stat}${column.index}`)
  return [
    sql`avg(${x}) AS ${name('mean')}`,
    sql`stddev_samp(${x}) AS ${name('sd')}`,
    sql`${json(sql`quantile_cont(${x}, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])`)} AS ${name('deciles')}`,
    sql`${json(sql`min(${x}, 64)`)} AS ${name('lows')}`,
    sql`${json(sql`max(${x}, 64)`)} AS ${name('highs')}`,
    sql`min(CASE WHEN ${learned} THEN ${x} END) AS ${name('low')}`,
    sql`max(CASE WHEN ${learned} THEN ${x} END) AS ${name('high')}`,
  ]
}

function readAmount(table: Table, column: DraftColumn): Amount | undefined {
  const number = (stat: string): number => Number(cellOf(table, `${stat}${column.index}`) ?? Number.NaN)
  const list = (stat: string): readonly number[] => {
    const text = cellOf(table, `${stat}${column.index}`)
    return typeof text === 'string' ? ((JSON.parse(text) as number[] | null) ?? []) : []
  }
  const mean = number('mean')
  if (!Number.isFinite(mean)) return undefined
  const deviation = number('sd')
  return {
    column,
    mean,
    deviation: Number.isFinite(deviation) ? deviation : 0,
    deciles: list('deciles'),
    lows: list('lows'),
    highs: list('highs'),
    learnedLow: number('low'),
    learnedHigh: number('high'),
  }
}

async function pairsOf(rows: DraftRows, columns: readonly Amount[]): Promise<Outcome<readonly Pair[]>> {
  const asked = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => ({ a, b })))
  const pairs: Pair[] = []
  for (const part of chunks(asked, PAIRS)) {
    const parts = part.flatMap(({ a, b }, i) => {
      const [x, y] = [a.column.cell, b.column.cell]
      const among = (condition: Sql): Sql => sql`count(CASE WHEN ${learned} AND ${condition} THEN 1 END)`
      return [
        sql`corr(${asDouble(x)}, ${asDouble(y)}) AS ${identifier(`r${i}`)}`,
        sql`${among(sql`${x} IS NOT NULL AND ${y} IS NOT NULL`)} AS ${identifier(`n${i}`)}`,
        sql`${among(sql`${x} < ${y}`)} AS ${identifier(`less${i}`)}`,
        sql`${among(sql`${x} > ${y}`)} AS ${identifier(`more${i}`)}`,
      ]
    })
    const table = await rows.session.query(sql`SELECT ${join(parts, sql`, `)} FROM ${rows.table}`)
    if (!table.ok) return table
    part.forEach(({ a, b }, i) => {
      const r = cellOf(table.value, `r${i}`)
      pairs.push({
        a,
        b,
        ...(typeof r === 'number' && Number.isFinite(r) ? { r } : {}),
        both: Number(cellOf(table.value, `n${i}`)),
        less: Number(cellOf(table.value, `less${i}`)),
        greater: Number(cellOf(table.value, `more${i}`)),
      })
    })
  }
  return { ok: true, value: pairs }
}

const cellOf = (table: Table, name: string): Cell => table.columns.get(name)?.[0] ?? null

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, k) => items.slice(k * size, (k + 1) * size))
}
