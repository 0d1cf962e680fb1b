import type { ProgramColumn } from '@plumbline/core'
import { failure, type Outcome, success } from './outcome.ts'
import type { BoundOutput } from './output-binding.ts'
import { READERS, shownValue } from './read-value.ts'
import type { ElementType } from './signature.ts'

/** The values of one output, one per row. Floats are widened to Float64Array exactly. */
export type OutputValues = Float64Array | BigInt64Array | boolean[] | string[]

/** NaN predictions of one output: how many, and the first rows (at most ten). */
export interface NanReport {
  readonly output: string
  readonly count: number
  readonly firstRows: readonly number[]
}

/** Predictions by the names of the spec. `nan` has an entry for every output with at least one NaN. */
export interface Predictions {
  readonly rows: number
  readonly outputs: ReadonlyMap<string, OutputValues>
  readonly nan: readonly NanReport[]
  /** Where somebody outside this process answered: what each row's call took, and the rows that got no answer. */
  readonly calls?: Calls
  /** Rows (from 0) whose answer is a number that is none (NaN, or an infinite one that no range judges), and which; see `withoutInfinite`. */
  readonly notFinite?: ReadonlyMap<number, string>
  /** Rows (from 0) that the model was not asked about, since an input is nothing it could be given, and why; their outputs are ignored. */
  readonly unasked?: ReadonlyMap<number, string>
}

/** The calls that answered the rows of a prediction. Rows of one call share its time, and its size in equal parts. */
export interface Calls {
  readonly latencyMs: Float64Array
  readonly bytes: Float64Array
  /** Rows (from 0) without an answer, and why. */
  readonly errors: ReadonlyMap<number, string>
}

/** Gathers one output over the calls of a prediction. */
export interface OutputCollector {
  /** The first `rows` answers of a call on `called` rows (more where it was filled up), kept from `from` on. */
  readonly take: (
    data: ArrayLike<unknown>,
    dims: readonly number[],
    rows: number,
    from: number,
    called: number,
  ) => Outcome<true>
  readonly values: OutputValues
}

const FIRST_ROWS = 10
const KINDS = {
  float: 'double',
  double: 'double',
  int64: 'int',
  int32: 'int',
  bool: 'bool',
  string: 'string',
} as const satisfies Record<ElementType, keyof typeof READERS>

/** A collector for `rows` rows of one bound output. */
export function collectOutput(output: BoundOutput, rows: number): OutputCollector {
  const kind = KINDS[output.type]
  const values: OutputValues =
    kind === 'double'
      ? new Float64Array(rows)
      : kind === 'int'
        ? new BigInt64Array(rows)
        : kind === 'bool'
          ? Array.from({ length: rows }, () => false)
          : Array.from({ length: rows }, () => '')
  const read = READERS[kind]
  const take: OutputCollector['take'] = (data, dims, count, from, called) => {
    const batch = dims[0] ?? 1
    const width = dims.length <= 1 ? 1 : data.length / batch
    if (
      (width > 1 && !output.indexed) ||
      dims.length > 2 ||
      batch !== called ||
      data.length !== batch * width ||
      output.index >= width
    ) {
      return failure(
        'engine/model-outputs-mismatch',
        `The output "${output.tensor}" has the shape [${dims.join(', ')}] for ${called} rows; "${output.name}" reads its column ${output.index}.`,
      )
    }
    if (values instanceof Float64Array && (data instanceof Float32Array || data instanceof Float64Array)) {
      for (let row = 0, at = output.index; row < count; row++, at += width) values[from + row] = data[at] as number
      return success(true)
    }
    // A runtime answers typed arrays; a server may answer anything, and what is no value of its type must not pass for one.
    for (let row = 0; row < count; row++) {
      const value = read(data[row * width + output.index])
      if (value === undefined)
        return failure(
          'engine/model-outputs-mismatch',
          `The output "${output.tensor}" is ${shownValue(data[row * width + output.index])} for row ${from + row + 1}, which is no ${output.type}.`,
        )
      values[from + row] = value as never
    }
    return success(true)
  }
  return { take, values }
}

/** The NaN predictions of an output, if it has any; rows that failed have none. */
export function reportNan(
  output: string,
  values: OutputValues,
  failed?: ReadonlyMap<number, string>,
): NanReport | undefined {
  if (!(values instanceof Float64Array)) return undefined
  let count = 0
  const firstRows: number[] = []
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row]) || failed?.has(row) === true) continue
    count++
    if (firstRows.length < FIRST_ROWS) firstRows.push(row)
  }
  return count === 0 ? undefined : { output, count, firstRows }
}

/**
 * Predictions whose numbers that are none count as no answer, whatever runs the model: NaN, and an infinite number where the output declares
 * no bound on that side. Where it does, the number is a value, and breaks the contract of the range.
 */
export function withoutInfinite(
  answers: Predictions,
  outputs: readonly Pick<ProgramColumn, 'name' | 'low' | 'high'>[],
): Predictions {
  const notFinite = new Map<number, string>()
  for (const { name, ...bounds } of outputs) {
    const values = answers.outputs.get(name)
    if (!(values instanceof Float64Array)) continue
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number
      // Nearly every number ends here, without a call.
      if (value - value === 0 || isFiniteAnswer(value, bounds)) continue
      if (notFinite.has(row) || answers.calls?.errors.has(row) === true || answers.unasked?.has(row) === true) continue
      notFinite.set(row, `The output "${name}" is ${value}.`)
    }
  }
  return notFinite.size === 0 ? answers : { ...answers, notFinite }
}

/** The same of one number, as something that serves the model answers it: what is none is missing. */
export const isFiniteAnswer = (value: unknown, { low, high }: Pick<ProgramColumn, 'low' | 'high'>): boolean =>
  typeof value !== 'number' ||
  Number.isFinite(value) ||
  (value === Infinity && high !== undefined) ||
  (value === -Infinity && low !== undefined)
