import {
  createEvaluator,
  type Expr,
  type GuardClause,
  type GuardColumn,
  isError,
  type PlannedGuard,
  type RecordValue,
  type Value,
  columnsOf,
} from '@plumbline/core'
import type { Row } from '../falsify/domain.ts'
import { readCell } from './cells.ts'

/** What the reference evaluator finds wrong with one row. */
export interface Judged {
  /** Ids of violated clauses that the guard enforces. */
  readonly enforced: readonly string[]
  /** Ids of violated clauses that are only flagged. */
  readonly flagged: readonly string[]
  /** The row cannot be judged at all: an unknown field, an integer that may be rounded, a cell no clause speaks of. */
  readonly refused: boolean
  /** The row as it was read; cells of the wrong type are missing. */
  readonly record: RecordValue
}

/** An answer to one row: outputs by name; a missing one is null. */
export type Answers = RecordValue

/** The clauses of a guard plan by the reference evaluator: what the compiled guard is held against. */
export interface Reference {
  readonly planned: PlannedGuard
  /** `changed`: only clauses that read one of these columns are asked; the others are known to hold. */
  readonly judgeInput: (row: Row, changed?: readonly string[]) => Judged
  /** `record`: the input as read. `decided`: the answers with the decision of whoever answers. `wrong`: outputs of another type. */
  readonly judgeOutput: (record: RecordValue, decided: Answers, wrong?: Wrong) => Judged
  /** The answers with `decision` beside them, where one is declared; null where it is an error. */
  readonly decide: (record: RecordValue, answers: Answers, by: 'model' | 'fallback') => Answers
  /** Whether a row violates a clause inside one of its slices (undefined: asked of all rows). */
  readonly violates: (clause: GuardClause, slice: string | undefined, record: RecordValue, wrong: Wrong) => boolean
  /** Whether a row is in a slice of a clause. */
  readonly inSlice: (clause: GuardClause, slice: string, record: RecordValue) => boolean
  /** Clauses whose answer depends on what only the server knows: the time, or the id it makes. */
  readonly unpredictable: ReadonlySet<string>
}

/** Columns whose cell does not have its type. */
export type Wrong = ReadonlySet<string>

const ONLY_AT_THE_SERVER = ['_at', '_request_id', '_model']

/** The reference of a plan. Pure. */
export function referenceOf(planned: PlannedGuard): Reference {
  const { plan, rules } = planned
  const evaluator = createEvaluator()
  const fields = [...plan.keys, ...plan.inputs]
  const names = new Set(fields.map(({ name }) => name))
  const rule = (index: number): Expr => {
    const found = rules[index]
    if (found === undefined) throw new Error(`The plan has no rule ${index}.`)
    return found
  }
  const typed = new Set(plan.clauses.flatMap(({ condition }) => (condition.kind === 'type' ? [condition.column] : [])))
  const typeClause = (column: string): boolean => typed.has(column)

  const isBroken = (clause: GuardClause, record: RecordValue, wrong: Wrong): boolean => {
    const { condition } = clause
    if (condition.kind === 'type') return wrong.has(condition.column)
    const found = evaluator.evaluate(rule(condition.rule), { row: record })
    if (found === true) return false
    return !(isError(found) && found.error === 'missing' && clause.forgivesMissing)
  }
  const inSlice: Reference['inSlice'] = (clause, slice, record) =>
    clause.slices?.some(
      (each) => each.name === slice && evaluator.evaluate(rule(each.rule), { row: record }) === true,
    ) === true
  const violates: Reference['violates'] = (clause, slice, record, wrong) => {
    if (!isBroken(clause, record, wrong)) return false
    const { slices } = clause
    // A cell that cannot be read concerns the whole row, whatever the slices.
    if (slices === undefined || clause.condition.kind === 'type') return true
    return slices.some(({ name }) => (slice === undefined || name === slice) && inSlice(clause, name, record))
  }
  const reading = new Map<string, GuardClause[]>()
  for (const clause of plan.clauses) {
    for (const column of columnsOfClause(clause, rule)) {
      const known = reading.get(column)
      if (known === undefined) reading.set(column, [clause])
      else known.push(clause)
    }
  }
  const readingAny = (columns: readonly string[]): readonly GuardClause[] => [
    ...new Set(columns.flatMap((column) => reading.get(column) ?? [])),
  ]
  const judge = (
    phase: GuardClause['phase'],
    columns: readonly GuardColumn[],
    record: RecordValue,
    wrong: Wrong,
    clauses: readonly GuardClause[] = plan.clauses,
  ) => {
    const own = new Set(columns.map(({ name }) => name))
    const violated = clauses.filter(
      (clause) =>
        (clause.condition.kind === 'type' ? own.has(clause.condition.column) : clause.phase === phase) &&
        violates(clause, undefined, record, wrong),
    )
    const ids = (effect: GuardClause['effect']): readonly string[] =>
      violated.filter((clause) => clause.effect === effect).map(({ id }) => id)
    return { enforced: ids('enforce'), flagged: ids('flag') }
  }

  const decide: Reference['decide'] = (record, answers, by) => {
    const own = by === 'model' ? plan.decision : plan.policy.fallback?.decision
    if (own === undefined) return answers
    const found = evaluator.evaluate(rule(own), { row: new Map([...record, ...answers]) })
    const decision: Value | null = isError(found) ? null : found
    return new Map([...answers, ['decision', decision]])
  }

  return {
    planned,
    violates,
    inSlice,
    decide,
    unpredictable: new Set(
      plan.clauses
        .filter((clause) => columnsOfClause(clause, rule).some((name) => ONLY_AT_THE_SERVER.includes(name)))
        .map(({ id }) => id),
    ),
    judgeInput: (row, changed) => {
      const read = readRow(fields, row)
      const known = [...row.keys()].every((name) => names.has(name))
      const unspoken = [...read.wrong].some((column) => !typeClause(column))
      const refused = !known || read.unsafe || unspoken
      return {
        ...judge('input', fields, read.record, read.wrong, changed && readingAny(changed)),
        refused,
        record: read.record,
      }
    },
    judgeOutput: (record, decided, wrong = new Set()) => {
      const joined = new Map([...record, ...decided])
      const unspoken = [...wrong].some((column) => !typeClause(column))
      return { ...judge('output', plan.outputs, joined, wrong), refused: unspoken, record: joined }
    },
  }
}

/** The fields of a row as the language reads them, and those that do not have their type. */
export function readRow(
  fields: readonly GuardColumn[],
  row: Row,
): { readonly record: RecordValue; readonly wrong: Wrong; readonly unsafe: boolean } {
  const record = new Map<string, Value | null>()
  const wrong = new Set<string>()
  let unsafe = false
  for (const { name, kind } of fields) {
    const reading = readCell(kind, row.get(name))
    if (reading.kind === 'wrong-type') wrong.add(name)
    if (reading.kind === 'unsafe-integer') unsafe = true
    record.set(name, reading.kind === 'value' ? reading.value : null)
  }
  return { record, wrong, unsafe }
}

/** Columns a clause reads, those of its slices included. */
export function columnsOfClause(clause: GuardClause, rule: (index: number) => Expr): readonly string[] {
  const own = clause.condition.kind === 'type' ? [clause.condition.column] : [...columnsOf(rule(clause.condition.rule))]
  return [...new Set([...own, ...(clause.slices ?? []).flatMap((slice) => [...columnsOf(rule(slice.rule))])])]
}
