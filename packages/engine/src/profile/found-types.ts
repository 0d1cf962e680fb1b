import { type Sql, textLiteral } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import { type CellStats, type RawColumn, writtenTokens } from './cell-stats.ts'
import { columnType, type FoundType, restsOnWeakTokens } from './column-type.ts'
import { timesOf } from './time-formats.ts'

/**
 * The type of each column. Null values are declared for the whole file: a text that is only perhaps a missing value
 * (`-`) is one where no text column uses it as a value; else the columns that need it stay text.
 */
export function foundTypes(columns: readonly RawColumn[], stats: readonly CellStats[]): readonly FoundType[] {
  const first = columns.map((column, i) => columnType(column, stats[i] as CellStats))
  const used = new Set(first.flatMap((found, i) => (found.type === 'text' ? (stats[i]?.weakTokens ?? []) : [])))
  return first.map((found, i) => {
    const own = stats[i] as CellStats
    const column = columns[i] as RawColumn
    const clash = restsOnWeakTokens(found, own) && own.weakTokens.some((token) => used.has(token))
    return clash ? columnType(column, own, false) : found
  })
}

/** The same where texts that look like dates are read by their format; where day and month could be told either way, that is a doubt. */
export async function withTimes(
  session: Session,
  from: Sql,
  columns: readonly RawColumn[],
  stats: readonly CellStats[],
  types: readonly FoundType[],
): Promise<Outcome<readonly FoundType[]>> {
  const all: FoundType[] = []
  for (const [i, found] of types.entries()) {
    const [column, own] = [columns[i], stats[i]]
    if (column === undefined || own === undefined || !found.doubts.includes('dates')) {
      all.push(found)
      continue
    }
    const tokens = column.nullable ? [...own.tokens, ...own.weakTokens] : []
    const times = await timesOf(session, from, column, tokens.map(textLiteral))
    if (!times.ok) return times
    // A text that another column needs as a value cannot be declared as missing for the whole file.
    const clash = own.weakTokens.some((token) =>
      types.some((other, k) => k !== i && other.type === 'text' && stats[k]?.weakTokens.includes(token)),
    )
    if (times.value === undefined || clash) all.push(found)
    else if (times.value.format === undefined) all.push({ ...found, doubts: ['day-or-month'], times: times.value })
    else all.push({ type: 'timestamp', maybeCategory: false, doubts: [], tokens, times: times.value })
  }
  return succeed(all)
}

/** What `null_values` has to list so that the null tokens of the columns are missing: each as it is written. */
export async function nullValues(
  session: Session,
  from: Sql,
  columns: readonly RawColumn[],
  stats: readonly CellStats[],
  types: readonly FoundType[],
): Promise<Outcome<readonly string[]>> {
  const written = new Set<string>()
  for (const [i, { tokens }] of types.entries()) {
    const column = columns[i]
    if (column === undefined || tokens.length === 0) continue
    if (stats[i]?.padded !== true) tokens.forEach((token) => written.add(token))
    else {
      const found = await writtenTokens(session, from, column, tokens)
      if (!found.ok) return found
      found.value.forEach((token) => written.add(token))
    }
  }
  // An empty field is missing anyway.
  return succeed([...written].filter((token) => token !== '').sort())
}
