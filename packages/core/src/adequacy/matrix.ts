import type { Clause, ClauseSeverity, Stage } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import type { Evidence, Verdict } from '../evidence/evidence.ts'
import type { Release } from '../gate/gate.ts'
import { type Answer, answersOf } from './answers.ts'
import { foreignAnswer, type RecordedResult } from '../gate/foreign.ts'
import type { ForeignResult } from './foreign/foreign-result.ts'
import type { AdequacyLevel, ClauseAdequacy } from './level.ts'
import { isSuspect, orphanLinks, type RequirementLinks } from './links.ts'

/**
 * Where a requirement stands. `uncovered`: no clause meets it. `failing`: a clause that meets it is violated, or could
 * not be measured. `suspect`: its text has changed since a clause was linked to it. `verified`: every blocking question
 * asked of it before a release is answered by evidence that speaks of things as they are. `covered`: anything else.
 */
export type RequirementState = 'uncovered' | 'failing' | 'suspect' | 'covered' | 'verified'

/** One question of a clause, and its answer. */
export interface TracedQuestion {
  readonly relation: string
  readonly slice: string
  readonly stage: Stage
  /** Absent where nothing current answers it. */
  readonly verdict?: Verdict
  /** Why it is not decided. */
  readonly reason?: string
  /** Id of the evidence. */
  readonly evidence?: string
  readonly stale: boolean
  /** There is no evidence, and results of a tool that the clause accepts stand for it. */
  readonly foreign?: true
}

/** A clause that meets a requirement. */
export interface TracedClause {
  readonly clause: string
  readonly severity: ClauseSeverity
  /** How much is known of it, where that was asked. */
  readonly level?: AdequacyLevel
  readonly suspect: boolean
  readonly questions: readonly TracedQuestion[]
  /** Results of the user's own tests that name the clause; they change no state. */
  readonly foreign: readonly ForeignResult[]
}

/** One requirement with all that speaks for it. */
export interface TracedRequirement {
  readonly id: string
  readonly says: string
  readonly source?: string
  readonly owner?: string
  readonly state: RequirementState
  readonly clauses: readonly TracedClause[]
}

/** The matrix, and what it leads nowhere from. */
export interface TraceMatrix {
  readonly requirements: readonly TracedRequirement[]
  readonly orphans: {
    /** Authored clauses that meet no requirement. Contracts and built-in clauses follow from declarations and need none. */
    readonly clauses: readonly string[]
    /** Recorded links of requirements or clauses that are gone. */
    readonly links: readonly { readonly requirement: string; readonly clause: string }[]
    /** Foreign results that no clause of the spec is named by. */
    readonly results: readonly ForeignResult[]
  }
}

/** What a matrix is made from. */
export interface TraceInput {
  readonly program: Program
  readonly evidence: readonly Evidence[]
  readonly release: Omit<Release, 'stages'>
  readonly links?: RequirementLinks | undefined
  readonly foreign?: readonly (ForeignResult & Partial<RecordedResult>)[]
  readonly levels?: readonly ClauseAdequacy[]
}

const levelOf = (level: AdequacyLevel | undefined): Pick<TracedClause, 'level'> =>
  level === undefined ? {} : { level }

/** Requirement → clause → question → evidence, and back. */
export function traceMatrix(input: TraceInput): TraceMatrix {
  const { program, links, foreign = [] } = input
  const levels = new Map(input.levels?.map(({ clause, level }) => [clause, level]))
  const answers = Map.groupBy(answersOf(program, input.evidence, input.release), ({ instance }) => instance.clause.id)
  const ids = new Set(program.clauses.map(({ id }) => id))
  const requirements = program.about.requirements.map((requirement): TracedRequirement => {
    const meeting = program.clauses.filter(({ meets }) => meets.includes(requirement.id))
    const clauses = meeting.map(
      (clause): TracedClause => ({
        clause: clause.id,
        severity: clause.severity,
        ...levelOf(levels.get(clause.id)),
        suspect: isSuspect(links, requirement, clause.id),
        questions: (answers.get(clause.id) ?? []).map((answer) => questionOf(answer, accepted(input, answer))),
        foreign: foreign.filter((result) => result.clauses.includes(clause.id)).map(asShown),
      }),
    )
    const { id, says, source, owner } = requirement
    return {
      id,
      says,
      ...(source === undefined ? {} : { source }),
      ...(owner === undefined ? {} : { owner }),
      state: stateOf(clauses),
      clauses,
    }
  })
  return {
    requirements,
    orphans: {
      clauses: program.clauses.filter(isOrphan).map(({ id }) => id),
      links: orphanLinks(links, program),
      results: foreign.filter(({ clauses }) => !clauses.some((id) => ids.has(id))).map(asShown),
    },
  }
}

function isOrphan({ origin, meets, hazards }: Clause): boolean {
  return (origin === 'authored' || origin === 'profiled') && meets.length === 0 && hazards.length === 0
}

/** What a result says, without where it was recorded. */
const asShown = ({ tool, name, verdict, clauses, about, by, near, detail }: ForeignResult): ForeignResult => ({
  tool,
  name,
  verdict,
  clauses,
  ...(about === undefined ? {} : { about }),
  ...(by === undefined ? {} : { by }),
  ...(near === undefined ? {} : { near }),
  ...(detail === undefined ? {} : { detail }),
})

/** What results that the clause accepts say of a question without evidence. */
function accepted({ program, release, foreign = [] }: TraceInput, { instance, evidence }: Answer) {
  if (evidence !== undefined) return undefined
  const recorded = foreign.filter((each): each is ForeignResult & RecordedResult => each.file !== undefined)
  return foreignAnswer(program, instance, { ...release, foreign: recorded })?.kind
}

function questionOf({ instance, evidence, stale }: Answer, foreign: ReturnType<typeof accepted>): TracedQuestion {
  const { relation, slice, stage } = instance
  return {
    relation,
    slice: slice.name,
    stage,
    ...(evidence === undefined
      ? foreign === undefined || foreign === 'stale'
        ? {}
        : { verdict: foreign, foreign: true }
      : { verdict: evidence.statement.verdict, ...reasonOf(evidence), evidence: evidence.id }),
    stale,
  }
}

function reasonOf({ statement }: Evidence): { readonly reason?: string } {
  return 'reason' in statement ? { reason: statement.reason } : {}
}

function stateOf(clauses: readonly TracedClause[]): RequirementState {
  if (clauses.length === 0) return 'uncovered'
  const speaking = clauses.filter(({ severity }) => severity !== 'info')
  const questions = speaking.flatMap((clause) => clause.questions)
  if (questions.some(({ verdict }) => verdict === 'violated' || verdict === 'error')) return 'failing'
  if (clauses.some(({ suspect }) => suspect)) return 'suspect'
  const blocking = clauses
    .filter(({ severity }) => severity === 'block')
    .flatMap((clause) => clause.questions)
    // Production has not begun when a version is released; and without a champion there is nothing to compare with.
    .filter(({ stage, reason }) => stage !== 'runtime' && reason !== 'no-champion')
  return blocking.length > 0 && blocking.every(({ verdict }) => verdict === 'satisfied') ? 'verified' : 'covered'
}
