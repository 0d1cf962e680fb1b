import type { Judged, RunnerReport } from '@plumbline/core'
import type { BoundModel } from '../bound-models/bound-model.ts'
import { pickRows } from '../models/asked/cells.ts'
import type { ColumnData } from '../models/column-data.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'
import type { Calls, OutputValues, Predictions } from '../models/predictions.ts'

/** What a model answered for the rows of a relation. */
export interface Asked {
  readonly answers: Predictions
  /** Of a model that is no file of this process. */
  readonly report: RunnerReport | undefined
  /** Rows answered otherwise in another order; absent where no clause asks. */
  readonly reordered?: readonly boolean[]
}

/** Models in an order in which each comes after the one that it judges. */
export function judgesLast<T extends { readonly model: BoundModel }>(bound: readonly T[]): readonly T[] {
  const isJudge = ({ model }: T): boolean => model.program.judges !== undefined
  return [...bound.filter((each) => !isJudge(each)), ...bound.filter(isJudge)]
}

/** The rows that a judge is asked about, and which of whose answers it reads. */
interface Question {
  readonly cells: ReadonlyMap<string, ColumnData>
  readonly judges: Judged
}

/**
 * Asks a judge about the rows that the model it judges has answered, with those answers beside the cells. A row without an
 * answer has no verdict, and says why: no judge is asked about nothing.
 */
export async function askJudge(
  judged: Promise<Outcome<Asked>> | undefined,
  { cells, judges }: Question,
  ask: (cells: ReadonlyMap<string, ColumnData>, rows: number) => Promise<Outcome<Asked>>,
): Promise<Outcome<Asked>> {
  const said = await judged
  if (said === undefined)
    return failure(
      'engine/model-not-found',
      `The model "${judges.model}" has not answered these rows, which is what is judged.`,
    )
  if (!said.ok) return said
  const { rows, outputs, calls } = said.value.answers
  const failed = calls?.errors ?? new Map<number, string>()
  const answered = Array.from({ length: rows }, (_, row) => row).filter((row) => !failed.has(row))
  const given = new Map<string, ColumnData>()
  for (const [name, column] of cells) given.set(name, failed.size === 0 ? column : pickRows(column, answered))
  for (const output of judges.outputs) {
    const column: ColumnData = { values: outputs.get(output) ?? [] }
    given.set(`${judges.model}.${output}`, failed.size === 0 ? column : pickRows(column, answered))
  }
  const asked = await ask(given, answered.length)
  if (!asked.ok || failed.size === 0) return asked
  return success(spread(asked.value, answered, failed, rows, judges.model))
}

/** Verdicts on the rows that were answered, at their places among all of them. */
function spread(
  { answers, report, reordered }: Asked,
  places: readonly number[],
  failed: ReadonlyMap<number, string>,
  rows: number,
  model: string,
): Asked {
  const errors = new Map([...failed].map(([row, why]) => [row, `${model} gave no answer to be judged: ${why}`]))
  for (const [i, why] of answers.calls?.errors ?? []) errors.set(places[i] ?? 0, why)
  const numbers = (values: Float64Array | undefined): Float64Array => {
    const all = new Float64Array(rows)
    for (const [i, place] of places.entries()) all[place] = values?.[i] ?? 0
    return all
  }
  const calls: Calls = { latencyMs: numbers(answers.calls?.latencyMs), bytes: numbers(answers.calls?.bytes), errors }
  const nan = answers.nan.map((each) => ({ ...each, firstRows: each.firstRows.map((row) => places[row] ?? row) }))
  return {
    answers: {
      rows,
      nan,
      calls,
      outputs: new Map([...answers.outputs].map(([name, values]) => [name, spreadValues(values, places, rows)])),
    },
    report,
    ...(reordered === undefined
      ? {}
      : { reordered: Array.from({ length: rows }, (_, row) => reordered[places.indexOf(row)] ?? false) }),
  }
}

function spreadValues(values: OutputValues, places: readonly number[], rows: number): OutputValues {
  const all: OutputValues =
    values instanceof Float64Array
      ? new Float64Array(rows).fill(Number.NaN)
      : values instanceof BigInt64Array
        ? new BigInt64Array(rows)
        : (Array.from({ length: rows }, () => (typeof values[0] === 'boolean' ? false : '')) as string[] | boolean[])
  for (const [i, place] of places.entries()) all[place] = values[i] as never
  return all
}
