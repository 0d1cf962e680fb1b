import { type ColumnDoubt, declarableText, join, identifier, type Sql, sql, type Type } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import { typedCell } from '../relations/typed-column.ts'
import { only, type RawColumn } from './cell-stats.ts'
import type { FoundType } from './column-type.ts'

/** A column whose type is found, read with the source's null values. */
export interface TypedColumn {
  readonly column: RawColumn
  readonly found: FoundType
  /** Approximate. */
  readonly distinct: number
}

/** What the second pass adds. */
export interface Details {
  /** By position: missing cells of the column as it will be read. */
  readonly missing: readonly number[]
  /** By position: the values of a category; undefined where the column is none. */
  readonly values: readonly (readonly (string | number)[] | undefined)[]
  /** Positions of columns that identify a row, likeliest first. */
  readonly keys: readonly number[]
  readonly copies?: number
}

const MOST_VALUES = 20
const MOST_KEYS = 8
/** Comparing whole rows keeps all of them in memory: above this it is left to who asks for it. */
const COPIES = { rows: 2_000_000, columns: 64 } as const
const ID_NAME = /^(id|key|index|instant|uuid|guid|rowid|row_id)$|[_ -](id|key|uuid|guid|nr)$|[a-z]I[dD]$|^(id|ID)[_ -]/i

const TYPE: Readonly<Record<FoundType['type'], Type>> = {
  boolean: { kind: 'bool' },
  integer: { kind: 'int' },
  number: { kind: 'double' },
  text: { kind: 'string' },
  timestamp: { kind: 'timestamp' },
}

/** The cells of the columns as their types, column i under the name `ci`. */
export function typedRows(from: Sql, columns: readonly TypedColumn[]): Sql {
  const cells = columns.map(({ column, found }, i) => {
    const { cell } = typedCell(column.cell, column.type, found.type, TYPE[found.type], found.times?.format)
    return sql`${cell} AS ${identifier(`c${i}`)}`
  })
  return sql`(SELECT ${join(cells, sql`, `)} FROM ${from})`
}

/** Lists the values of possible categories, counts missing cells, and finds keys: two statements, three without a key. */
export async function columnDetails(
  session: Session,
  from: Sql,
  columns: readonly TypedColumn[],
  rows: number,
): Promise<Outcome<Details>> {
  const named = typedRows(from, columns)
  const aggregates = columns.flatMap(({ found }, i) => {
    const cell = identifier(`c${i}`)
    const missing = sql`count(*) - count(${cell}) AS ${identifier(`missing${i}`)}`
    if (!found.maybeCategory) return [missing]
    const values = sql`CAST(to_json(list(DISTINCT ${cell} ORDER BY ${cell})) AS VARCHAR)`
    return [missing, sql`${values} AS ${identifier(`values${i}`)}`]
  })
  const counted = await session.query(sql`SELECT ${join(aggregates, sql`, `)} FROM ${named}`)
  if (!counted.ok) return counted
  const missing = columns.map((_, i) => Number(only(counted.value, `missing${i}`)))
  const values = columns.map((each, i) => valuesOf(each, only(counted.value, `values${i}`), rows))
  const keys = await findKeys(session, named, columns, { missing, values, rows })
  if (!keys.ok) return keys
  if (keys.value.length > 0 || rows > COPIES.rows || columns.length > COPIES.columns) {
    return { ok: true, value: { missing, values, keys: keys.value } }
  }
  const distinct = await session.query(sql`SELECT count(*) AS "n" FROM (SELECT DISTINCT * FROM ${named})`)
  if (!distinct.ok) return distinct
  return { ok: true, value: { missing, values, keys: [], copies: rows - Number(only(distinct.value, 'n')) } }
}

function valuesOf({ found }: TypedColumn, json: unknown, rows: number): readonly (string | number)[] | undefined {
  if (typeof json !== 'string') return undefined
  const values = ((JSON.parse(json) as (string | number | null)[] | null) ?? []).filter((value) => value !== null)
  // One whole number in all rows says nothing of codes.
  if (values.length < (found.type === 'integer' ? 2 : 1)) return undefined
  // Each value should come back often enough to be a kind rather than a name, also in a file of few rows.
  const most = Math.min(MOST_VALUES, Math.max(rows * 0.05, Math.min(rows / 4, 5)))
  if (values.length > most) return undefined
  const writable = values.every((value) => typeof value === 'number' || (declarableText(value) && value.length <= 80))
  return writable || found.type === 'integer' ? values : undefined
}

async function findKeys(
  session: Session,
  named: Sql,
  columns: readonly TypedColumn[],
  about: Pick<Details, 'missing' | 'values'> & { readonly rows: number },
): Promise<Outcome<readonly number[]>> {
  const { missing, values, rows } = about
  const candidates = columns
    .flatMap(({ column, found, distinct }, i) => {
      const identifies = (found.type === 'integer' || found.type === 'text') && values[i] === undefined
      if (!identifies || missing[i] !== 0 || distinct < rows * 0.8) return []
      const rank = ID_NAME.test(column.name) ? 0 : i === 0 ? 1 : 2
      // In few rows any column may happen to have no value twice.
      return rank === 2 && rows < 50 ? [] : [{ i, rank }]
    })
    .toSorted((a, b) => a.rank - b.rank || a.i - b.i)
    .slice(0, MOST_KEYS)
  if (candidates.length === 0 || rows < 2) return { ok: true, value: [] }
  const counts = candidates.map(({ i }) => sql`count(DISTINCT ${identifier(`c${i}`)}) AS ${identifier(`d${i}`)}`)
  const found = await session.query(sql`SELECT ${join(counts, sql`, `)} FROM ${named}`)
  if (!found.ok) return found
  return { ok: true, value: candidates.map(({ i }) => i).filter((i) => Number(only(found.value, `d${i}`)) === rows) }
}

/** Doubts that only the values show. */
export function valueDoubts(
  found: FoundType,
  values: readonly (string | number)[] | undefined,
): readonly ColumnDoubt[] {
  if (values === undefined) return []
  if (values.length === 1) return ['constant']
  return found.type === 'integer' ? ['codes'] : []
}
