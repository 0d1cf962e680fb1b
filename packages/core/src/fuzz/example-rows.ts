import type { MissingPolicy } from '../clause/clause.ts'
import type { ProgramColumn } from '../clause/program.ts'
import { createEvaluator } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import { isError, type RecordValue } from '../expr/value.ts'
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
 * plainly false is preferred, and the only one that counts where missing cells are no failure. `within`: conditions of the rows that it is asked of (a split, a slice): both rows are such.
 */
export function exampleRows(
  condition: Expr,
  columns: readonly ProgramColumn[],
  { within = [], missing = 'fail' }: { readonly within?: readonly Expr[]; readonly missing?: MissingPolicy } = {},
): ExampleRows {
  const asked = [condition, ...within]
  const read = new Set(asked.flatMap((expr) => [...columnsOf(expr)]))
  const used = columns.filter(({ name }) => read.has(name))
  const random = createRandom('example', 'rows')
  const draw = createCellDrawer(random, constantsByColumn(asked))
  const { evaluate } = createEvaluator()
  let passes: RecordValue | undefined
  let fails: RecordValue | undefined
  let errs: RecordValue | undefined
  for (let i = 0; i < TRIES && (passes === undefined || fails === undefined); i++) {
    const kind =
      i < TRIES / 2 ? (['allowed', 'near'] as const)[i % 2] : (['allowed', 'near', 'hostile'] as const)[i % 3]
    const row = new Map(used.map((column) => [column.name, draw[kind ?? 'allowed'](column)]))
    if (!within.every((part) => evaluate(part, { row }) === true)) continue
    const outcome = evaluate(condition, { row })
    if (outcome === true) passes ??= row
    else if (outcome === false) fails ??= row
    else if (missing === 'fail' || !isError(outcome) || outcome.error !== 'missing') errs ??= row
  }
  const failing = fails ?? errs
  return { ...(passes === undefined ? {} : { passes }), ...(failing === undefined ? {} : { fails: failing }) }
}
