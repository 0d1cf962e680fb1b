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
import { scopeOf } from '../plan/scope.ts'
import { cellOf, misfitOf, type RowTable, wholeRelation } from './base-data.ts'

/** Columns of a row table to be written otherwise: by name the cell, and the misfit beside it. */
export interface Rewritten {
  readonly cells: ReadonlyMap<string, Sql>
  readonly misfits?: ReadonlyMap<string, Sql>
}

/** The columns of a row table, some of them rewritten. Every misfit that is rewritten is there, whether or not it was. */
export function projection(rows: RowTable, { cells, misfits = new Map<string, Sql>() }: Rewritten): Sql {
  const parts = rows.columns.flatMap((name) => {
    const cell = sql`${cells.get(name) ?? cellOf(rows, name)} AS ${cellOf(rows, name)}`
    const misfit = misfits.get(name) ?? (rows.misfits.has(name) ? misfitOf(rows, name) : undefined)
    return misfit === undefined ? [cell] : [cell, sql`${misfit} AS ${misfitOf(rows, name)}`]
  })
  return join(parts, sql`, `)
}

/** A number in [0, 2^32) for each row, from a seed and the row's place alone: the same on every machine and in every version. */
export function drawn(seed: string): Sql {
  return sql`(md5_number_lower(concat("row", ':', ${textLiteral(seed)})) % 4294967296)`
}

/** TRUE for about a share of the rows, in (0, 1]. */
export function picked(seed: string, share: number): Sql {
  return share >= 1 ? sql`TRUE` : sql`(${drawn(seed)} < ${integerLiteral(BigInt(Math.round(share * 2 ** 32)))})`
}

/** TRUE for the rows of a split. */
export function inSplit(rows: RowTable, split: string): Sql {
  const declared = rows.dataset.splits.find(({ name }) => name === split)
  if (declared === undefined) return sql`FALSE`
  return sql`coalesce(${scopeOf(wholeRelation(rows)).value(declared.condition)}, FALSE)`
}

/** A declared code as a literal of its column; NULL where it has none in SQL. */
export function codeLiteral(column: ProgramColumn, code: string | number | boolean): Sql {
  if (typeof code === 'boolean') return code ? sql`TRUE` : sql`FALSE`
  if (column.type.kind === 'int') return integerLiteral(BigInt(Math.trunc(Number(code))))
  if (column.type.kind === 'double') return floatLiteral(Number(code))
  return String(code).includes('\0') ? sql`NULL` : textLiteral(String(code))
}

/** A number as the column holds it: integers are rounded, and what is no int64 is missing. */
export function asColumn(column: ProgramColumn, number: Sql): Sql {
  return column.type.kind === 'int' ? sql`TRY_CAST(round(${number}) AS BIGINT)` : sql`CAST(${number} AS DOUBLE)`
}

/** The name of the table that a fault's rows are in. One at a time. */
export const MUTANT: Sql = identifier('mutant_rows')
