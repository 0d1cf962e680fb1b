import { identifier, join, postgresql, type ProgramColumn, type Sql, sql } from '@plumbline/core'
import type { TableCell } from '../engines/table-cells.ts'
import type { TableColumn, TableDialect } from '../engines/table-dialect.ts'
import type { ReadFailure } from '../relations/failure.ts'
import { type NestedCell, stepsWithin } from '../relations/nested-cell.ts'
import { rowHashes } from './row-hashes.ts'
import { tableColumns } from './table-columns.ts'
import { postgresqlTypedCell } from './typed-cell.ts'

/** How tables of PostgreSQL are found and read. */
export const postgresqlTables: TableDialect = {
  name: 'PostgreSQL',
  columns: tableColumns,
  hashes: rowHashes,
  // Places in the order in which the table is stored.
  rowNumber: sql`row_number() OVER ()`,
  cell,
  places: ({ from, columns }) => ({
    from,
    json(column) {
      const stored = columns.find(({ name }) => name === column)
      return stored !== undefined && /^jsonb?$/.test(stored.type)
        ? sql`CAST(${identifier(column)} AS jsonb)`
        : undefined
    },
    at,
    keys(rows, steps) {
      const inside = steps.length === 0 ? sql`"json"` : at(sql`"json"`, steps)
      return sql`SELECT "name" FROM ${rows}, LATERAL jsonb_object_keys(CASE WHEN jsonb_typeof(${inside}) = 'object' THEN ${inside} END) AS "found"("name")`
    },
  }),
}

const pathOf = (steps: readonly (string | number)[]): Sql =>
  join(
    steps.map((step) => postgresql.postgresqlLiterals.text(String(step))),
    sql`, `,
  )

/** What stands at some steps within jsonb; null of JSON is something. */
const at = (json: Sql, steps: readonly (string | number)[]): Sql => sql`(${json} #> ARRAY[${pathOf(steps)}])`

function cell(stored: TableColumn, declared: ProgramColumn): TableCell | ReadFailure | undefined {
  const steps = stepsWithin(declared)
  if (steps.length > 0 && !/^jsonb?$/.test(stored.type)) return noInside(stored)
  const within = steps.length === 0 ? undefined : nestedCell(identifier(stored.name), steps)
  const raw = within?.cell ?? identifier(stored.name)
  const type = within === undefined ? stored.type : 'text'
  const typed = postgresqlTypedCell(raw, type, declared.columnType, declared.type)
  if (typed === undefined) return undefined
  const misfit = within === undefined ? typed.misfit : sql`(${typed.misfit ?? sql`FALSE`} OR ${within.broken})`
  const text = sql`CAST(${within === undefined ? raw : sql`coalesce(${raw}, CAST(${identifier(stored.name)} AS text))`} AS text)`
  return { cell: typed.cell, ...(misfit === undefined ? {} : { misfit: sql`CASE WHEN ${misfit} THEN ${text} END` }) }
}

/** The cell at some steps within a column of json or jsonb, as text. */
function nestedCell(raw: Sql, steps: readonly (string | number)[]): NestedCell {
  const json = sql`CAST(${raw} AS jsonb)`
  return {
    cell: sql`(${json} #>> ARRAY[${pathOf(steps)}])`,
    broken: sql`(${raw} IS NOT NULL AND jsonb_typeof(${json}) NOT IN ('object', 'array'))`,
  }
}

const noInside = ({ name, type }: TableColumn): ReadFailure => ({
  reason: 'cast-failed',
  cause: `The column "${name}" has the type ${type} of PostgreSQL, in which no path leads further: json and jsonb have values inside. Make a view that has the value in a column of its own.`,
})
