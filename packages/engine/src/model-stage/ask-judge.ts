import type { Judged, RunnerReport } from '@plumbline/core'
import type { BoundModel } from '../bound-models/bound-model.ts'
import { pickRows } from '../models/asked/cells.ts'
import type { ColumnData } from '../models/column-data.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'
import { spreadPredictions } from '../models/asked/spread.ts'
import type { Predictions } from '../models/predictions.ts'

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
  const { rows, outputs, calls, unasked, notFinite } = said.value.answers
  const failed = new Map<number, string>([...(calls?.errors ?? []), ...(unasked ?? []), ...(notFinite ?? [])])
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
  const all = spreadPredictions(answers, places, rows)
  const none = new Float64Array(rows)
  const calls = all.calls ?? { latencyMs: none, bytes: none, errors: new Map<number, string>() }
  const why = new Map([...failed].map(([row, each]) => [row, `${model} gave no answer to be judged: ${each}`]))
  return {
    answers: { ...all, calls: { ...calls, errors: new Map([...why, ...calls.errors]) } },
    report,
    ...(reordered === undefined
      ? {}
      : { reordered: Array.from({ length: rows }, (_, row) => reordered[places.indexOf(row)] ?? false) }),
  }
}
