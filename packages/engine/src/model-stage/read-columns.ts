import { columnsOf, identifier, join, type ProgramColumn, type ProgramDataset, type Sql, sql } from '@plumbline/core'
import type { Cell, Session } from '../duckdb/session.ts'
import type { ColumnData } from '../models/column-data.ts'
import { scopeOf } from '../plan/scope.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'

/** Columns of all rows of a relation, in the order of the source. */
export interface Columns {
  /** Positions in the source, from 1. */
  readonly rows: Float64Array
  readonly data: ReadonlyMap<string, ColumnData>
}

/**
 * Reads columns as models take them: numbers and truth values as float64, the rest cell by cell. (`readRecords` gives cells
 * as conditions read them.) Rows that the relation's own filter says no to are left out; those it has no answer for, which
 * are counted as being in no split, are not.
 */
export async function readColumns(
  session: Session,
  relation: OpenRelation,
  dataset: ProgramDataset,
  names: readonly string[],
): Promise<Read<Columns>> {
  const scope = scopeOf(relation)
  const failure = scope.failureOf(names)
  if (failure !== undefined) return { ok: false, failure }
  const declared = names.flatMap((name) => dataset.columns.filter((c) => c.name === name))
  const plain = declared.filter((c) => isPlain(c))
  const other = declared.filter((c) => !isPlain(c))
  const { filter } = relation
  const isKnown = filter !== null && scope.failureOf(columnsOf(filter)) === undefined
  const kept = isKnown ? sql` WHERE (${scope.value(filter)}) IS DISTINCT FROM FALSE` : sql``
  const from = (parts: readonly Sql[]): Sql =>
    sql`SELECT ${join(parts, sql`, `)} FROM ${relation.numbered}${kept} ORDER BY "row"`
  const cell = (column: ProgramColumn): Sql => scope.column(column.name).cell
  const numbers = await session.numbers(from([sql`"row"`, ...plain.map((c) => sql`CAST(${cell(c)} AS DOUBLE)`)]))
  if (!numbers.ok) return unreadable('source-unreadable', numbers.error.cause)
  const [rows = new Float64Array(0), ...values] = numbers.value
  const data = new Map(plain.map((column, i) => [column.name, plainColumn(column, values[i] ?? new Float64Array(0))]))
  if (other.length > 0) {
    const table = await session.query(from(other.map((c, i) => sql`${cell(c)} AS ${identifier(`v${i}`)}`)))
    if (!table.ok) return unreadable('source-unreadable', table.error.cause)
    for (const [i, column] of other.entries())
      data.set(column.name, cellColumn(column, table.value.columns.get(`v${i}`) ?? []))
  }
  return found({ rows, data })
}

/** Whether float64 holds every value of the column: all but texts, and integers that may lie beyond 2^53. */
function isPlain(column: ProgramColumn): boolean {
  const { kind } = column.type
  if (kind === 'double' || kind === 'bool') return true
  if (kind !== 'int') return false
  if (column.values !== undefined) return true
  const bounds = [column.low, column.high].map((bound) => (bound === undefined ? Number.NaN : Number(bound)))
  return bounds.every((bound) => Number.isSafeInteger(bound))
}

/** Data may break its contract: a declared range does not bound what is there, so integers are checked as they are taken. */
function plainColumn(column: ProgramColumn, values: Float64Array): ColumnData {
  if (column.type.kind === 'double') return { values }
  const missing: number[] = []
  for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) missing.push(row)
  const cells = column.type.kind === 'int' ? integers(values) : Array.from(values, (value) => value === 1)
  return missing.length === 0 ? { values: cells } : { values: cells, missing }
}

/** Int32 where they fit, which most codes do; int64 otherwise. */
function integers(values: Float64Array): Int32Array | BigInt64Array {
  const small = Int32Array.from(values)
  if (values.every((value, row) => Number.isNaN(value) || value === small[row])) return small
  return BigInt64Array.from(values, (value) => (Number.isNaN(value) ? 0n : BigInt(value)))
}

function cellColumn(column: ProgramColumn, cells: readonly Cell[]): ColumnData {
  const missing = cells.flatMap((cell, row) => (cell === null ? [row] : []))
  const values =
    column.type.kind === 'string' || column.type.kind === 'image'
      ? cells.map((cell) => (cell === null ? '' : String(cell)))
      : BigInt64Array.from(cells, (cell) => (cell === null ? 0n : BigInt(cell)))
  return missing.length === 0 ? { values } : { values, missing }
}
