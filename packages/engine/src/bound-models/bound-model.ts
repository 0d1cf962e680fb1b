import { readFile } from 'node:fs/promises'
import {
  createEvaluator,
  givenTo,
  isError,
  type ProgramColumn,
  type ProgramDataset,
  type ProgramModel,
  type RecordValue,
  type Type,
  type Value,
} from '@plumbline/core'
import type { ImageFiles } from '../images/image-files.ts'
import { imageInputs } from '../images/image-inputs.ts'
import { imageRunner, withPixelColumns } from '../images/image-runner.ts'
import type { ColumnData, ColumnValues } from '../models/column-data.ts'
import { hasBoundedWork } from '../models/isolated/bounded-work.ts'
import { openIsolatedModel } from '../models/isolated/open-isolated-model.ts'
import { openRunner, type RunnerPorts } from '../models/open-runner.ts'
import { openOnnxModel } from '../models/onnx-runner.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'
import { outputRequests } from '../models/output-binding.ts'
import { isFiniteAnswer, type OutputValues, type Predictions, withoutInfinite } from '../models/predictions.ts'
import type { Runner } from '../models/runner.ts'
import { type OnnxGraph, readGraph } from '../proofs/graph.ts'

/** A model of the spec, bound to the file that holds its role now. */
export interface BoundModel {
  readonly program: ProgramModel
  /** The dataset its inputs come from. */
  readonly dataset: ProgramDataset
  readonly digest: string
  readonly runtime: Runner
  /** Size of its file, where it is one that is read here. */
  readonly bytes?: number
  /** The graph as proofs read it, or why it cannot be read. */
  readonly graph: Outcome<OnnxGraph>
}

/**
 * Opens a model: its file, in this process where its graph bounds the work and in one that can be ended where not, or whatever
 * else the spec says runs it. `timeoutMs` is for a call in that process. Errors are those of the runner.
 */
export async function openBoundModel(
  program: ProgramModel,
  dataset: ProgramDataset,
  file: { readonly path: string; readonly digest: string; readonly identity?: string },
  runners?: RunnerPorts,
  timeoutMs?: number,
  images?: ImageFiles,
): Promise<Outcome<BoundModel>> {
  const inputs = imageInputs(program, dataset)
  const asked = withPixelColumns(program, dataset, inputs)
  const opened = await openPlainModel(asked.program, asked.dataset, file, runners, timeoutMs)
  if (!opened.ok || inputs.length === 0 || program.runner?.kind === 'column') return opened
  if (images === undefined) {
    await opened.value.runtime.close()
    return failure(
      'engine/images-not-here',
      `The model "${program.name}" reads images, and is asked about them by \`plumb test\` on data and models only: requests carry cells and no files.`,
    )
  }
  const runtime = imageRunner(opened.value.runtime, program, inputs, images)
  const graph = failure('engine/no-graph', 'its inputs are images, and proofs are about cells')
  return success({ ...opened.value, program, dataset, runtime, graph })
}

async function openPlainModel(
  program: ProgramModel,
  dataset: ProgramDataset,
  file: { readonly path: string; readonly digest: string; readonly identity?: string },
  runners: RunnerPorts | undefined,
  timeoutMs: number | undefined,
): Promise<Outcome<BoundModel>> {
  if (file.identity !== undefined) {
    const opened = await openRunner(program, dataset, runners, file.path === '' ? undefined : file.path)
    if (!opened.ok) return opened
    const graph = failure('engine/no-graph', 'proofs read ONNX files, and this model is run otherwise')
    return success({ program, dataset, digest: file.digest, runtime: opened.value, graph })
  }
  let bytes: Uint8Array
  try {
    bytes = await readFile(file.path)
  } catch {
    return failure('engine/model-not-found', `There is no model file at ${file.path}.`)
  }
  const graph = readGraph(bytes)
  const isBounded = graph.ok && hasBoundedWork(graph.value)
  const runtime = isBounded ? await openOnnxModel(bytes) : await openIsolatedModel(bytes, { timeoutMs })
  if (!runtime.ok) return runtime
  return success({ program, dataset, digest: file.digest, runtime: runtime.value, bytes: bytes.length, graph })
}

/** The columns a model reads on its dataset: its inputs, and those that hold answers already. */
export function columnsOfModel({ input, runner }: Pick<ProgramModel, 'input' | 'runner'>): readonly string[] {
  return runner?.kind === 'column' ? [...new Set([...input, ...Object.values(runner.columns)])] : input
}

/** What the model answers for columns of inputs; rows without an answer are in `calls.errors`, `notFinite` and `unasked`. */
export async function askColumns(
  model: BoundModel,
  data: ReadonlyMap<string, ColumnData>,
  rows: number,
  signal?: AbortSignal,
): Promise<Outcome<Predictions>> {
  const columns = givenTo(model.program)
  const outputs = outputRequests(model.program)
  const answered = await model.runtime.predict({ columns, data, rows, outputs, signal })
  return answered.ok ? success(withoutInfinite(answered.value, model.program.outputs)) : answered
}

/** As `askColumns`, where every row that the model can be asked about has to have an answer. */
export async function predictColumns(
  model: BoundModel,
  data: ReadonlyMap<string, ColumnData>,
  rows: number,
  signal?: AbortSignal,
): Promise<Outcome<Predictions>> {
  const answered = await askColumns(model, data, rows, signal)
  if (!answered.ok) return answered
  const failed = failedRows(answered.value)
  if (failed !== undefined) return failure('engine/model-run-failed', failed)
  const notFinite = notFiniteRows(answered.value)
  return notFinite === undefined ? answered : failure('engine/prediction-not-finite', notFinite)
}

/** What is said of rows whose answer is no number; undefined where there are none. */
export function notFiniteRows({ notFinite, rows }: Predictions): string | undefined {
  for (const [row, each] of notFinite ?? []) {
    const alike = [...(notFinite?.values() ?? [])].every((other) => other === each)
    return alike
      ? `${each.slice(0, -1)} for ${notFinite?.size} of ${rows} inputs.`
      : `${notFinite?.size} of ${rows} answers are no finite number; for row ${row + 1}: ${each}`
  }
  return undefined
}

/** What is said of rows that got no answer; undefined where there are none. */
export function failedRows({ calls, rows }: Predictions): string | undefined {
  return calls === undefined ? undefined : unanswered(calls.errors, rows, 'The model gave no answer for')
}

/** What is said of rows that the model was not asked about; undefined where there are none. */
export function unaskedRows({ unasked, rows }: Predictions): string | undefined {
  return unasked === undefined ? undefined : unanswered(unasked, rows, 'The model could not be asked about')
}

function unanswered(why: ReadonlyMap<number, string>, rows: number, words: string): string | undefined {
  for (const [row, each] of why) return `${words} ${why.size} of ${rows} rows; for row ${row + 1}: ${each}`
  return undefined
}

/**
 * What the model answers for each record: its outputs, and `decision` where the spec declares one; undefined for one that it
 * cannot be asked about.
 */
export async function predictRecords(
  model: BoundModel,
  records: readonly RecordValue[],
  signal?: AbortSignal,
): Promise<Outcome<readonly (RecordValue | undefined)[]>> {
  const answered = await predictColumns(model, inputData(model, records), records.length, signal)
  if (!answered.ok) return answered
  const { outputs, unasked } = answered.value
  const evaluator = createEvaluator()
  return success(
    records.map((record, row) => {
      if (unasked?.has(row) === true) return undefined
      const answer = new Map<string, Value | null>()
      for (const output of model.program.outputs)
        answer.set(output.name, outputCell(outputs.get(output.name)?.[row], output.type.kind))
      if (model.program.decision !== undefined) {
        const decision = evaluator.evaluate(model.program.decision.expr, { row: new Map([...record, ...answer]) })
        answer.set('decision', isError(decision) ? null : decision)
      }
      return answer
    }),
  )
}

/** The outputs alone for each record, as something that serves the model answers them: what is no number is a missing value, no failure. */
export async function answerRecords(
  model: BoundModel,
  records: readonly RecordValue[],
  signal?: AbortSignal,
): Promise<Outcome<readonly RecordValue[]>> {
  const { input, outputs } = model.program
  const answered = await model.runtime.predict({
    columns: input,
    data: inputData(model, records),
    rows: records.length,
    outputs: outputRequests(model.program),
    signal,
  })
  if (!answered.ok) return answered
  const cell = (output: ProgramColumn, row: number): Value | null => {
    const read = outputCell(answered.value.outputs.get(output.name)?.[row], output.type.kind)
    return isFiniteAnswer(read, output) ? read : null
  }
  return success(records.map((_, row) => new Map(outputs.map((output) => [output.name, cell(output, row)] as const))))
}

/** The inputs of a model as columns. */
export function inputData(model: BoundModel, records: readonly RecordValue[]): ReadonlyMap<string, ColumnData> {
  return new Map(model.program.input.map((name) => [name, columnOf(model, name, records)]))
}

/** One value of a model's answer as the output's declared type reads it, wherever it is read: `null` where there is none. */
export function outputCell(value: OutputValues[number] | undefined, kind: Type['kind']): OutputCell | null {
  if (value === undefined) return null
  if (kind === 'bool') return typeof value === 'boolean' ? value : Number(value) !== 0
  if (kind === 'int') return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)))
  return kind === 'double' ? Number(value) : value
}

type OutputCell = boolean | bigint | number | string

function columnOf(model: BoundModel, name: string, records: readonly RecordValue[]): ColumnData {
  const kind = model.dataset.columns.find((c) => c.name === name)?.type.kind ?? 'double'
  const cells = records.map((record) => record.get(name) ?? null)
  const missing = cells.flatMap((cell, row) => (cell === null ? [row] : []))
  return missing.length === 0 ? { values: valuesOf(kind, cells) } : { values: valuesOf(kind, cells), missing }
}

function valuesOf(kind: string, cells: readonly (Value | null)[]): ColumnValues {
  switch (kind) {
    case 'int':
      return BigInt64Array.from(cells, (cell) => (typeof cell === 'bigint' ? cell : 0n))
    case 'bool':
      return cells.map((cell) => cell === true)
    case 'string':
    case 'image':
      return cells.map((cell) => (typeof cell === 'string' ? cell : ''))
    default:
      return Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : Number.NaN))
  }
}
