import type { RecordValue } from '@plumbline/core'
import type { Row } from '../falsify/domain.ts'
import type { Answers, Judged, Reference, Wrong } from './reference.ts'

/** What a model answers to one record; `wrong` names outputs that are of another type than declared (null in `answers`). */
export interface Predicted {
  readonly answers: Answers
  readonly wrong?: Wrong
}

/** Answers of a model to records of inputs, one each; undefined when it cannot answer them. */
export type Predict = (records: readonly RecordValue[]) => Promise<readonly Predicted[] | undefined>

/** Who answers, offline: the same files as are served. `fallback` is absent where the plan names none. */
export interface Offline {
  readonly model: Predict
  readonly fallback?: Predict
}

/** How a request has to end. `clauses`: ids of all violated clauses that an answer's headers name. */
export type Expected =
  | {
      readonly kind: 'answered'
      readonly by: 'model' | 'fallback'
      /** Outputs and `decision` of each row. */
      readonly rows: readonly Answers[]
      readonly clauses: readonly string[]
    }
  | {
      readonly kind: 'rejected'
      readonly phase: 'input' | 'output'
      readonly row: number
      readonly clauses: readonly string[]
    }
  | { readonly kind: 'unavailable'; readonly clauses: readonly string[] }

/** The policy of a guard over a batch, by the reference evaluator and the models as files. */
export async function expectedOf(reference: Reference, offline: Offline, rows: readonly Row[]): Promise<Expected> {
  const { policy } = reference.planned.plan
  const clauses = new Set<string>()
  const records: RecordValue[] = []
  let by: 'model' | 'fallback' = 'model'
  for (const [i, row] of rows.entries()) {
    const judged = reference.judgeInput(row)
    note(clauses, judged)
    if (rejects(judged, policy.input)) return { kind: 'rejected', phase: 'input', row: i, clauses: [...clauses] }
    if (judged.enforced.length > 0 && policy.input === 'fallback') by = 'fallback'
    records.push(judged.record)
  }
  const fallBack = () => answeredByFallback(reference, offline, records, clauses)
  if (by === 'fallback') return fallBack()
  const predicted = await offline.model(records)
  if (predicted === undefined) return policy.fallback === undefined ? unavailable(clauses) : fallBack()
  const answers: Answers[] = []
  for (const [i, record] of records.entries()) {
    const { decided, judged } = judgedAnswer(reference, record, predicted[i], 'model')
    note(clauses, judged)
    const bad = judged.refused || judged.enforced.length > 0
    if (bad && policy.output === 'fallback') return fallBack()
    if (rejects(judged, policy.output)) return { kind: 'rejected', phase: 'output', row: i, clauses: [...clauses] }
    answers.push(decided)
  }
  return { kind: 'answered', by: 'model', rows: answers, clauses: [...clauses] }
}

async function answeredByFallback(
  reference: Reference,
  offline: Offline,
  records: readonly RecordValue[],
  clauses: Set<string>,
): Promise<Expected> {
  const { policy } = reference.planned.plan
  const predicted = await offline.fallback?.(records)
  if (predicted === undefined) return unavailable(clauses)
  const answers: Answers[] = []
  for (const [i, record] of records.entries()) {
    const { decided, judged } = judgedAnswer(reference, record, predicted[i], 'fallback')
    note(clauses, judged)
    // A fallback's answer has no further fallback.
    if (rejects(judged, policy.output === 'flag' ? 'flag' : 'reject')) return unavailable(clauses)
    answers.push(decided)
  }
  return { kind: 'answered', by: 'fallback', rows: answers, clauses: [...clauses] }
}

function judgedAnswer(
  reference: Reference,
  record: RecordValue,
  predicted: Predicted | undefined,
  by: 'model' | 'fallback',
): { readonly decided: Answers; readonly judged: Judged } {
  const decided = reference.decide(record, predicted?.answers ?? new Map(), by)
  return { decided, judged: reference.judgeOutput(record, decided, predicted?.wrong) }
}

const unavailable = (clauses: ReadonlySet<string>): Expected => ({ kind: 'unavailable', clauses: [...clauses] })

const rejects = (judged: Judged, policy: 'reject' | 'fallback' | 'flag'): boolean =>
  judged.refused || (judged.enforced.length > 0 && policy === 'reject')

function note(clauses: Set<string>, { enforced, flagged }: Judged): void {
  for (const id of [...enforced, ...flagged]) clauses.add(id)
}
