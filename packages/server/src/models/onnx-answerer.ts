import type { ColumnData, OnnxModel, OutputRequest } from '@plumbline/engine'
import type { Answerer, GuardColumn, GuardPlan, Row } from '@plumbline/guard'

/** A model opened by the engine, as the guard asks one: rows in, outputs by the names of the spec out. */
export function onnxAnswerer(model: OnnxModel, plan: GuardPlan, outputs: readonly OutputRequest[]): Answerer {
  const columns = plan.inputs.map(({ name }) => name)
  return async (rows, signal) => {
    const data = new Map(plan.inputs.map((column) => [column.name, columnOf(column, rows)]))
    const predicted = await model.predict({ columns, data, rows: rows.length, outputs, signal })
    if (!predicted.ok) throw new Error(`${predicted.error.code}: ${predicted.error.message}`)
    const found = [...predicted.value.outputs]
    return rows.map((_, i) => Object.fromEntries(found.map(([name, values]) => [name, values[i]])))
  }
}

function columnOf({ name, kind }: GuardColumn, rows: readonly Row[]): ColumnData {
  const cells = rows.map((row) => row[name] ?? null)
  if (kind === 'double')
    return { values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) }
  const missing = cells.flatMap((cell, i) => (cell === null ? [i] : []))
  const values =
    kind === 'bool'
      ? cells.map((cell) => cell === true)
      : kind === 'string'
        ? cells.map((cell) => (typeof cell === 'string' ? cell : ''))
        : BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0))
  return missing.length === 0 ? { values } : { values, missing }
}
