import { identifier, integerLiteral, join, type Sql, sql, textLiteral, type Type } from '@plumbline/core'
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
  /** Null tokens that occur, without the spaces around them, and those of them that may be values as well. */
  readonly tokens: readonly string[]
  readonly weakTokens: readonly string[]
  /** Some null tokens have spaces around them; the cell of spaces only is one. */
  readonly padded: boolean
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

/** Columns of one statement: planning grows faster than the number of aggregates; a CSV is parsed once a statement. */
const COLUMNS_PER_STATEMENT = 12

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

const ALL_TOKENS = [...NULL_TOKENS, ...WEAK_NULL_TOKENS]
const WEAK = new Set(WEAK_NULL_TOKENS)

const list = (tokens: readonly string[]): Sql => join(tokens.map(textLiteral), sql`, `)

function withoutTokens(raw: Sql): Sql {
  return sql`CASE WHEN trim(${raw}) IN (${list(ALL_TOKENS)}) THEN NULL ELSE ${raw} END`
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
  const token = join(
    ALL_TOKENS.map((text, k) => sql`WHEN ${textLiteral(text)} THEN ${integerLiteral(1n << BigInt(k))}`),
    sql` `,
  )
  parts.push(sql`bit_or(CAST(CASE trim(${raw}) ${token} END AS BIGINT)) AS ${name('tokens', i)}`)
  const matching = (stat: string, condition: Sql): void => {
    parts.push(sql`${countIf(condition)} AS ${name(stat, i)}`)
  }
  if (column.untyped) {
    matching('padded', sql`${raw} <> trim(${raw}) AND trim(${raw}) IN (${list(ALL_TOKENS)})`)
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
  const mask = BigInt(count('tokens'))
  const tokens = ALL_TOKENS.filter((_, k) => (mask & (1n << BigInt(k))) !== 0n)
  return {
    missing: count('missing'),
    tokens: tokens.filter((token) => !WEAK.has(token)),
    weakTokens: tokens.filter((token) => WEAK.has(token)),
    padded: count('padded') > 0,
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

/** Null tokens of a column as they are written, spaces included. */
export async function writtenTokens(
  session: Session,
  from: Sql,
  column: RawColumn,
  tokens: readonly string[],
): Promise<Outcome<readonly string[]>> {
  const found = await session.query(
    sql`SELECT DISTINCT ${column.cell} AS "token" FROM ${from} WHERE trim(${column.cell}) IN (${list(tokens)}) LIMIT 1000`,
  )
  return found.ok ? { ok: true, value: (found.value.columns.get('token') ?? []).map(String) } : found
}

/** The one cell of a column of a one-row result. */
export function only(table: Table, column: string): Cell {
  return table.columns.get(column)?.[0] ?? null
}
