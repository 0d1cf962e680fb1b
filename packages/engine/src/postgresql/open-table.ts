import { identifier, join, postgresql, type ProgramColumn, type Sql, sql } from '@plumbline/core'
import type { HeldTable, TableRequest } from '../engines/held-table.ts'
import { missingColumn, type TableCell, tableCells } from '../engines/table-cells.ts'
import { type NestedCell, stepsWithin, storedName } from '../relations/nested-cell.ts'
import { found, type Read, type ReadFailure, unreadable } from '../relations/failure.ts'
import { rowDigest } from './row-digest.ts'
import type { PostgresqlSession } from './session.ts'
import { type FoundTable, type TableColumn, tableColumns } from './table-columns.ts'
import { postgresqlTypedCell } from './typed-cell.ts'

/** Opens a table: finds it, types the cells that are read, and tells which rows it has. */
export async function openTable(session: PostgresqlSession, request: TableRequest): Promise<Read<HeldTable>> {
  const { dataset } = request
  const table = await tableColumns(session, dataset)
  if (!table.ok) return table
  if (!table.value.columns.some(({ readable }) => readable))
    return unreadable(
      'source-unreadable',
      `The user of the engine "${dataset.source.engine.name}" may not read the table ${dataset.source.table}. Grant SELECT on it.`,
    )
  const digest = await rowDigest(session, dataset, table.value)
  if (!digest.ok) return digest
  const { columns, failures, projection } = tableCells(request, cellOf(table.value, request))
  const { from } = table.value
  const names = table.value.columns.map(({ name }) => name)
  const declared = new Set(dataset.columns.map(storedName))
  return found({
    digest: digest.value,
    open: {
      from: sql`(SELECT ${projection} FROM ${from}) AS "table_rows"`,
      // A table has no order: these are places in the order in which it is stored.
      numbered: sql`(SELECT ${projection}, row_number() OVER () AS "row" FROM ${from}) AS "table_rows"`,
      columnar: false,
      columns,
      failures,
      present: names,
      undeclared: names.filter((name) => !declared.has(name)),
    },
  })
}

function cellOf({ columns }: FoundTable, { dataset }: TableRequest) {
  return (column: ProgramColumn): TableCell | ReadFailure => {
    const { columnType, type } = column
    const name = storedName(column)
    const stored = columns.find((each) => each.name === name)
    const { source } = dataset
    if (stored === undefined)
      return missingColumn(
        name,
        source.table,
        columns.map((each) => each.name),
      )
    if (!stored.readable)
      return {
        reason: 'source-unreadable',
        cause: `The user of the engine "${source.engine.name}" may not read the column "${name}" of ${source.table}. Grant SELECT on it.`,
      }
    const steps = stepsWithin(column)
    if (steps.length > 0 && !/^jsonb?$/.test(stored.type)) return noInside(name, stored)
    const within = steps.length === 0 ? undefined : nestedCell(identifier(stored.name), steps)
    const raw = within?.cell ?? identifier(stored.name)
    const typed = postgresqlTypedCell(raw, within === undefined ? stored.type : 'text', columnType, type)
    if (typed === undefined) return unfitType(name, stored, columnType)
    const { cell } = typed
    const misfit = within === undefined ? typed.misfit : sql`(${typed.misfit ?? sql`FALSE`} OR ${within.broken})`
    const text = sql`CAST(${within === undefined ? raw : sql`coalesce(${raw}, CAST(${identifier(stored.name)} AS text))`} AS text)`
    return { cell, ...(misfit === undefined ? {} : { misfit: sql`CASE WHEN ${misfit} THEN ${text} END` }) }
  }
}

/** The cell at some steps within a column of json or jsonb, as text. */
function nestedCell(raw: Sql, steps: readonly (string | number)[]): NestedCell {
  const json = sql`CAST(${raw} AS jsonb)`
  const path = join(
    steps.map((step) => postgresql.postgresqlLiterals.text(String(step))),
    sql`, `,
  )
  return {
    cell: sql`(${json} #>> ARRAY[${path}])`,
    broken: sql`(${raw} IS NOT NULL AND jsonb_typeof(${json}) NOT IN ('object', 'array'))`,
  }
}

const noInside = (name: string, { type }: TableColumn): ReadFailure => ({
  reason: 'cast-failed',
  cause: `The column "${name}" has the type ${type} of PostgreSQL, in which no path leads further: json and jsonb have values inside. Make a view that has the value in a column of its own.`,
})

const unfitType = (name: string, { type }: TableColumn, declared: string): ReadFailure => ({
  reason: 'cast-failed',
  cause: `The column "${name}" has the type ${type} of PostgreSQL, which cannot be read as ${declared}. Declare another type, or make a view that casts it.`,
})
