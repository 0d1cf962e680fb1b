import { identifier, join, type Sql, sql, textLiteral, type Type } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import type { Cell, Session, Table } from '../duckdb/session.ts'
import { typedCell } from '../relations/typed-column.ts'
import { NULL_TOKENS, WEAK_NULL_TOKENS } from './cell-kind.ts'

/** A column as it stands in the file. */
export interface RawColumn {
  readonly name: string
  readonly cell: Sql
  /** DuckDB's type; VARCHAR where the file has texts only. */
  readonly type: string
  /** Texts whose type is to be found (CSV, JSON); false where the file itself says the type. */
  readonly untyped: boolean
  /** Texts of the file can be declared as missing (`null_values`). */
  readonly nullable: boolean
}

/** Types a column may turn out to have; text always fits, category is decided later. */
export const TRIED = ['boolean', 'integer', 'number', 'timestamp'] as const
export type Tried = (typeof TRIED)[number]

export const TYPES: Readonly<Record<Tried, Type>> = {
  boolean: { kind: 'bool' },
  integer: { kind: 'int' },
  number: { kind: 'double' },
  timestamp: { kind: 'timestamp' },
}

/** What one pass over all rows says of a column. Counts are of rows; null tokens are set aside first. */
export interface CellStats {
  readonly missing: number
  /** Null tokens that occur, as written (with spaces), and those that may be values as well. */
  readonly tokens: readonly string[]
  readonly weakTokens: readonly string[]
  /** Rows that are neither missing nor a null token. */
  readonly cells: number
  /** Cells that cannot be read as the type. */
  readonly misfits: Readonly<Record<Tried, number>>
  readonly low: Readonly<Record<Tried, Cell>>
  readonly high: Readonly<Record<Tried, Cell>>
  /** `true` or `false` in words. */
  readonly words: number
  /** Digits only, with a sign perhaps. */
  readonly digits: number
  /** More digits after a leading zero. */
  readonly zeros: number
  readonly isoTimes: number
  readonly otherTimes: number
  /** Approximate (HyperLogLog). */
  readonly distinct: number
}

/** Columns of one statement: DuckDB plans some thousand aggregates well, and more of them slowly. */
const COLUMNS_PER_STATEMENT = 48

/** Measures all columns over all rows, in as few statements as their number allows. */
export async function cellStats(
  session: Session,
  from: Sql,
  columns: readonly RawColumn[],
): Promise<Outcome<{ readonly rows: number; readonly stats: readonly CellStats[] }>> {
  const stats: CellStats[] = []
  let rows = 0
  for (let at = 0; at === 0 || at < columns.length; at += COLUMNS_PER_STATEMENT) {
    const part = columns.slice(at, at + COLUMNS_PER_STATEMENT)
    const found = await session.query(statement(from, part))
    if (!found.ok) return found
    rows = Number(only(found.value, 'n'))
    part.forEach((_, i) => stats.push(readStats(found.value, i)))
  }
  return { ok: true, value: { rows, stats } }
}

const name = (stat: string, column: number): Sql => identifier(`${stat}${column}`)

function statement(from: Sql, columns: readonly RawColumn[]): Sql {
  const cells = columns.flatMap((column, i) => {
    const value = column.untyped && column.nullable ? withoutTokens(column.cell) : column.cell
    return [sql`${column.cell} AS ${name('r', i)}`, sql`${value} AS ${name('v', i)}`]
  })
  const aggregates = columns.flatMap((column, i) => aggregatesOf(column, i))
  const inner = cells.length === 0 ? from : sql`(SELECT ${join(cells, sql`, `)} FROM ${from})`
  return sql`SELECT ${join([sql`count(*) AS "n"`, ...aggregates], sql`, `)} FROM ${inner}`
}

const list = (tokens: readonly string[]): Sql => join(tokens.map(textLiteral), sql`, `)

function withoutTokens(raw: Sql): Sql {
  return sql`CASE WHEN trim(${raw}) IN (${list([...NULL_TOKENS, ...WEAK_NULL_TOKENS])}) THEN NULL ELSE ${raw} END`
}

/**
 * Rows where a condition is true. Not `count(*) FILTER`: DuckDB then cuts all columns of the statement anew for each
 * filter, which for a few hundred of them takes seconds on a thousand rows.
 */
export function countIf(condition: Sql): Sql {
  return sql`count(CASE WHEN ${condition} THEN 1 END)`
}

function aggregatesOf(column: RawColumn, i: number): Sql[] {
  const raw = name('r', i)
  const value = name('v', i)
  const parts: Sql[] = [
    sql`count(*) - count(${raw}) AS ${name('missing', i)}`,
    sql`count(${value}) AS ${name('cells', i)}`,
    sql`approx_count_distinct(${raw}) AS ${name('distinct', i)}`,
  ]
  for (const type of column.untyped ? TRIED : typesOf(column.type)) {
    const { cell, misfit } = typedCell(value, column.type, type, TYPES[type])
    const misfits = misfit === undefined ? sql`0` : countIf(misfit)
    parts.push(sql`${misfits} AS ${name(`misfit-${type}`, i)}`)
    if (type === 'boolean') continue
    parts.push(sql`min(${cell}) AS ${name(`low-${type}`, i)}`, sql`max(${cell}) AS ${name(`high-${type}`, i)}`)
  }
  if (column.type !== 'VARCHAR') return parts
  const tokens = (known: readonly string[]): Sql =>
    sql`CAST(to_json(list(DISTINCT CASE WHEN trim(${raw}) IN (${list(known)}) THEN ${raw} END)) AS VARCHAR)`
  parts.push(
    sql`${tokens(NULL_TOKENS)} AS ${name('tokens', i)}`,
    sql`${tokens(WEAK_NULL_TOKENS)} AS ${name('weak', i)}`,
  )
  const matching = (stat: string, condition: Sql): void => {
    parts.push(sql`${countIf(condition)} AS ${name(stat, i)}`)
  }
  if (column.untyped) {
    matching('words', sql`lower(trim(${value})) IN ('true', 'false')`)
    matching('digits', sql`regexp_full_match(${value}, '\\s*[+-]?[0-9]+\\s*')`)
    matching('zeros', sql`regexp_full_match(${value}, '\\s*[+-]?0[0-9]+\\s*')`)
    matching('iso', sql`regexp_matches(${value}, '^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}|\\s*$)')`)
  }
  matching('times', sql`regexp_matches(${value}, '^\\s*[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T,]|$)')`)
  return parts
}

/** The types worth trying on a column whose file says a type. */
function typesOf(type: string): readonly Tried[] {
  if (type === 'BOOLEAN') return ['boolean']
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|^(BIGNUM|VARINT)$/.test(type)) return ['integer', 'number']
  if (type === 'DOUBLE' || type === 'FLOAT' || type.startsWith('DECIMAL')) return ['integer', 'number']
  return /^(DATE|TIMESTAMP)/.test(type) ? ['timestamp'] : []
}

function readStats(table: Table, i: number): CellStats {
  const cell = (stat: string): Cell => table.columns.get(`${stat}${i}`)?.[0] ?? null
  const count = (stat: string): number => Number(cell(stat) ?? 0)
  const perType = <T>(read: (type: Tried) => T): Record<Tried, T> => ({
    boolean: read('boolean'),
    integer: read('integer'),
    number: read('number'),
    timestamp: read('timestamp'),
  })
  const texts = (stat: string): string[] => {
    const json = cell(stat)
    const found = typeof json === 'string' ? (JSON.parse(json) as (string | null)[] | null) : null
    return (found ?? []).filter((text) => text !== null)
  }
  return {
    missing: count('missing'),
    tokens: texts('tokens'),
    weakTokens: texts('weak'),
    cells: count('cells'),
    misfits: perType((type) => (cell(`misfit-${type}`) === null ? Number.POSITIVE_INFINITY : count(`misfit-${type}`))),
    low: perType((type) => cell(`low-${type}`)),
    high: perType((type) => cell(`high-${type}`)),
    words: count('words'),
    digits: count('digits'),
    zeros: count('zeros'),
    isoTimes: count('iso'),
    otherTimes: count('times'),
    distinct: count('distinct'),
  }
}

/** The one cell of a column of a one-row result. */
export function only(table: Table, column: string): Cell {
  return table.columns.get(column)?.[0] ?? null
}
