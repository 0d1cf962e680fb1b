import type { ProgramColumn } from '@plumbline/core'
import { type Outcome, failure, success } from '../outcome.ts'
import type { OutputValues } from '../predictions.ts'

/** The answers of one output as they came: JSON values, or numbers of a typed array. */
export type RawColumn = ArrayLike<unknown>

/** An output being gathered over the batches of a relation. */
export interface Gathered {
  readonly values: OutputValues
  readonly take: (raw: RawColumn | undefined, from: number, rows: number, failed: ReadonlySet<number>) => Outcome<true>
}

/** Gathers `rows` answers of one declared output. */
export function gather(output: ProgramColumn, rows: number): Gathered {
  const { kind } = output.type
  const read = READERS[kind]
  const values: OutputValues =
    kind === 'double'
      ? new Float64Array(rows)
      : kind === 'int'
        ? new BigInt64Array(rows)
        : kind === 'bool'
          ? Array.from({ length: rows }, () => false)
          : Array.from({ length: rows }, () => '')
  const take: Gathered['take'] = (raw, from, count, failed) => {
    if (raw === undefined)
      return mismatch(output, `the answer has no output of this name. It is to hold one list for each output`)
    if (raw.length !== count) return mismatch(output, `the answer has ${raw.length} values for ${count} rows`)
    for (let row = 0; row < count; row++) {
      if (failed.has(row)) {
        if (values instanceof Float64Array) values[from + row] = Number.NaN
        continue
      }
      const value = read?.(raw[row])
      if (value === undefined)
        return mismatch(
          output,
          `the answer to row ${from + row + 1} is ${shown(raw[row])}, which is no ${output.columnType}`,
        )
      values[from + row] = value as never
    }
    return success(true)
  }
  return { values, take }
}

type Value = number | bigint | boolean | string

/** What an answer is, read as the declared type; undefined where it is none. A number that is not there (`null`) is NaN. */
const READERS: Readonly<Record<string, (raw: unknown) => Value | undefined>> = {
  double: (raw) => {
    if (raw === null) return Number.NaN
    if (typeof raw === 'string') return SPECIAL.get(raw)
    return typeof raw === 'number' ? raw : typeof raw === 'bigint' ? Number(raw) : undefined
  },
  int: (raw) => {
    if (typeof raw === 'bigint') return BigInt.asIntN(64, raw) === raw ? raw : undefined
    if (typeof raw === 'number') return Number.isSafeInteger(raw) ? BigInt(raw) : undefined
    return typeof raw === 'string' && /^-?\d{1,19}$/.test(raw) ? BigInt(raw) : undefined
  },
  bool: (raw) => (typeof raw === 'boolean' ? raw : raw === 0 || raw === 1 ? raw === 1 : undefined),
  string: (raw) => (typeof raw === 'string' ? raw : undefined),
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

const LONGEST = 60

function shown(raw: unknown): string {
  if (raw === undefined) return 'nothing'
  const text = typeof raw === 'bigint' ? String(raw) : (JSON.stringify(raw) ?? typeof raw)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function mismatch(output: ProgramColumn, why: string): Outcome<never> {
  return failure('engine/model-outputs-mismatch', `The output "${output.name}": ${why}.`, { output: output.name })
}
