import type { ProgramColumn, ProgramRunner } from '@plumbline/core'
import { cellsOf } from '../asked/cells.ts'
import { gather } from '../asked/read-answer.ts'
import { failure, type Outcome, success } from '../outcome.ts'
import { type Predictions, reportNan } from '../predictions.ts'
import type { PredictRequest, Runner } from '../runner.ts'

/** A model whose answers are columns of the dataset. A missing cell is a missing answer: NaN for numbers, a failure else. */
export function columnRunner(
  { columns }: Extract<ProgramRunner, { kind: 'column' }>,
  outputs: readonly ProgramColumn[],
): Runner {
  return {
    // Read, not computed: nothing could differ.
    repeats: 0,
    close: () => Promise.resolve(),
    predict: (request) => Promise.resolve(read(columns, outputs, request)),
  }
}

function read(
  columns: Readonly<Record<string, string>>,
  outputs: readonly ProgramColumn[],
  { data, rows }: PredictRequest,
): Outcome<Predictions> {
  const answers: [string, Predictions['outputs'] extends ReadonlyMap<string, infer V> ? V : never][] = []
  for (const output of outputs) {
    const name = columns[output.name] ?? output.name
    const column = data.get(name)
    if (column === undefined)
      return failure('engine/model-column-absent', `There is no column "${name}" to read "${output.name}" from.`, {
        column: name,
      })
    const gathered = gather(output, rows)
    const taken = gathered.take(cellsOf(column, 0, rows), 0, rows, new Set())
    if (!taken.ok) return taken
    answers.push([output.name, gathered.values])
  }
  const nan = answers.flatMap(([name, values]) => reportNan(name, values) ?? [])
  return success({ rows, outputs: new Map(answers), nan })
}
