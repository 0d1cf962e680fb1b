import type { ProgramColumn } from '@plumbline/core'
import { type Outcome, failure, success } from '../outcome.ts'
import type { OutputValues } from '../predictions.ts'
import { READERS, shownValue } from '../read-value.ts'

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
  const read = (READERS as Readonly<Record<string, (typeof READERS)['double']>>)[kind]
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
          `the answer to row ${from + row + 1} is ${shownValue(raw[row])}, which is no ${output.columnType}`,
        )
      values[from + row] = value as never
    }
    return success(true)
  }
  return { values, take }
}

function mismatch(output: ProgramColumn, why: string): Outcome<never> {
  return failure('engine/model-outputs-mismatch', `The output "${output.name}": ${why}.`, { output: output.name })
}
