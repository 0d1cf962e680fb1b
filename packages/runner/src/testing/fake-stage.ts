import {
  type Digests,
  digestOf,
  type Instance,
  type Statement,
  type TimeWindow,
  windowAt,
  windowText,
} from '@plumbline/core'
import type { StageArrivals, WindowStage } from '../watch/stage-port.ts'

/** A row of a log that a test keeps in memory. */
export interface FakeRow {
  readonly id: number
  /** Microseconds since 1970 UTC. */
  readonly at: number
  /** The version that answered. */
  readonly version: string
  /** Whether it breaks what `stable` asks for. */
  readonly bad: boolean
}

/** A label: whether the answer to a row was right, and since when that is known. */
export interface FakeLabel {
  readonly id: number
  readonly right: boolean
  readonly at: number
}

/** Rows seen so far, by their number: what the log appends is never changed. */
export interface FakeSeen {
  readonly width: number
  readonly rows: number
}

/** A log in memory, and how it judges windows: by hand, so that a test can say what must come out. */
export interface FakeLog {
  readonly rows: FakeRow[]
  readonly labels: FakeLabel[]
  /** How long labels are waited for, in microseconds. */
  readonly within: number
  /** What reading fails with, if it does. */
  broken: string | undefined
  /** Windows decided by the stage. */
  decided: number
}

/** An empty log. */
export function fakeLog(within: number): FakeLog {
  return { rows: [], labels: [], within, broken: undefined, decided: 0 }
}

/** Rows of a window by version, in the order of their first rows. */
export function versionsIn({ rows }: FakeLog, { from, to }: TimeWindow): ReadonlyMap<string, readonly FakeRow[]> {
  return Map.groupBy(
    rows.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at || a.id - b.id),
    ({ version }) => version,
  )
}

/** The labels of rows that have arrived at an instant, the latest of each row. */
export function labelsOf({ labels }: FakeLog, rows: readonly FakeRow[], until: number): readonly FakeLabel[] {
  return rows.flatMap(({ id }) => {
    const own = labels.filter((label) => label.id === id && label.at <= until).toSorted((a, b) => b.at - a.at)
    return own.slice(0, 1)
  })
}

/** The statement that must be made of some rows of a version; the condition alone, for `always`. */
export function fakeStatement(
  log: FakeLog,
  instance: Instance,
  window: TimeWindow,
  version: string | null,
  rows: readonly FakeRow[],
  now: number,
): Statement {
  const { clause, relation, stage, slice } = instance
  const labelled = clause.id.startsWith('ranks')
  const due = window.to + log.within
  const labels = labelsOf(log, rows, Math.min(now, due))
  const digests: Digests = {
    spec: digestOf('spec'),
    clause: clause.digest,
    data: {
      requests: `snapshot:${digestOf(rows.map(({ id }) => id))}`,
      ...(labelled ? { 'monitor.labels': `snapshot:${digestOf(labels)}` } : {}),
    },
    models: version === null ? {} : { champion: version },
    tool: '0',
  }
  const base = {
    clause: clause.id,
    form: clause.form,
    stage,
    severity: clause.severity,
    relation,
    slice: slice.name,
    window: windowText(window),
    method: 'scan',
    digests,
  } as const
  if (rows.length === 0) return { ...base, verdict: 'inconclusive', reason: 'empty-relation', n: 0 }
  const counts = { n: rows.length, missing: 0, excluded: 0, unassigned_rows: 0, terms: [], comparisons: [] }
  if (labelled) {
    const arrived = { labels: { arrived: labels.length, of: rows.length } }
    if (labels.length < rows.length && now < due)
      return { ...base, verdict: 'inconclusive', reason: 'labels-pending', ...arrived }
    if (labels.length * 2 < rows.length)
      return { ...base, verdict: 'inconclusive', reason: 'too-few-labels', ...arrived }
    const right = labels.filter((label) => label.right).length
    const verdict = right * 2 >= labels.length ? 'satisfied' : 'violated'
    return { ...base, ...counts, ...arrived, measured: right, verdict }
  }
  const bad = rows.filter((row) => row.bad).length
  return { ...base, ...counts, measured: bad, verdict: bad === 0 ? 'satisfied' : 'violated' }
}

/** The part of the engine that reads the log, over a log in memory. */
export function fakeStage(log: FakeLog): WindowStage<FakeSeen> {
  const failed = () => ({ ok: false, failure: { reason: 'source-unreadable', cause: log.broken ?? '' } }) as const
  return {
    async arrivals(seen) {
      if (log.broken !== undefined) return failed()
      const touched = new Map<number, number>()
      for (const { at } of log.rows.slice(seen.rows)) {
        const { from } = windowAt(seen.width, at)
        touched.set(from, (touched.get(from) ?? 0) + 1)
      }
      const times = log.rows.map(({ at }) => at)
      const extent = times.length === 0 ? {} : { earliest: Math.min(...times), latest: Math.max(...times) }
      const arrivals: StageArrivals<FakeSeen> = {
        seen: { width: seen.width, rows: log.rows.length },
        touched,
        ...extent,
        truncated: false,
        absent: 0,
      }
      return { ok: true, value: arrivals }
    },
    async decide({ window, now, instances }) {
      if (log.broken !== undefined) return failed()
      log.decided++
      const versions = versionsIn(log, window)
      const parts = versions.size === 0 ? [[null, []] as const] : [...versions]
      const statements = parts.flatMap(([version, rows]) =>
        instances.map((instance) => fakeStatement(log, instance, window, version, rows, now)),
      )
      return { ok: true, value: { statements, problems: [] } }
    },
    async snapshot({ window }) {
      if (log.broken !== undefined) return failed()
      const value = [...versionsIn(log, window)].map(([version, rows]) => ({
        version,
        digests: { requests: `snapshot:${digestOf(rows.map(({ id }) => id))}` },
      }))
      return { ok: true, value }
    },
    async labels({ window, now, width }) {
      if (log.broken !== undefined) return failed()
      const counts = []
      for (let one = windowAt(width, window.from); one.from < window.to; one = windowAt(width, one.to)) {
        for (const [version, rows] of versionsIn(log, one)) {
          const labels = labelsOf(log, rows, Math.min(now, one.to + log.within))
          counts.push({ window: one, version, served: rows.length, labelled: labels.length, mark: digestOf(labels) })
        }
      }
      return { ok: true, value: { counts, later: log.labels.some(({ at }) => at > now) } }
    },
    labelsStamp: async () => String(log.labels.length),
  }
}
