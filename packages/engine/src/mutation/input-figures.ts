import { type ModelFault, type Program, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { type BaseData, cellOf } from './base-data.ts'
import type { InputFigures } from './model-fault.ts'

/** Mean and deviation of a fault's column, and how frequent the label is, over all rows. */
export async function inputFigures(
  session: Session,
  { tables }: BaseData,
  program: Program,
  { model, columns }: ModelFault,
): Promise<InputFigures> {
  const declared = program.models.find(({ name }) => name === model)
  const rows = tables.get(declared?.from ?? '')
  const nothing: InputFigures = { mean: 0, deviation: 0, prevalence: 0.5 }
  if (rows === undefined) return nothing
  const [name] = columns
  const column = rows.dataset.columns.find((each) => each.name === name && rows.columns.includes(each.name))
  const number = column !== undefined && (column.type.kind === 'int' || column.type.kind === 'double')
  const label = rows.dataset.columns.find((each) => each.name === declared?.label && rows.columns.includes(each.name))
  const cell = number ? sql`CAST(${cellOf(rows, column.name)} AS DOUBLE)` : sql`NULL::DOUBLE`
  const truth = label?.type.kind === 'bool' ? sql`CAST(${cellOf(rows, label.name)} AS DOUBLE)` : sql`NULL::DOUBLE`
  const read = await session.query(
    sql`SELECT avg(${cell}) AS "mean", stddev_pop(${cell}) AS "deviation", avg(${truth}) AS "prevalence" FROM ${rows.table}`,
  )
  if (!read.ok) return nothing
  const figure = (of: string, otherwise: number): number => {
    const found = read.value.columns.get(of)?.[0]
    return typeof found === 'number' && Number.isFinite(found) ? found : otherwise
  }
  return { mean: figure('mean', 0), deviation: figure('deviation', 0), prevalence: figure('prevalence', 0.5) }
}
