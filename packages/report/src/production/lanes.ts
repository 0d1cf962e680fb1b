import { type Clause, type Evidence, type Program, readWindow, type Statement, type Verdict } from '@plumbline/core'
import { readInstant } from '../words/time.ts'
import { worstVerdict } from '../words/verdict.ts'

/** What was last said of one window and one serving version. */
export interface WindowAnswer {
  readonly evidence: Evidence
  /** Digest of the version that answered the window's requests; absent where the statement names none. */
  readonly version?: string
  /** What was said of the same window before: without its late rows, or without its labels. Oldest first. */
  readonly replaced: readonly Evidence[]
}

/** One window of a lane. Instants in milliseconds since 1970 UTC; `from` equals `to` where the evidence names no window. */
export interface LaneWindow {
  readonly from: number
  readonly to: number
  /** One for each version that answered in it. */
  readonly answers: readonly WindowAnswer[]
  /** The gravest of the answers, of those that had enough rows to tell. */
  readonly verdict: Verdict
}

/** One question to production and its answers over time: a clause, a slice of it, a length of window. */
export interface Lane {
  /** An id for links, unique in a page. */
  readonly anchor: string
  readonly id: string
  readonly relation: string
  readonly slice: string
  /** `undefined` where the clause is no longer in the spec. */
  readonly clause: Clause | undefined
  readonly severity: Statement['severity']
  /** In the order of time; never empty. */
  readonly windows: readonly LaneWindow[]
}

/**
 * The lanes of all evidence about production, in the order of the spec (clauses that left it last). Of a window and version
 * the last record counts, as the ledger has them; exploratory evidence counts for nothing.
 */
export function readLanes(program: Program, evidence: readonly Evidence[]): readonly Lane[] {
  const told = evidence.filter(({ statement }) => statement.stage === 'runtime' && statement.exploratory !== true)
  const order = new Map(program.clauses.map((clause, i) => [clause.id, { clause, i }]))
  const rank = (id: string): number => order.get(id)?.i ?? order.size
  const placeOf = placeReader()
  const groups = [...Map.groupBy(told, (each) => keyOf(each, placeOf)).values()].toSorted(
    (a, b) => rank(idOf(a)) - rank(idOf(b)),
  )
  return groups.flatMap((records, i) => {
    const last = records.at(-1)
    if (last === undefined) return []
    const { clause: id, relation, slice } = last.statement
    const clause = order.get(id)?.clause
    const severity = clause?.severity ?? last.statement.severity
    return [{ anchor: `runtime-${i + 1}`, id, relation, slice, clause, severity, windows: windowsOf(records, placeOf) }]
  })
}

function idOf([first]: readonly Evidence[]): string {
  return first?.statement.clause ?? ''
}

type Place = { readonly from: number; readonly to: number }
type PlaceReader = (evidence: Evidence) => Place

function keyOf(evidence: Evidence, placeOf: PlaceReader): string {
  const { clause, relation, slice, form } = evidence.statement
  const { from, to } = placeOf(evidence)
  // The windows of `whenever` and `eventually` begin and end as they must; they are one line.
  const width = form === 'whenever' || form === 'eventually' ? 0 : to - from
  return JSON.stringify([clause, relation, slice, width])
}

/** Reads windows, each text once: all lanes have the same ones. What names no window is at the instant it was found. */
function placeReader(): PlaceReader {
  const known = new Map<string, Place>()
  return ({ statement, run }) => {
    const text = statement.window ?? run.at
    const place = known.get(text) ?? placeIn(statement.window, run.at)
    known.set(text, place)
    return place
  }
}

function placeIn(window: string | undefined, at: string): Place {
  const read = window === undefined ? undefined : readWindow(window)
  if (read !== undefined) return { from: read.from / 1000, to: read.to / 1000 }
  const instant = readInstant(at) ?? 0
  return { from: instant, to: instant }
}

function windowsOf(records: readonly Evidence[], placeOf: PlaceReader): readonly LaneWindow[] {
  const places = Map.groupBy(records, ({ statement, run }) => statement.window ?? run.at)
  const windows = [...places.values()].flatMap((found): readonly LaneWindow[] => {
    const [first] = found
    if (first === undefined) return []
    const answers = [...Map.groupBy(found, ({ statement }) => versionOf(statement) ?? '').values()].flatMap(answerOf)
    const verdict = verdictOf(answers)
    return [{ ...placeOf(first), answers, verdict }]
  })
  return windows.toSorted((a, b) => a.from - b.from || a.to - b.to)
}

/** The gravest of the answers; a version that had too few rows in the window does not hide what another one showed. */
function verdictOf(answers: readonly WindowAnswer[]): Verdict {
  const telling = answers.filter(({ evidence: { statement } }) => {
    const { verdict } = statement
    return !(
      verdict === 'inconclusive' &&
      (statement.reason === 'too-few-rows' || statement.reason === 'empty-relation')
    )
  })
  const counted = telling.length > 0 ? telling : answers
  return worstVerdict(counted.map(({ evidence }) => evidence.statement.verdict)) ?? 'skipped'
}

function answerOf(records: readonly Evidence[]): readonly WindowAnswer[] {
  const evidence = records.at(-1)
  if (evidence === undefined) return []
  const version = versionOf(evidence.statement)
  // The same record again (a replay, a restart) replaces nothing.
  const replaced = records.slice(0, -1).filter(({ id }, i, all) => id !== evidence.id && id !== all[i + 1]?.id)
  return [{ evidence, replaced, ...(version === undefined ? {} : { version }) }]
}

/** Whether an answer only waits for labels: it says nothing yet, and will be replaced. */
export function isWaiting({ statement }: Evidence): boolean {
  return statement.verdict === 'inconclusive' && statement.reason === 'labels-pending'
}

/** Whether a window was decided anew because rows came late; a verdict that waited for labels is only completed. */
export function isRevised({ evidence: { statement }, replaced }: WindowAnswer): boolean {
  const late = 'late' in statement && (statement.late ?? 0) > 0
  return replaced.some((each) => (late || each.statement.verdict !== 'inconclusive') && !isWaiting(each))
}

/** The version whose answers a statement about production speaks of. */
export function versionOf({ digests: { models } }: Statement): string | undefined {
  if (Object.hasOwn(models, 'champion')) return models['champion']
  const digests = [...new Set(Object.values(models))]
  return digests.length === 1 ? digests[0] : undefined
}
