import type { ProgramColumn, ProgramModel } from '@plumbline/core'
import { type Batch, type BatchAnswer, batchedRunner } from '../asked/batched-runner.ts'
import type { SentCell } from '../asked/cells.ts'
import { failure, type Outcome, success } from '../outcome.ts'
import type { Runner } from '../runner.ts'
import { jsonOf, recordOf, send, type Server } from './send.ts'

const ROWS_PER_CALL = 4096

/** Opens a model of MLflow's scoring server (`POST /invocations`, a data frame by columns and rows). */
export async function openMlflowModel(server: Server, model: ProgramModel): Promise<Outcome<Runner>> {
  const version = await send(server, { method: 'GET', path: '/version' })
  const mlflow = version.ok ? new TextDecoder().decode(version.value.body).trim().slice(0, 40) : undefined
  if (!version.ok && version.error.code !== 'engine/model-refused') return version
  return success(
    batchedRunner({
      kind: 'http',
      outputs: model.outputs,
      rowsPerCall: server.runner.batch ?? ROWS_PER_CALL,
      now: () => server.host.clock.monotonic(),
      says: () => ({ protocol: 'mlflow', ...(mlflow === undefined ? {} : { mlflow }) }),
      close: () => Promise.resolve(),
      ask: (batch, signal) => ask(server, model.outputs, batch, signal),
    }),
  )
}

async function ask(
  server: Server,
  outputs: readonly ProgramColumn[],
  { rows, columns }: Batch,
  signal: AbortSignal | undefined,
): Promise<Outcome<BatchAnswer>> {
  const names = [...columns.keys()]
  const lists = [...columns.values()]
  const data = Array.from({ length: rows }, (_, row) => lists.map((list) => cell(list[row] ?? null)))
  const answered = await send(
    server,
    {
      method: 'POST',
      path: '/invocations',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dataframe_split: { columns: names, data } }),
    },
    signal,
  )
  if (!answered.ok) return answered
  const read = jsonOf(answered.value.body)
  if (!read.ok) return read
  const predictions = recordOf(read.value)?.['predictions']
  if (!Array.isArray(predictions))
    return failure('engine/model-protocol', 'The answer of the server has no list of predictions.')
  const lists2 = new Map(outputs.map((output) => [output.name, predictions.map((each) => ofOutput(output, each))]))
  return success({ outputs: lists2, errors: new Map(), bytes: answered.value.body.length })
}

/** JSON has no infinity; a whole number beyond 2^53 would be rounded, and is sent as its digits. */
function cell(value: SentCell): number | string | boolean | null {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}

/** A prediction of a row: the value itself, a list of which `index` says the place, or a record by `tensor` or the output's name. */
function ofOutput({ name, tensor, index }: ProgramColumn, prediction: unknown): unknown {
  if (Array.isArray(prediction))
    return index === undefined && prediction.length !== 1 ? undefined : prediction[index ?? 0]
  const record = recordOf(prediction)
  return record === undefined ? prediction : record[tensor ?? name]
}
