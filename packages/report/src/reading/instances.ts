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

/** Evidence with the subject of each record; a skipped question names no model, so it goes with what its session tested. */
export interface Filed {
  readonly evidence: Evidence
  readonly subject: Subject
}

/** Finds the subject of every record. */
export function fileEvidence(evidence: readonly Evidence[]): readonly Filed[] {
  const bySession = new Map<string, string>()
  for (const { statement, run } of evidence) {
    const subject = holdsRole(statement) ? subjectOf(statement) : undefined
    if (subject !== undefined) bySession.set(run.session, subject)
  }
  return evidence.map((each) => {
    const own = subjectOf(each.statement)
    const unbound = own === undefined && each.statement.stage !== 'data'
    return { evidence: each, subject: unbound ? bySession.get(each.run.session) : own }
  })
}

/** Whether the subject of a statement was tested as champion or challenger, and not as a model of its own. */
export function holdsRole({ digests }: Statement): boolean {
  return Object.hasOwn(digests.models, 'champion') || Object.hasOwn(digests.models, 'challenger')
}

/** The subjects of all evidence, the most recently tested first. */
export function subjectsOf(filed: readonly Filed[]): readonly string[] {
  return [...new Set(filed.toReversed().flatMap(({ subject }) => (subject === undefined ? [] : [subject])))]
}

/** The last word on each question about one subject, grouped by clause in the order of the spec; unknown clauses last. */
export function readSubject(program: Program, filed: readonly Filed[], subject: Subject): readonly ClauseReading[] {
  const latest = new Map<string, Evidence>()
  for (const { evidence, subject: about } of filed) {
    if (about !== subject) continue
    const { clause, relation, slice } = evidence.statement
    const key = JSON.stringify([clause, relation, slice])
    // Deleted first, so that the map is in the order of the latest evidence.
    latest.delete(key)
    latest.set(key, evidence)
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
