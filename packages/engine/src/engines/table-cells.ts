import { identifier, integerLiteral, join, type Sql, sql } from '@plumbline/core'
import type { ReadFailure } from '../relations/failure.ts'
import type { RelationColumn } from '../relations/relation.ts'
import type { TableRequest } from './held-table.ts'

type Declared = TableRequest['dataset']['columns'][number]

/** A column as a declared type, and the text of a cell that does not fit it. */
export interface TableCell {
  readonly cell: Sql
  /** The stored text where the cell does not fit; NULL where it does. Absent where every cell does. */
  readonly misfit?: Sql
}

/** The columns that are read, those that cannot be, and what is selected of the table. */
export interface TableCells {
  readonly columns: ReadonlyMap<string, RelationColumn>
  readonly failures: ReadonlyMap<string, ReadFailure>
  readonly projection: Sql
}

/** Types the cells of a table that clauses need; `read` is how an engine reads a declared column, or why it cannot. */
export function tableCells(
  { dataset, needed }: TableRequest,
  read: (declared: Declared) => TableCell | ReadFailure,
): TableCells {
  const columns = new Map<string, RelationColumn>()
  const failures = new Map<string, ReadFailure>()
  const parts: Sql[] = []
  dataset.columns.forEach((declared, index) => {
    const { name, type } = declared
    if (!needed.has(name)) return
    const typed = read(declared)
    if ('reason' in typed) {
      failures.set(name, typed)
      return
    }
    const [cell, misfit] = [identifier(`c${index}`), identifier(`f${index}`)]
    parts.push(sql`${typed.cell} AS ${cell}`)
    if (typed.misfit !== undefined) parts.push(sql`${typed.misfit} AS ${misfit}`)
    columns.set(name, { name, type, cell, ...(typed.misfit === undefined ? {} : { misfit }) })
  })
  // Rows count also where no clause reads a column.
  if (parts.length === 0) parts.push(sql`${integerLiteral(0n)} AS "nothing"`)
  return { columns, failures, projection: join(parts, sql`, `) }
}

/** What is said where a table has no column of a name. */
export function missingColumn(name: string, table: string | undefined, names: readonly string[]): ReadFailure {
  const more = names.length > 20 ? `, and ${names.length - 20} more` : ''
  return {
    reason: 'column-missing',
    cause: `The table ${table} has no column "${name}". It has: ${names.slice(0, 20).join(', ')}${more}. Names are compared exactly, case included.`,
  }
}
