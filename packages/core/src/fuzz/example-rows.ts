import type { ProgramColumn } from '../clause/program.ts'
import { createEvaluator } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import type { RecordValue } from '../expr/value.ts'
import { createRandom } from '../stats/prng.ts'
import { columnsOf } from '../targets/children.ts'
import { constantsByColumn } from './constants.ts'
import { createCellDrawer } from './draw-cell.ts'

/** A row that satisfies a condition, and one that does not: cells of the columns it reads. Absent where none was found. */
export interface ExampleRows {
  readonly passes?: RecordValue
  readonly fails?: RecordValue
}

const TRIES = 2_000

/**
 * Searches for both with the reference evaluator, from a fixed seed: at first rows that the columns allow, then such as
 * lie near what the condition compares with, at last missing and odd cells. A row on which the condition is an error does not satisfy it; one where it is
 * plainly false is preferred.
 */
export function exampleRows(condition: Expr, columns: readonly ProgramColumn[]): ExampleRows {
  const read = columnsOf(condition)
  const used = columns.filter(({ name }) => read.has(name))
  const random = createRandom('example', 'rows')
  const draw = createCellDrawer(random, constantsByColumn([condition]))
  const { evaluate } = createEvaluator()
  let passes: RecordValue | undefined
  let fails: RecordValue | undefined
  let errs: RecordValue | undefined
  for (let i = 0; i < TRIES && (passes === undefined || fails === undefined); i++) {
    const kind =
      i < TRIES / 2 ? (['allowed', 'near'] as const)[i % 2] : (['allowed', 'near', 'hostile'] as const)[i % 3]
    const row = new Map(used.map((column) => [column.name, draw[kind ?? 'allowed'](column)]))
    const outcome = evaluate(condition, { row })
    if (outcome === true) passes ??= row
    else if (outcome === false) fails ??= row
    else errs ??= row
  }
  const failing = fails ?? errs
  return { ...(passes === undefined ? {} : { passes }), ...(failing === undefined ? {} : { fails: failing }) }
}
