import { type CellPath, identifier, integerLiteral, join, type Sql, sql, textLiteral, type Type } from '@plumbline/core'
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
  /** Where the cells are, where they are inside of a column. */
  readonly path?: CellPath
  /** Texts whose type is to be found (CSV, JSON); false where the file itself says the type. */
  readonly untyped: boolean
  /** Texts of the file can be declared as missing (`null_values`). */
  readonly nullable: boolean
}

/** Types a column may turn out to have; text always fits, category is decided later. */
export type Tried = 'boolean' | 'integer' | 'number' | 'timestamp'

/** The type that cells are read as when a column type is tried. */
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
  /** Cells that look like numbers written for people: a decimal comma, grouped digits, a currency or percent sign. */
  readonly otherNumbers: number
  /** Approximate (HyperLogLog). */
  readonly distinct: number
}

/** Columns of one statement: planning grows faster than the number of aggregates; a CSV is parsed once a statement. */
const COLUMNS_PER_STATEMENT = 12

/**
 * Measures all columns over all rows, in as few statements as their number allows. What `sample` (the stats of some of
 * the rows) rules out is not measured again: a cell that is no number stays none, however many rows follow.
 */
export async function cellStats(
  session: Session,
  from: Sql,
  columns: readonly RawColumn[],
  sample: readonly CellStats[] = [],
): Promise<Outcome<{ readonly rows: number; readonly stats: readonly CellStats[] }>> {
  const stats: CellStats[] = []
  let rows = 0
  for (let at = 0; at === 0 || at < columns.length; at += COLUMNS_PER_STATEMENT) {
    const part = columns.slice(at, at + COLUMNS_PER_STATEMENT)
    const found = await session.query(statement(from, part, sample.slice(at)))
    if (!found.ok) return found
    rows = Number(only(found.value, 'n'))
    part.forEach((_, i) => stats.push(readStats(found.value, i)))
  }
  return { ok: true, value: { rows, stats } }
}

const name = (stat: string, column: number): Sql => identifier(`${stat}${column}`)

/** Three layers, so that each cell is compared with the null tokens once: `r` as read, `k` its token, `v` without. */
function statement(from: Sql, columns: readonly RawColumn[], sample: readonly CellStats[]): Sql {
  const aggregates = join(
    [sql`count(*) AS "n"`, ...columns.flatMap((column, i) => aggregatesOf(column, i, sample[i]))],
    sql`, `,
  )
  if (columns.length === 0) return sql`SELECT ${aggregates} FROM ${from}`
  const raw = columns.flatMap(({ cell, type }, i) => {
    const token = type === 'VARCHAR' ? tokenOf(cell) : sql`NULL`
    return [sql`${cell} AS ${name('r', i)}`, sql`${token} AS ${name('k', i)}`]
  })
  const values = columns.map(({ untyped, nullable }, i) => {
    const cell = name('r', i)
    const value = untyped && nullable ? sql`CASE WHEN ${name('k', i)} IS NULL THEN ${cell} END` : cell
    return sql`${value} AS ${name('v', i)}`
  })
  const inner = sql`(SELECT *, ${join(values, sql`, `)} FROM (SELECT ${join(raw, sql`, `)} FROM ${from}))`
  return sql`SELECT ${aggregates} FROM ${inner}`
}

const ALL_TOKENS = [...NULL_TOKENS, ...WEAK_NULL_TOKENS]
const WEAK = new Set(WEAK_NULL_TOKENS)

const list = (tokens: readonly string[]): Sql => join(tokens.map(textLiteral), sql`, `)

/** The place of a cell's null token as one bit; NULL for a value. */
function tokenOf(raw: Sql): Sql {
  const bits = ALL_TOKENS.map((text, k) => sql`WHEN ${textLiteral(text)} THEN ${integerLiteral(1n << BigInt(k))}`)
  return sql`CAST(CASE trim(${raw}) ${join(bits, sql` `)} END AS BIGINT)`
}

/**
 * Rows where a condition is true. Not `count(*) FILTER`: DuckDB then cuts all columns of the statement anew for each
 * filter, which for a few hundred of them takes seconds on a thousand rows.
 */
export function countIf(condition: Sql): Sql {
  return sql`count(CASE WHEN ${condition} THEN 1 END)`
}

function aggregatesOf(column: RawColumn, i: number, sample: CellStats | undefined): Sql[] {
  const raw = name('r', i)
  const value = name('v', i)
  const parts: Sql[] = [
    sql`count(*) - count(${raw}) AS ${name('missing', i)}`,
    sql`count(${value}) AS ${name('cells', i)}`,
    sql`approx_count_distinct(${raw}) AS ${name('distinct', i)}`,
  ]
  for (const type of typesOf(column, sample)) {
    const { cell, misfit } = typedCell(value, column.type, type, TYPES[type])
    const misfits = misfit === undefined ? sql`0` : countIf(misfit)
    parts.push(sql`${misfits} AS ${name(`misfit-${type}`, i)}`)
    if (type === 'boolean') continue
    parts.push(sql`min(${cell}) AS ${name(`low-${type}`, i)}`, sql`max(${cell}) AS ${name(`high-${type}`, i)}`)
  }
  if (column.type !== 'VARCHAR') return parts
  parts.push(sql`bit_or(${name('k', i)}) AS ${name('tokens', i)}`)
  // Asked of all cells: a sample in which one fails has answered already.
  const matching = (stat: string, seen: number | undefined, condition: Sql): void => {
    if (sample === undefined || sample.cells === 0 || seen === sample.cells)
      parts.push(sql`${countIf(condition)} AS ${name(stat, i)}`)
  }
  if (column.untyped) {
    parts.push(sql`${countIf(sql`${name('k', i)} IS NOT NULL AND ${raw} <> trim(${raw})`)} AS ${name('padded', i)}`)
    matching('words', sample?.words, sql`lower(trim(${value})) IN ('true', 'false')`)
    matching('digits', sample?.digits, sql`regexp_full_match(${value}, '\\s*[+-]?[0-9]+\\s*')`)
    matching('zeros', sample?.digits, sql`regexp_full_match(${value}, '\\s*[+-]?0[0-9]+\\s*')`)
    matching('iso', sample?.isoTimes, sql`regexp_matches(${value}, ${ISO_TIME})`)
  }
  matching('times', sample?.otherTimes, sql`regexp_matches(${value}, ${ANY_TIME})`)
  matching('numbers', sample?.otherNumbers, sql`regexp_full_match(${value}, ${ANY_NUMBER})`)
  return parts
}

const ISO_TIME = sql`'^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}|\\s*$)'`
const ANY_TIME = sql`'^\\s*([0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T,]|\\s*$)|[0-9]{1,2}[- ][A-Za-z]{3,9}[- ][0-9]{2,4}\\b|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}\\b)'`

const ANY_NUMBER = sql`'\\s*[€$£]?\\s*[+-]?[0-9]{1,3}([0-9]*|([.,'' ][0-9]{3})+)([.,][0-9]+)?\\s*[%€$£]?\\s*'`

/** The types worth trying: those the file's own type allows, or those that no sampled text rules out. */
function typesOf({ untyped, type }: RawColumn, sample: CellStats | undefined): readonly Tried[] {
  if (untyped) {
    const left = (['integer', 'number', 'timestamp'] as const).filter((each) => sample?.misfits[each] === 0)
    return sample === undefined || sample.cells === 0 ? ['integer', 'number', 'timestamp'] : left
  }
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
    otherNumbers: count('numbers'),
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
