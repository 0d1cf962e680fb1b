import { duckdbLiterals, identifier, join, type Sql, sql, stats } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { type RowFilter, type Scope, where } from '../plan/scope.ts'
import type { MetricCells } from './metric-cells.ts'

/** An input of a model as its values are compared: by their order, or only as equal. */
export interface ComparedInput {
  readonly name: string
  readonly kind: 'amount' | 'value'
}

/** Rows that a model scored, and the inputs they were scored on; NaN = missing. */
export interface LabelFreeRows extends stats.ScoredRows {
  /** By input, in the order asked for; texts as numbers that are equal where they are. */
  readonly inputs: readonly Float64Array[]
  /** Rows without a score or decision, left out. */
  readonly missing: number
}

/** The inputs whose values can be compared; texts and times never come again, lists have no one value. */
export function comparedInputs(scope: Scope, names: readonly string[]): readonly ComparedInput[] {
  return names.flatMap((name): readonly ComparedInput[] => {
    const declared = scope.relation.declared.get(name)?.columnType
    if (declared === 'integer' || declared === 'number') return [{ name, kind: 'amount' }]
    return declared === 'category' || declared === 'boolean' ? [{ name, kind: 'value' }] : []
  })
}

/** What kind of model is asked. */
export type LabelFreeTask = 'two-classes' | 'classes' | 'amount'

/** Reads scores, decisions, labels and inputs of rows in one statement. */
export async function labelFreeRows(
  session: Session,
  scope: Scope,
  filter: RowFilter,
  cells: MetricCells,
  inputs: readonly ComparedInput[],
  task: LabelFreeTask,
): Promise<{ readonly ok: true; readonly value: LabelFreeRows } | { readonly ok: false; readonly cause: string }> {
  const answers = answerCells(cells, task)
  const read = [
    cells.label,
    own(cells, answers.score),
    own(cells, answers.decision),
    ...inputs.map(({ name, kind }) => comparable(scope.column(name).cell, kind)),
  ]
  const columns = read.map((cell, i) => sql`CAST(${cell} AS DOUBLE) AS ${identifier(`c${i}`)}`)
  const statement = sql`SELECT ${join(columns, sql`, `)} FROM ${scope.relation.from}${where(scope, filter)}`
  const result = await session.numbers(statement)
  if (!result.ok) return { ok: false, cause: result.error.cause }
  const [labels = NONE, scores = NONE, decisions = NONE, ...values] = result.value
  const decides = answers.decision !== undefined
  const isWhole = (_: number, row: number): boolean =>
    !Number.isNaN(scores[row] as number) && (!decides || !Number.isNaN(decisions[row] as number))
  const kept = scores.filter(isWhole)
  return {
    ok: true,
    value: {
      scores: kept,
      decisions: decides ? decisions.filter(isWhole) : new Float64Array(kept.length),
      labels: labels.filter(isWhole),
      inputs: values.map((column) => column.filter(isWhole)),
      missing: scores.length - kept.length,
    },
  }
}

/** What is compared of a model's answers: the score and decision of two classes, the class answered and its probability, or the amount. */
function answerCells({ model, scores, decisions, classes, amounts }: MetricCells, task: LabelFreeTask) {
  if (task === 'amount') return { score: amounts.get(model), decision: undefined }
  if (task === 'two-classes') return { score: scores.get(model), decision: decisions.get(model) }
  const decision = classes?.answers.get(model)
  const probabilities = classes?.probabilities.get(model) ?? []
  if (decision === undefined) return { score: undefined, decision }
  const whens = probabilities.flatMap((cell, i) =>
    cell === undefined ? [] : [sql`WHEN ${numberLiteral(i)} THEN ${cell}`],
  )
  return { score: sql`CASE ${decision} ${join(whens, sql` `)} END`, decision }
}

/** What another model answered in its place says nothing of this one. */
function own({ labelFree }: MetricCells, cell: Sql | undefined): Sql {
  if (cell === undefined) return sql`NULL`
  return labelFree === undefined ? cell : sql`CASE WHEN ${labelFree.own} THEN ${cell} END`
}

const NONE = new Float64Array(0)

const numberLiteral = (value: number): Sql =>
  duckdbLiterals.bare({ node: 'literal', type: { kind: 'int' }, value: String(value) })

/** Of a hash the 53 bits that a double holds: equal for equal values of one session, and for others by chance in one of 10^15 pairs. */
function comparable(cell: Sql, kind: ComparedInput['kind']): Sql {
  return kind === 'amount' ? cell : sql`CASE WHEN ${cell} IS NOT NULL THEN hash(CAST(${cell} AS VARCHAR)) >> 11 END`
}
