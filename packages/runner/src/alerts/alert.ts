import { type ClauseSeverity, digestOf, type Evidence, type Measured, type Program } from '@plumbline/core'

/** What a receiver is told: a clause is violated in production, or no longer is. Plain JSON; the body of a webhook. */
export type Alert = {
  readonly schema: 'plumbline/alert/1'
  /** The same for every attempt to send it: what comes twice can be told by it. */
  readonly id: string
  readonly status: 'violated' | 'resolved'
  /** Why it is resolved: the clause is satisfied again, or the version that violated it answers no longer. */
  readonly because?: 'satisfied' | 'version-replaced'
  readonly system: { readonly name: string; readonly version: string }
  readonly clause: string
  readonly says: string
  readonly severity: ClauseSeverity
  readonly relation: string
  readonly slice: string
  /** Digest of the version it speaks of; null where it speaks of none. */
  readonly model: string | null
  /** The window that decided, as evidence names it; null where there is none. */
  readonly window: string | null
  /** What was asked, as written, and what was measured. */
  readonly condition: string
  readonly measured: number | string | boolean | null
  /** Since when the clause is violated: the end of the first window that says so. RFC 3339. */
  readonly since: string
  /** When the evidence was made. RFC 3339. */
  readonly at: string
  /** The evidence it rests on. */
  readonly evidence: string
  /** The time is that of `--clock`. */
  readonly clock?: 'simulated'
}

/** The alert that a piece of evidence gives rise to. */
export function makeAlert(
  program: Program,
  evidence: Evidence,
  news: Pick<Alert, 'status' | 'because' | 'since' | 'model'>,
): Alert {
  const { statement, run } = evidence
  const clause = program.clauses.find(({ id }) => id === statement.clause)
  const { because, ...known } = news
  return {
    schema: 'plumbline/alert/1',
    id: digestOf({ evidence: evidence.id, status: news.status, model: news.model }),
    ...known,
    ...(because === undefined ? {} : { because }),
    system: { name: program.spec.name, version: program.spec.version },
    clause: statement.clause,
    says: clause?.says ?? statement.clause,
    severity: statement.severity,
    relation: statement.relation,
    slice: statement.slice,
    window: statement.window ?? null,
    condition: clause === undefined ? '' : conditionOf(clause),
    measured: 'measured' in statement ? plain(statement.measured) : null,
    at: run.at,
    evidence: evidence.id,
    ...(run.clock === undefined ? {} : { clock: run.clock }),
  }
}

function conditionOf(clause: Program['clauses'][number]): string {
  if (clause.form !== 'every') return clause.text
  return clause.condition.kind === 'expr' ? clause.condition.text : clause.condition.kind
}

/** Receivers read JSON with doubles: what is no exact or finite number there is told as text. */
function plain(value: Measured | undefined): Alert['measured'] {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return value ?? null
}
