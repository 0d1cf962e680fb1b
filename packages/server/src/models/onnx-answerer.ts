import type { ProgramColumn, ProgramModel } from '@plumbline/core'
import { type ColumnData, isFiniteAnswer, type OnnxModel, outputRequests } from '@plumbline/engine'
import type { Answerer, GuardColumn, GuardPlan, Row } from '@plumbline/guard'

/** A model opened by the engine, as the guard asks one: rows in, outputs by the names of the spec out. */
export function onnxAnswerer(model: OnnxModel, plan: GuardPlan, program: ProgramModel): Answerer {
  const outputs = outputRequests(program)
  const columns = plan.inputs.map(({ name }) => name)
  return async (rows, signal) => {
    const data = new Map(plan.inputs.map((column) => [column.name, columnOf(column, rows)]))
    const predicted = await model.predict({ columns, data, rows: rows.length, outputs, signal })
    if (!predicted.ok) throw new Error(`${predicted.error.code}: ${predicted.error.message}`)
    const { outputs: found } = predicted.value
    // What is no number is missing: the contract that it be there then refuses the answer.
    const cell = (output: ProgramColumn, row: number) => {
      const value = found.get(output.name)?.[row]
      return isFiniteAnswer(value, output) ? value : null
    }
    return rows.map((_, row) => Object.fromEntries(program.outputs.map((output) => [output.name, cell(output, row)])))
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
