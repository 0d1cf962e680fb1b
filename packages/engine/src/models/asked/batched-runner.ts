import type { ProgramColumn, RunnerReport } from '@plumbline/core'
import { failure, interrupted, isAborted, type Outcome, success } from '../outcome.ts'
import type { ColumnData } from '../column-data.ts'
import { type NanReport, type Predictions, reportNan } from '../predictions.ts'
import type { PredictRequest, Runner } from '../runner.ts'
import { cellsOf, type SentCell } from './cells.ts'
import { gather, type RawColumn } from './read-answer.ts'

/** Rows that are asked in one call, by column. */
export interface Batch {
  readonly rows: number
  /** The cells of its rows as they are sent one by one; made when asked for. */
  readonly columns: ReadonlyMap<string, readonly SentCell[]>
  /** The inputs as they lie in memory, of all rows; those of the batch begin at `from`. */
  readonly data: ReadonlyMap<string, ColumnData>
  readonly from: number
  /** No answer that was kept may stand for a new one. */
  readonly fresh: boolean
}

/** What came back for a batch: one list for each output, by name. */
export interface BatchAnswer {
  readonly outputs: ReadonlyMap<string, RawColumn>
  /** Rows (from 0) that got no answer, and why; what stands in `outputs` there is ignored. */
  readonly errors: ReadonlyMap<number, string>
  /** Size of the answer as it came. */
  readonly bytes: number
}

/** How batches are asked. */
export interface BatchedOptions {
  readonly kind: RunnerReport['kind']
  readonly outputs: readonly ProgramColumn[]
  readonly rowsPerCall: number
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number
  readonly ask: (batch: Batch, signal: AbortSignal | undefined) => Promise<Outcome<BatchAnswer>>
  readonly says: () => Readonly<Record<string, string>>
  readonly close: () => Promise<void>
  readonly repeats?: number | undefined
}

/** A runner that asks batch after batch, reads each answer strictly, and keeps what each call took. */
export function batchedRunner(options: BatchedOptions): Runner {
  return {
    kind: options.kind,
    says: options.says,
    close: options.close,
    repeats: options.repeats,
    predict: (request) => predict(options, request),
  }
}

async function predict(options: BatchedOptions, request: PredictRequest): Promise<Outcome<Predictions>> {
  const { rows, columns, data, signal } = request
  const absent = columns.find((name) => data.get(name) === undefined)
  if (absent !== undefined)
    return failure('engine/model-column-absent', `The batch has no column "${absent}".`, { column: absent })
  const gathered = options.outputs.map((output) => gather(output, rows))
  const latencyMs = new Float64Array(rows)
  const bytes = new Float64Array(rows)
  const errors = new Map<number, string>()
  const inputs = new Map(columns.map((name) => [name, data.get(name) ?? { values: [] }]))
  const size = Math.max(1, Math.min(options.rowsPerCall, request.batchSize ?? options.rowsPerCall))
  for (let from = 0; from < rows; from += size) {
    if (isAborted(request.signal)) return interrupted()
    const to = Math.min(rows, from + size)
    const batch: Batch = {
      rows: to - from,
      fresh: request.fresh === true,
      data: inputs,
      from,
      get columns() {
        return new Map([...inputs].map(([name, column]) => [name, cellsOf(column, from, to)]))
      },
    }
    const began = options.now()
    const answered = await options.ask(batch, signal)
    if (!answered.ok) return isAborted(request.signal) ? interrupted() : answered
    latencyMs.fill(options.now() - began, from, to)
    bytes.fill(answered.value.bytes / (to - from), from, to)
    for (const [row, why] of answered.value.errors) errors.set(from + row, why)
    const failed = new Set(answered.value.errors.keys())
    for (const [i, output] of options.outputs.entries()) {
      const taken = gathered[i]?.take(answered.value.outputs.get(output.name), from, to - from, failed)
      if (taken !== undefined && !taken.ok) return taken
    }
  }
  const outputs = new Map(options.outputs.map((output, i) => [output.name, gathered[i]?.values ?? []]))
  const nan = [...outputs].map(([name, values]) => reportNan(name, values, errors)).filter((each) => each !== undefined)
  return success({ rows, outputs, nan: nan as readonly NanReport[], calls: { latencyMs, bytes, errors } })
}
