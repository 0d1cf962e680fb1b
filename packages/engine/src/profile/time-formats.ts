import { identifier, join, looksWritten, sameTimes, type Sql, sql, TIME_FORMATS } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Cell, Session } from '../duckdb/session.ts'
import { writtenTime } from '../relations/written-time.ts'
import { countIf, only, type RawColumn } from './cell-stats.ts'

/** How the texts of a column write times, in all rows. */
export interface WrittenTimes {
  /** Directives of strptime; absent where the day and the month can be told by no cell. */
  readonly format?: string
  /** The formats that all cells have, where they mean different days. */
  readonly either?: readonly string[]
  readonly low: Cell
  readonly high: Cell
}

/** How the texts of a column, null tokens set aside, are written as times; undefined where no format has them all. */
export async function timesOf(
  session: Session,
  from: Sql,
  column: RawColumn,
  tokens: readonly Sql[],
): Promise<Outcome<WrittenTimes | undefined>> {
  const cell = identifier('v')
  const set = tokens.length === 0 ? sql`` : sql` AND trim(${column.cell}) NOT IN (${join(tokens, sql`, `)})`
  const cells = sql`(SELECT ${column.cell} AS ${cell} FROM ${from} WHERE ${column.cell} IS NOT NULL${set})`
  const one = await session.query(sql`SELECT ${cell} AS "cell" FROM ${cells} LIMIT 1`)
  if (!one.ok) return one
  // One cell leaves a few formats to ask the rows of.
  const formats = TIME_FORMATS.filter((format) => looksWritten(String(only(one.value, 'cell') ?? ''), format))
  if (formats.length === 0) return succeed(undefined)
  const found = await fitting(session, cells, cell, formats)
  if (!found.ok) return found
  const [first] = found.value
  if (first === undefined) return succeed(undefined)
  const { format, low, high } = first
  const either = found.value.map((each) => each.format).filter((each) => !sameTimes(each, format))
  return succeed(either.length === 0 ? { format, low, high } : { either: [format, ...either], low: null, high: null })
}

interface Fitting {
  readonly format: string
  readonly low: Cell
  readonly high: Cell
}

/** The formats that every cell has. */
async function fitting(
  session: Session,
  cells: Sql,
  name: Sql,
  formats: readonly string[],
): Promise<Outcome<readonly Fitting[]>> {
  const parts = formats.flatMap((format, i) => {
    const { cell, misfit } = writtenTime(name, format)
    return [
      sql`${countIf(misfit ?? sql`FALSE`)} AS ${identifier(`misfits${i}`)}`,
      sql`min(${cell}) AS ${identifier(`low${i}`)}`,
      sql`max(${cell}) AS ${identifier(`high${i}`)}`,
    ]
  })
  const found = await session.query(sql`SELECT ${join(parts, sql`, `)} FROM ${cells}`)
  if (!found.ok) return found
  return succeed(
    formats.flatMap((format, i) => {
      if (Number(only(found.value, `misfits${i}`)) > 0) return []
      return [{ format, low: only(found.value, `low${i}`), high: only(found.value, `high${i}`) }]
    }),
  )
}
