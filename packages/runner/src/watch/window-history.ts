import { type Evidence, readWindow, type Statement, type TimeWindow, type Verdict } from '@plumbline/core'
import { lineKey } from './plan.ts'

/** What the ledger last says of a clause on a slice, a window and a version. */
export interface Recorded {
  readonly id: string
  readonly clause: string
  readonly slice: string
  readonly window: TimeWindow
  /** Digest of the version; null where there was none. */
  readonly model: string | null
  readonly clauseDigest: string
  readonly data: Statement['digests']['data']
  readonly verdict: Verdict
  readonly reason?: string
  readonly streak?: number
}

/** What has been decided on windows of requests, read from the ledger. It remembers what may still be asked about. */
export interface WindowHistory {
  /** Takes evidence in the order of the ledger. */
  readonly observe: (evidence: Evidence) => void
  /** End of the newest window of a line there is evidence of. */
  readonly closed: (clause: string, width: number) => number | undefined
  /** The last record of each slice and version on a window; undefined where the window is older than what is remembered. */
  readonly recorded: (clause: string, window: TimeWindow) => readonly Recorded[] | undefined
  /** Remembers windows that were forgotten, until `forgetRecalled`. */
  readonly recall: (
    recorded: readonly Recorded[],
    windows: readonly { readonly clause: string; readonly window: TimeWindow }[],
  ) => void
  readonly forgetRecalled: () => void
  /** What waits for labels, the oldest window first. */
  readonly waiting: () => readonly Recorded[]
  /** What the condition of an `always` clause was found to be on the decided windows before one, in time order. */
  readonly conditionsBefore: (
    of: Pick<Recorded, 'clause' | 'slice' | 'model' | 'clauseDigest' | 'window'>,
  ) => readonly Condition[]
  /** The same after one. */
  readonly conditionsAfter: (
    of: Pick<Recorded, 'clause' | 'slice' | 'model' | 'clauseDigest' | 'window'>,
  ) => readonly Condition[]
}

/** What a condition was found to be on a window; only decided ones are remembered. */
export interface Condition {
  readonly window: TimeWindow
  readonly verdict: 'satisfied' | 'violated'
}

/** Windows of a line that are remembered in full. */
const REMEMBERED = 64

/** What the condition of a statement was found to be on its window: `for` turns a violated one into one that is pending. */
export function conditionOf({ verdict, reason }: Pick<Recorded, 'verdict' | 'reason'>): Verdict {
  return verdict === 'inconclusive' && reason === 'pending' ? 'violated' : verdict
}

/** The record of a statement on a window of requests; undefined for any other. */
export function recordedOf({ id, statement }: Pick<Evidence, 'id' | 'statement'>): Recorded | undefined {
  const { clause, relation, stage, form, slice, window, exploratory, digests, verdict } = statement
  if (stage !== 'runtime' || relation !== 'requests' || exploratory === true) return undefined
  if (form !== 'every' && form !== 'must' && form !== 'always') return undefined
  const span = window === undefined ? undefined : readWindow(window)
  if (span === undefined) return undefined
  const [model = null] = Object.values(digests.models)
  return {
    id,
    clause,
    slice,
    window: span,
    model,
    clauseDigest: digests.clause,
    data: digests.data,
    verdict,
    ...('reason' in statement ? { reason: statement.reason } : {}),
    ...('streak' in statement && statement.streak !== undefined ? { streak: statement.streak } : {}),
  }
}

/** An empty history. */
export function windowHistory(): WindowHistory {
  const closed = new Map<string, number>()
  const recent = new Map<string, Map<number, Map<string, Recorded>>>()
  /** Windows that were forgotten and asked about again: by clause and window, then by part. */
  const recalled = new Map<string, Map<string, Recorded>>()
  const waiting = new Map<string, Recorded>()
  const conditions = new Map<string, Condition[]>()

  const remember = (recorded: Recorded): void => {
    const { clause, window } = recorded
    const line = lineKey(clause, window.to - window.from)
    closed.set(line, Math.max(closed.get(line) ?? window.to, window.to))
    const windows = recent.get(line) ?? new Map<number, Map<string, Recorded>>()
    recent.set(line, windows)
    const records = windows.get(window.from) ?? new Map<string, Recorded>()
    windows.set(window.from, records)
    records.set(partKey(recorded), recorded)
    if (windows.size > REMEMBERED) windows.delete(Math.min(...windows.keys()))
    recalled.get(windowKey(recorded))?.set(partKey(recorded), recorded)
    const key = JSON.stringify([line, window.from, partKey(recorded)])
    if (recorded.reason === 'labels-pending') waiting.set(key, recorded)
    else waiting.delete(key)
  }

  const rememberCondition = (recorded: Recorded): void => {
    const key = conditionKey(recorded)
    const verdict = conditionOf(recorded)
    const others = (conditions.get(key) ?? []).filter(({ window }) => window.from !== recorded.window.from)
    if (verdict === 'satisfied' || verdict === 'violated') others.push({ window: recorded.window, verdict })
    others.sort((a, b) => a.window.from - b.window.from)
    conditions.set(key, others.slice(-REMEMBERED))
  }

  return {
    observe(evidence) {
      const recorded = recordedOf(evidence)
      if (recorded === undefined) return
      remember(recorded)
      if (evidence.statement.form === 'always') rememberCondition(recorded)
    },
    closed: (clause, width) => closed.get(lineKey(clause, width)),
    recorded(clause, window) {
      const windows = recent.get(lineKey(clause, window.to - window.from))
      const records = recalled.get(windowKey({ clause, window })) ?? windows?.get(window.from)
      if (records !== undefined) return [...records.values()]
      // What was never recorded is not forgotten either, as long as older windows are remembered.
      const oldest = windows === undefined || windows.size < REMEMBERED ? undefined : Math.min(...windows.keys())
      return oldest === undefined || window.from > oldest ? [] : undefined
    },
    recall(records, windows) {
      for (const asked of windows) recalled.set(windowKey(asked), new Map())
      for (const record of records) recalled.get(windowKey(record))?.set(partKey(record), record)
    },
    forgetRecalled: () => recalled.clear(),
    waiting: () => [...waiting.values()].toSorted((a, b) => a.window.to - b.window.to),
    conditionsBefore: (of) =>
      (conditions.get(conditionKey(of)) ?? []).filter(({ window }) => window.from < of.window.from),
    conditionsAfter: (of) =>
      (conditions.get(conditionKey(of)) ?? []).filter(({ window }) => window.from > of.window.from),
  }
}

/** Which of the records of a window it is. */
export function partKey({ slice, model }: Pick<Recorded, 'slice' | 'model'>): string {
  return JSON.stringify([slice, model])
}

function windowKey({ clause, window }: Pick<Recorded, 'clause' | 'window'>): string {
  return JSON.stringify([clause, window.from, window.to])
}

function conditionKey(of: Pick<Recorded, 'clause' | 'slice' | 'model' | 'clauseDigest' | 'window'>): string {
  return JSON.stringify([of.clause, of.slice, of.model, of.clauseDigest, of.window.to - of.window.from])
}
