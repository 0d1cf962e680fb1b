import {
  createEvaluator,
  type EveryClause,
  isError,
  type ProgramModel,
  type Program,
  type RecordValue,
} from '@plumbline/core'
import type { CaseCell, CaseRow } from '@plumbline/core/cases'
import { cellOf, readCell } from '../release/cells.ts'
import type { SpecColumn } from '../release/columns.ts'

/** Whether a row satisfies a clause in each of its slices, by the reference evaluator. */
export function satisfies(clause: EveryClause, row: RecordValue): boolean {
  const { condition, missing } = clause
  if (condition.kind !== 'expr') return true
  const evaluator = createEvaluator()
  const spoken = clause.slices.some(
    ({ condition: within }) => within === null || evaluator.evaluate(within, { row }) === true,
  )
  if (!spoken) return true
  const value = evaluator.evaluate(condition.expr, { row })
  return isError(value) ? missing !== 'fail' && value.error === 'missing' : value === true
}

/** A row of cells as the evaluator reads it. */
export function recordOf(columns: readonly SpecColumn[], row: CaseRow): RecordValue {
  return new Map(
    columns.flatMap(({ name, kind }) => {
      const read = readCell(kind, row[name])
      return name in row && read.kind === 'value' ? [[name, read.value] as const] : []
    }),
  )
}

/** A record as cells; undefined where a cell cannot be written to JSON exactly. */
export function cellsOf(columns: readonly SpecColumn[], record: RecordValue): CaseRow | undefined {
  const row: Record<string, CaseCell> = {}
  for (const { name } of columns) {
    if (!record.has(name)) continue
    const cell = cellOf(record.get(name) ?? null)
    if (cell === undefined || typeof cell === 'bigint') return undefined
    row[name] = cell
  }
  return row
}

/** Clauses on rows with a condition that is decided row by row, and enforced. */
export const rowClauses = (program: Program): readonly EveryClause[] =>
  program.clauses.filter(
    (clause): clause is EveryClause =>
      clause.form === 'every' && clause.condition.kind === 'expr' && clause.unenforced === undefined,
  )

/** Names that only a model's answer has. */
export const answerNames = ({ outputs, decision }: ProgramModel): readonly string[] => [
  ...outputs.map(({ name }) => name),
  ...(decision === undefined ? [] : ['decision']),
]
