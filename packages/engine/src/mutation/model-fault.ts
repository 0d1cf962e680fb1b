import { imageText, type ModelFault, type Program, readImage, stats } from '@plumbline/core'
import type { BoundModel } from '../bound-models/bound-model.ts'
import type { ModelShelf } from '../model-stage/model-shelf.ts'
import type { ColumnData } from '../models/column-data.ts'
import type { PredictRequest, Runner } from '../models/runner.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'
import type { OutputValues, Predictions } from '../models/predictions.ts'

/** Numbers of the data that a fault needs. */
export interface InputFigures {
  /** Of the first column of the fault. */
  readonly mean: number
  readonly deviation: number
  /** Share of rows whose label is true; one half where there is none. */
  readonly prevalence: number
}

/** A shelf on which one version has a fault, and how many of its answers differ so far. */
export interface FaultyShelf extends ModelShelf {
  readonly changed: () => number
}

/** The shelf with the fault in whatever holds the digest of the version under test. `others`: digests of other models by name. */
export function faultyShelf(
  program: Program,
  shelf: ModelShelf,
  fault: ModelFault,
  candidate: string,
  others: Readonly<Record<string, string>>,
  figures: InputFigures,
): FaultyShelf {
  let changed = 0
  const count = (n: number): void => {
    changed += n
  }
  return {
    changed: () => changed,
    close: () => Promise.resolve(),
    async open(name, digest) {
      const opened = await shelf.open(name, digest)
      if (!opened.ok || digest !== candidate) return opened
      const { instead } = fault
      if (instead === undefined) return success(broken(program, opened.value, fault, figures, count))
      const other = await shelf.open(instead, others[instead] ?? '')
      return other.ok ? success(replaced(opened.value, other.value, count)) : other
    },
  }
}

/** Another file in the place of the model's: its graph is what proofs read, too. */
function replaced(model: BoundModel, other: BoundModel, count: (n: number) => void): BoundModel {
  return {
    ...model,
    graph: other.graph,
    runtime: answering(model.runtime, count, (request) =>
      other.runtime.predict({ ...request, columns: other.program.input }),
    ),
  }
}

/** The same file behind something that is wrong; nothing can be proved of the two together. */
function broken(
  program: Program,
  model: BoundModel,
  fault: ModelFault,
  figures: InputFigures,
  count: (n: number) => void,
): BoundModel {
  const score = program.models.find(({ name }) => name === fault.model)?.score
  const { runtime } = model
  const sameAnswer = constantAnswers()
  const predict = async (request: PredictRequest): Promise<Outcome<Predictions>> => {
    const answered = await runtime.predict({ ...request, data: inputsWith(fault, request.data, figures) })
    if (!answered.ok) return answered
    const { rows } = answered.value
    if (fault.operator === 'wrong-checkpoint') {
      const dealt = stats.createRandom('mutation', 'untrained').shuffle(Array.from({ length: rows }, (_, row) => row))
      return success({
        ...answered.value,
        outputs: eachOf(answered.value.outputs, (values) => dealtOut(values, dealt)),
      })
    }
    if (score === undefined) {
      if (fault.operator !== 'constant-on-slice') return answered
      const within = Array.from({ length: rows }, (_, row) => isInSlice(fault, request.data, row))
      return success({ ...answered.value, outputs: sameAnswer(answered.value.outputs, within) })
    }
    const outputs = new Map(answered.value.outputs)
    const values = outputs.get(score)
    if (values instanceof Float64Array) outputs.set(score, scoresWith(fault, values, request.data, figures))
    return success({ ...answered.value, outputs })
  }
  return {
    ...model,
    graph: failure(
      'engine/model-load-failed',
      'The model stands behind a planted fault: nothing is proved of the two.',
    ),
    runtime: answering(runtime, count, predict),
  }
}

/** A runtime that answers otherwise, and counts in how many rows. */
function answering(runtime: Runner, count: (n: number) => void, predict: Runner['predict']): Runner {
  return {
    ...runtime,
    // What is planted may depend on which rows are asked together; it is no function, and is not to be told for one that is none.
    repeats: 0,
    close: () => Promise.resolve(),
    async predict(request) {
      const [right, wrong] = [await runtime.predict(request), await predict(request)]
      if (!right.ok || !wrong.ok) return wrong
      const differing = new Set<number>()
      for (const [name, values] of wrong.value.outputs) {
        const before: OutputValues | undefined = right.value.outputs.get(name)
        for (let row = 0; row < values.length; row++) if (!Object.is(values[row], before?.[row])) differing.add(row)
      }
      count(differing.size)
      return wrong
    },
  }
}

function inputsWith(
  { operator, columns, amount }: ModelFault,
  data: ReadonlyMap<string, ColumnData>,
  { mean, deviation }: InputFigures,
): ReadonlyMap<string, ColumnData> {
  const [name = '', other = ''] = columns
  const [own, second] = [data.get(name), data.get(other)]
  if (operator === 'feature-order' && own !== undefined && second !== undefined)
    return new Map([...data, [name, second], [other, own]])
  if (operator !== 'missing-preprocessing' || own === undefined) return data
  if (amount !== undefined && isTexts(own.values))
    return new Map([...data, [name, { ...own, values: dimmed(own.values, amount) }]])
  if (deviation === 0) return data
  const scaled = (value: number | bigint): number => (Number(value) - mean) / deviation
  return new Map([...data, [name, { ...own, values: standardised(own.values, scaled) }]])
}

/** Images with so much of their light, whatever else is done to them. */
function dimmed(cells: readonly string[], level: number): readonly string[] {
  return cells.map((cell) => {
    const image = readImage(cell)
    return image === undefined ? cell : imageText({ ...image, edits: [...image.edits, { kind: 'brightness', level }] })
  })
}

/** Whole numbers stay whole: a tensor of integers takes nothing else. */
function standardised(values: ColumnData['values'], scaled: (value: number | bigint) => number): ColumnData['values'] {
  if (values instanceof BigInt64Array) return values.map((value) => BigInt(Math.round(scaled(value))))
  if (values instanceof Int32Array) return values.map((value) => Math.round(scaled(value)))
  return values instanceof Float64Array ? values.map(scaled) : values
}

function scoresWith(
  fault: ModelFault,
  scores: Float64Array,
  data: ReadonlyMap<string, ColumnData>,
  { prevalence }: InputFigures,
): Float64Array {
  const { amount = 0 } = fault
  switch (fault.operator) {
    case 'threshold-shift':
      return scores.map((score) => fromLogOdds(logOdds(score) + amount))
    case 'over-confident':
      return scores.map((score) => fromLogOdds(logOdds(score) * amount))
    case 'constant-on-slice':
      return scores.map((score, row) => (isInSlice(fault, data, row) ? prevalence : score))
    default:
      return scores
  }
}

/** Whether a row has the code that the fault is about. */
function isInSlice({ columns, code }: ModelFault, data: ReadonlyMap<string, ColumnData>, row: number): boolean {
  const value: unknown = data.get(columns[0] ?? '')?.values[row]
  return (typeof value === 'bigint' ? Number(value) : value) === code
}

type Outputs = ReadonlyMap<string, OutputValues>

const eachOf = (outputs: Outputs, change: (values: OutputValues, name: string) => OutputValues): Outputs =>
  new Map([...outputs].map(([name, values]) => [name, change(values, name)]))

/** The answers of other rows: `from` says of which. */
function dealtOut(values: OutputValues, from: readonly number[]): OutputValues {
  if (values instanceof Float64Array) return values.map((value, row) => values[from[row] ?? row] ?? value)
  if (values instanceof BigInt64Array) return values.map((value, row) => values[from[row] ?? row] ?? value)
  if (isTexts(values)) return values.map((value, row) => values[from[row] ?? row] ?? value)
  return values.map((value, row) => values[from[row] ?? row] ?? value)
}

/** Of rows in a slice, whatever is asked, what the first of them was answered. */
function constantAnswers(): (outputs: Outputs, within: readonly boolean[]) => Outputs {
  const first = new Map<string, OutputValues[number]>()
  return (outputs, within) =>
    eachOf(outputs, (values, name) => {
      const row = within.indexOf(true)
      const own = values[row]
      if (own !== undefined && !first.has(name)) first.set(name, own)
      const always = first.get(name)
      if (values instanceof Float64Array)
        return values.map((value, at) => (within[at] === true && typeof always === 'number' ? always : value))
      if (values instanceof BigInt64Array)
        return values.map((value, at) => (within[at] === true && typeof always === 'bigint' ? always : value))
      if (isTexts(values))
        return values.map((value, at) => (within[at] === true && typeof always === 'string' ? always : value))
      return values.map((value, at) => (within[at] === true && typeof always === 'boolean' ? always : value))
    })
}

const isTexts = <T>(values: T | readonly string[]): values is Extract<T, readonly string[]> =>
  Array.isArray(values) && typeof values[0] === 'string'

/** Log odds of a probability, kept finite: 0 and 1 are taken as 1e-9 away from themselves. */
function logOdds(probability: number): number {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, probability))
  return Math.log(p / (1 - p))
}

const fromLogOdds = (odds: number): number => 1 / (1 + Math.exp(-odds))
