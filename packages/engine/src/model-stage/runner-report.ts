import { givenTo, type RecordValue, type RunnerReport, type Statement } from '@plumbline/core'
import { type BoundModel, inputData } from '../bound-models/bound-model.ts'
import type { Row } from '../falsify/domain.ts'
import { askAgain, type Repeated } from '../models/asked/steadiness.ts'
import type { ColumnData } from '../models/column-data.ts'
import { outputRequests } from '../models/output-binding.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'
import type { Predictions } from '../models/predictions.ts'

/** Rows of a data set that a model is asked twice about before a search. */
const SAMPLE = 32

/**
 * What is known of a model after it has answered: what it says it is, where somebody else runs it, and whether it answers
 * alike again. Of a file that does there is nothing to say: undefined.
 */
export async function reportOf(
  model: BoundModel,
  data: ReadonlyMap<string, ColumnData>,
  before: Predictions,
  signal?: AbortSignal,
): Promise<Outcome<RunnerReport | undefined>> {
  const { runtime, program, digest } = model
  const outputs = outputRequests(program)
  const columns = givenTo(program)
  const again = await askAgain(runtime, { columns, data, rows: before.rows, outputs, signal }, before, digest)
  return again.ok ? success(reportFrom(model, again.value)) : again
}

function reportFrom({ runtime }: BoundModel, repeated: Repeated): RunnerReport | undefined {
  if (runtime.kind === undefined && repeated.differing === 0) return undefined
  return { kind: runtime.kind ?? 'file', says: runtime.says?.() ?? {}, repeated }
}

/**
 * Whether the models answer actual rows alike when asked again. A statement about all inputs speaks of a function: one that
 * does not is `engine/model-nondeterministic`. Without rows nothing is asked; a search then still repeats what it finds.
 */
export async function steadyModels(
  models: ReadonlyMap<string, BoundModel>,
  rowsOf: ReadonlyMap<string, readonly Row[]>,
  signal?: AbortSignal,
): Promise<Outcome<Readonly<Record<string, RunnerReport>>>> {
  const reports: Record<string, RunnerReport> = {}
  for (const [name, model] of models) {
    const rows = [...rowsOf.values()].flat().filter((row) => model.program.input.every((column) => row.has(column)))
    // Of a file twice as many: asked again among other rows, one whose answer depends on them gives itself away.
    const records = rows
      .slice(0, model.runtime.kind === undefined ? 2 * SAMPLE : SAMPLE)
      .map((row) => recordOf(model, row))
    const { input: columns } = model.program
    const outputs = outputRequests(model.program)
    const request = { columns, data: inputData(model, records), rows: records.length, outputs, signal }
    const before = await model.runtime.predict(request)
    if (!before.ok) return before
    const again = await askAgain(model.runtime, request, before.value, model.digest)
    if (!again.ok) return again
    const { differing, rows: asked } = again.value
    if (differing > 0)
      return failure(
        'engine/model-nondeterministic',
        `${name} answered ${differing} of ${asked} rows otherwise when asked again. A statement about all inputs needs a function: fix its seed, or ask \`every\` or \`must\` of its rows.`,
      )
    const report = reportFrom(model, again.value)
    if (report !== undefined) reports[name] = report
  }
  return success(reports)
}

/** A row as models read it: whole numbers are bigint. */
function recordOf({ dataset }: BoundModel, row: Row): RecordValue {
  const whole = new Set(dataset.columns.filter(({ type }) => type.kind === 'int').map(({ name }) => name))
  return new Map(
    [...row].map(([name, cell]) => [name, whole.has(name) && typeof cell === 'number' ? BigInt(cell) : cell]),
  )
}

/** A statement with what is known of the models behind it; a model that does not answer alike is told in words, too. */
export function withRunners(statement: Statement, runners: Readonly<Record<string, RunnerReport>>): Statement {
  if (Object.keys(runners).length === 0 || statement.verdict === 'error' || statement.verdict === 'skipped')
    return statement
  const notes = Object.entries(runners).flatMap(([name, { repeated }]) =>
    repeated.differing === 0
      ? []
      : [
          `${name} is not deterministic: asked again, it answered ${repeated.differing} of ${repeated.rows} rows otherwise. The numbers describe the answers of this run.`,
        ],
  )
  return {
    ...statement,
    runners,
    ...(notes.length === 0 ? {} : { notes: [...(statement.notes ?? []), ...notes] }),
  }
}
