import type { ProgramColumn, ProgramDataset, ProgramModel } from '@plumbline/core'
import { type ColumnData, missingCells } from '../models/column-data.ts'
import { pickRows } from '../models/asked/cells.ts'
import { spreadPredictions } from '../models/asked/spread.ts'
import { failure, interrupted, isAborted, type Outcome, success } from '../models/outcome.ts'
import type { OutputValues, Predictions } from '../models/predictions.ts'
import type { PredictRequest, Runner } from '../models/runner.ts'
import type { ImageFiles } from './image-files.ts'
import { dimensionsOf, numbersOf, type Pixels, pixelNumbers } from './pixels.ts'

/** Numbers that are held at a time: rows are asked in parts of so many. */
const MOST_NUMBERS = 8_000_000

/** What whoever runs the model is told of its inputs: where images become numbers, those. */
export function withPixelColumns(
  program: ProgramModel,
  dataset: ProgramDataset,
  inputs: readonly string[],
): { readonly program: ProgramModel; readonly dataset: ProgramDataset } {
  const { pixels } = program
  if (pixels === undefined) return { program, dataset }
  const input = pixelColumns(program.input, inputs, pixels)
  const known = new Set(dataset.columns.map(({ name }) => name))
  const made = input.filter((name) => !known.has(name)).map(numberColumn)
  return { program: { ...program, input }, dataset: { ...dataset, columns: [...dataset.columns, ...made] } }
}

const numberColumn = (name: string): ProgramColumn => ({
  name,
  columnType: 'number',
  type: { kind: 'double' },
  optional: true,
  protected: false,
})

/** Inputs with a column for each number of an image in its place. */
const pixelColumns = (input: readonly string[], images: readonly string[], pixels: Pixels): readonly string[] =>
  input.flatMap((name) =>
    images.includes(name) ? Array.from({ length: numbersOf(pixels) }, (_, i) => `${name}_${i}`) : [name],
  )

/**
 * A runner that is given images: as numbers, a column for each value of each pixel, where the model says how; else a server is
 * sent the bytes (base64, of a chat as an address of data), and a program the path of a file.
 */
export function imageRunner(runner: Runner, model: ProgramModel, inputs: readonly string[], files: ImageFiles): Runner {
  const { pixels } = model
  if (pixels !== undefined) {
    const read = remembered(
      async (text): Promise<Outcome<Float64Array>> => {
        const image = await files.pixels(text)
        return image.ok ? success(pixelNumbers(image.value, pixels)) : image
      },
      Math.floor(MOST_NUMBERS / numbersOf(pixels)),
    )
    return { ...runner, predict: (request) => predictPixels(runner, request, inputs, pixels, read) }
  }
  const isChat = model.runner?.kind === 'http' && model.runner.protocol === 'openai-chat'
  const isServer = model.runner?.kind === 'http'
  const shown = async (text: string): Promise<Outcome<string>> => {
    if (!isServer) return files.path(text)
    const read = await files.bytes(text)
    if (!read.ok) return read
    const base64 = read.value.bytes.toString('base64')
    return success(isChat ? `data:image/${read.value.format};base64,${base64}` : base64)
  }
  return { ...runner, predict: (request) => predictTexts(runner, request, inputs, shown) }
}

type ReadNumbers = (text: string) => Promise<Outcome<Float64Array>>

/** The numbers of the images that were read last: a search and a sample come back to the same ones. */
function remembered(read: ReadNumbers, most: number): ReadNumbers {
  const known = new Map<string, Float64Array>()
  return async (text) => {
    const numbers = known.get(text)
    if (numbers !== undefined) return success(numbers)
    const found = await read(text)
    if (!found.ok) return found
    if (known.size >= most) known.clear()
    known.set(text, found.value)
    return found
  }
}

async function predictTexts(
  runner: Runner,
  request: PredictRequest,
  inputs: readonly string[],
  shown: (text: string) => Promise<Outcome<string>>,
): Promise<Outcome<Predictions>> {
  const places = Array.from({ length: request.rows }, (_, i) => i)
  const read = await readCells(request, inputs, places, shown)
  if (!read.ok) return read
  const { lost, cells } = read.value
  return askReadable(runner, request, lost, (kept) => {
    const data = new Map([...request.data].map(([name, column]) => [name, pickRows(column, kept)] as const))
    for (const name of inputs) data.set(name, { values: kept.map((row) => cells.get(name)?.get(row) ?? '') })
    return { ...request, data, rows: kept.length }
  })
}

async function predictPixels(
  runner: Runner,
  request: PredictRequest,
  inputs: readonly string[],
  pixels: Pixels,
  shown: ReadNumbers,
): Promise<Outcome<Predictions>> {
  const count = numbersOf(pixels)
  const size = Math.max(1, Math.floor(MOST_NUMBERS / (count * inputs.length)))
  const columns = pixelColumns(request.columns, inputs, pixels)
  const trailing = inputs.length === 1 && request.columns.length === 1 ? { trailing: dimensionsOf(pixels) } : {}
  const parts: Predictions[] = []
  // Without rows the model still says what it answers.
  for (let from = 0; from === 0 || from < request.rows; from += size) {
    const places = Array.from({ length: Math.min(size, request.rows - from) }, (_, i) => from + i)
    const read = await readCells(request, inputs, places, shown)
    if (!read.ok) return read
    const { lost, cells } = read.value
    const part = { ...request, rows: places.length }
    const answered = await askReadable(runner, part, lost, (kept) => {
      const data = new Map<string, ColumnData>()
      const rows = kept.map((row) => from + row)
      for (const [name, column] of request.data) {
        if (!inputs.includes(name)) data.set(name, pickRows(column, rows))
        else for (const [each, values] of numberColumns(name, kept, count, cells.get(name))) data.set(each, { values })
      }
      return { ...request, ...trailing, columns, data, rows: kept.length }
    })
    if (!answered.ok) return answered
    parts.push(answered.value)
  }
  return success(joined(parts, request.rows))
}

/** What images were read as, by input and row of those that were looked at; `lost` are the rows with one that cannot be given. */
interface ReadCells<T> {
  readonly cells: ReadonlyMap<string, ReadonlyMap<number, T>>
  readonly lost: ReadonlyMap<number, string>
}

async function readCells<T>(
  { data, signal }: PredictRequest,
  inputs: readonly string[],
  places: readonly number[],
  read: (text: string) => Promise<Outcome<T>>,
): Promise<Outcome<ReadCells<T>>> {
  const lost = new Map<number, string>()
  const cells = new Map(inputs.map((name) => [name, new Map<number, T>()]))
  for (const name of inputs) {
    const column = data.get(name)
    if (column === undefined)
      return failure('engine/model-column-absent', `The batch has no column "${name}".`, { column: name })
    const missing = missingCells(column)
    for (const [row, place] of places.entries()) {
      if (isAborted(signal)) return interrupted()
      if (lost.has(row)) continue
      const one = missing(place) ? undefined : await read(String(column.values[place]))
      if (one?.ok) cells.get(name)?.set(row, one.value)
      else if (one === undefined)
        lost.set(row, `The image "${name}" is missing or cannot be read; its contract of the type says which and why.`)
      // Anything else, such as a package that is not installed, is wrong with all of them.
      else if (one.error.code === 'engine/image-unreadable') lost.set(row, one.error.message)
      else return one
    }
  }
  return success({ cells, lost })
}

/** Asks about the rows whose images could be read; the others are named as not asked. */
async function askReadable(
  runner: Runner,
  { rows }: { readonly rows: number },
  lost: ReadonlyMap<number, string>,
  made: (kept: readonly number[]) => PredictRequest,
): Promise<Outcome<Predictions>> {
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => !lost.has(row))
  const answered = await runner.predict(made(kept))
  if (!answered.ok || lost.size === 0) return answered
  return success({ ...spreadPredictions(answered.value, kept, rows), unasked: lost })
}

/** A column for each number of an image. */
function numberColumns(
  name: string,
  rows: readonly number[],
  count: number,
  cells: ReadonlyMap<number, Float64Array> | undefined,
): readonly (readonly [string, Float64Array])[] {
  const values = Array.from({ length: count }, () => new Float64Array(rows.length))
  for (const [i, row] of rows.entries())
    for (const [at, number] of cells?.get(row)?.entries() ?? []) (values[at] as Float64Array)[i] = number
  return values.map((each, i) => [`${name}_${i}`, each] as const)
}

/** Answers of parts of the rows as one. */
function joined(parts: readonly Predictions[], rows: number): Predictions {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, part) => sum + part.rows, 0))
  const outputs = new Map(
    [...(first?.outputs.keys() ?? [])].map((name) => [name, concat(parts.map((part) => part.outputs.get(name) ?? []))]),
  )
  const nan = new Map<string, { output: string; count: number; firstRows: readonly number[] }>()
  for (const [i, part] of parts.entries())
    for (const { output, count, firstRows } of part.nan) {
      const known = nan.get(output) ?? { output, count: 0, firstRows: [] }
      const moved = firstRows.map((row) => row + (starts[i] ?? 0))
      nan.set(output, { output, count: known.count + count, firstRows: [...known.firstRows, ...moved].slice(0, 10) })
    }
  const calls = parts.map((part) => part.calls).filter((each) => each !== undefined)
  const together = {
    latencyMs: concat(calls.map((each) => each.latencyMs)) as Float64Array,
    bytes: concat(calls.map((each) => each.bytes)) as Float64Array,
    errors: new Map(
      parts.flatMap((part, i) =>
        [...(part.calls?.errors ?? [])].map(([row, why]) => [row + (starts[i] ?? 0), why] as const),
      ),
    ),
  }
  const unasked = parts.flatMap((part, i) =>
    [...(part.unasked ?? [])].map(([row, why]) => [row + (starts[i] ?? 0), why] as const),
  )
  return {
    rows,
    outputs,
    nan: [...nan.values()],
    ...(calls.length === 0 ? {} : { calls: together }),
    ...(unasked.length === 0 ? {} : { unasked: new Map(unasked) }),
  }
}

function concat(parts: readonly OutputValues[]): OutputValues {
  if (parts.every((part) => part instanceof Float64Array)) return Float64Array.from(parts.flatMap((part) => [...part]))
  if (parts.every((part) => part instanceof BigInt64Array))
    return BigInt64Array.from(parts.flatMap((part) => [...part]))
  return parts.flatMap((part) => [...part]) as string[] | boolean[]
}
