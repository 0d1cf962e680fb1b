import type { Calls, OutputValues, Predictions } from '../predictions.ts'

/** What was answered for the rows at `places`, at their places among all of them; the others have no answer. */
export function spreadPredictions(answers: Predictions, places: readonly number[], rows: number): Predictions {
  const at = (row: number): number => places[row] ?? row
  const { calls, unasked, notFinite } = answers
  const rowsAt = (why: ReadonlyMap<number, string>): ReadonlyMap<number, string> =>
    new Map([...why].map(([row, each]) => [at(row), each] as const))
  const moved: Calls | undefined = calls && {
    latencyMs: spreadNumbers(calls.latencyMs, places, rows),
    bytes: spreadNumbers(calls.bytes, places, rows),
    errors: rowsAt(calls.errors),
  }
  return {
    rows,
    nan: answers.nan.map((each) => ({ ...each, firstRows: each.firstRows.map(at) })),
    outputs: new Map([...answers.outputs].map(([name, values]) => [name, spreadValues(values, places, rows)])),
    ...(moved === undefined ? {} : { calls: moved }),
    ...(unasked === undefined ? {} : { unasked: rowsAt(unasked) }),
    ...(notFinite === undefined ? {} : { notFinite: rowsAt(notFinite) }),
  }
}

function spreadNumbers(values: Float64Array, places: readonly number[], rows: number): Float64Array {
  const all = new Float64Array(rows)
  for (const [i, place] of places.entries()) all[place] = values[i] ?? 0
  return all
}

function spreadValues(values: OutputValues, places: readonly number[], rows: number): OutputValues {
  const all: OutputValues =
    values instanceof Float64Array
      ? new Float64Array(rows).fill(Number.NaN)
      : values instanceof BigInt64Array
        ? new BigInt64Array(rows)
        : (Array.from({ length: rows }, () => (typeof values[0] === 'boolean' ? false : '')) as string[] | boolean[])
  for (const [i, place] of places.entries()) all[place] = values[i] as never
  return all
}
