import type { Clause, Evidence, Program, Statement, Verdict } from '@plumbline/core'
import { worstVerdict } from '../words/verdict.ts'

/** A version of a model that evidence speaks of, by digest; `undefined` for evidence about data alone. */
export type Subject = string | undefined

/** The answers to one clause about one subject: its latest evidence per relation and slice, in the order of the spec. */
export interface ClauseReading {
  /** `undefined` where the clause is no longer in the spec. */
  readonly clause: Clause | undefined
  readonly id: string
  readonly answers: readonly Evidence[]
  /** Gravest of the answers. */
  readonly verdict: Verdict
  /** Some answer was given to an earlier wording of the clause. */
  readonly stale: boolean
}

/**
 * The model version whose release a statement speaks for: the challenger where one is compared, else the champion
 * (the candidate is bound to that role), else the model that owns the relation.
 */
export function subjectOf(statement: Statement): Subject {
  const { models } = statement.digests
  const owner = statement.relation.split('.')[0] ?? ''
  for (const role of ['challenger', 'champion', owner]) if (Object.hasOwn(models, role)) return models[role]
  return undefined
}

/** The subjects of all evidence, the most recently tested first. */
export function subjectsOf(evidence: readonly Evidence[]): readonly string[] {
  const seen = new Set<string>()
  for (const { statement } of evidence.toReversed()) {
    const subject = subjectOf(statement)
    if (subject !== undefined) seen.add(subject)
  }
  return [...seen]
}

/** The last word on each question about one subject, grouped by clause in the order of the spec; unknown clauses last. */
export function readSubject(
  program: Program,
  evidence: readonly Evidence[],
  subject: Subject,
): readonly ClauseReading[] {
  const latest = new Map<string, Evidence>()
  for (const each of evidence) {
    const { statement } = each
    if (subjectOf(statement) !== subject) continue
    const key = JSON.stringify([statement.clause, statement.relation, statement.slice])
    // Deleted first, so that the map is in the order of the latest evidence.
    latest.delete(key)
    latest.set(key, each)
  }
  const byClause = Map.groupBy(latest.values(), ({ statement }) => statement.clause)
  const known = program.clauses.flatMap((clause) => {
    const answers = byClause.get(clause.id)
    byClause.delete(clause.id)
    return answers === undefined ? [] : [reading(clause.id, clause, inOrder(clause, answers))]
  })
  return [...known, ...[...byClause].map(([id, answers]) => reading(id, undefined, answers))]
}

function reading(id: string, clause: Clause | undefined, answers: readonly Evidence[]): ClauseReading {
  return {
    clause,
    id,
    answers,
    verdict: worstVerdict(answers.map(({ statement }) => statement.verdict)) ?? 'skipped',
    stale: clause !== undefined && answers.some(({ statement }) => statement.digests.clause !== clause.digest),
  }
}

function inOrder(clause: Clause, answers: readonly Evidence[]): readonly Evidence[] {
  const relations = clause.of.map(({ relation }) => relation)
  const slices = clause.slices.map(({ name }) => name)
  const rank = ({ statement }: Evidence): number =>
    relations.indexOf(statement.relation) * (slices.length + 1) + slices.indexOf(statement.slice)
  return answers.toSorted((a, b) => rank(a) - rank(b))
}
