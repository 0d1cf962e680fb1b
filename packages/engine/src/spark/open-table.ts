import { identifier, integerLiteral, join, type Sql, sql } from '@plumbline/core'
import type { HeldTable, TableRequest } from '../engines/held-table.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import type { RelationColumn } from '../relations/relation.ts'
import { rowDigest } from './row-digest.ts'
import type { Database } from '../engines/database.ts'
import { type FoundTable, type TableColumn, tableColumns } from './table-columns.ts'
import { sparkTypedCell } from './typed-cell.ts'

/** Opens a table: finds it, types the cells that are read, and tells which rows it has. */
export async function openTable(session: Database, request: TableRequest): Promise<Read<HeldTable>> {
  const { dataset } = request
  const table = await tableColumns(session, dataset)
  if (!table.ok) return table
  const digest = await rowDigest(session, dataset, table.value)
  if (!digest.ok) return digest
  const { columns, failures, projection } = typedColumns(table.value, request)
  const { from } = table.value
  const names = table.value.columns.map(({ name }) => name)
  const declared = new Set(dataset.columns.map(({ name }) => name))
  return found({
    digest: digest.value,
    open: {
      from: sql`(SELECT ${projection} FROM ${from}) AS "table_rows"`,
      // A table has no order: these are places in its parts, each of which counts on from a number of its own.
      numbered: sql`(SELECT ${projection}, monotonically_increasing_id() + 1L AS "row" FROM ${from}) AS "table_rows"`,
      columnar: false,
      columns,
      failures,
      present: names,
      undeclared: names.filter((name) => !declared.has(name)),
    },
  })
}

function typedColumns(table: FoundTable, request: TableRequest) {
  const columns = new Map<string, RelationColumn>()
  const failures = new Map<string, ReadFailure>()
  const parts: Sql[] = []
  request.dataset.columns.forEach((declared, index) => {
    if (!request.needed.has(declared.name)) return
    const stored = table.columns.find(({ name }) => name === declared.name)
    if (stored === undefined) {
      failures.set(declared.name, missingColumn(declared.name, table, request))
      return
    }
    const typed = sparkTypedCell(identifier(stored.name), stored.type, declared.columnType, declared.type)
    if (typed === undefined) {
      failures.set(declared.name, unfitType(declared.name, stored, declared.columnType))
      return
    }
    const [cell, misfit] = [identifier(`c${index}`), identifier(`f${index}`)]
    parts.push(sql`${typed.cell} AS ${cell}`)
    if (typed.misfit !== undefined)
      parts.push(sql`CASE WHEN ${typed.misfit} THEN CAST(${identifier(stored.name)} AS STRING) END AS ${misfit}`)
    columns.set(declared.name, {
      name: declared.name,
      type: declared.type,
      cell,
      ...(typed.misfit === undefined ? {} : { misfit }),
    })
  })
  // Rows count also where no clause reads a column.
  if (parts.length === 0) parts.push(sql`${integerLiteral(0n)} AS "nothing"`)
  return { columns, failures, projection: join(parts, sql`, `) }
}

function missingColumn(name: string, table: FoundTable, { dataset }: TableRequest): ReadFailure {
  const names = table.columns.map((column) => column.name)
  const more = names.length > 20 ? `, and ${names.length - 20} more` : ''
  return {
    reason: 'column-missing',
    cause: `The table ${dataset.source.table} has no column "${name}". It has: ${names.slice(0, 20).join(', ')}${more}. Names are compared exactly, case included.`,
  }
}

const unfitType = (name: string, { type }: TableColumn, declared: string): ReadFailure => ({
  reason: 'cast-failed',
  cause: `The column "${name}" has the type ${type} of Spark, which cannot be read as ${declared}. Declare another type, or make a view that casts it.`,
})
