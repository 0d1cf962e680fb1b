import { join } from 'node:path'
import {
  canonicalJson,
  type Evidence,
  type Host,
  type JsonObject,
  makeEvidence,
  type Program,
  type RunInfo,
  type Statement,
} from '@plumbline/core'
import type { Ledger, LedgerPosition, LedgerRecord } from '@plumbline/store'
import type { Alerts } from '../alerts/alerts.ts'
import type { PassContext, ToWrite } from './context.ts'
import { decideDue } from './decide-due.ts'
import { decideEvents, eventRecords } from './decide-events.ts'
import { type ClosedLines, decideLate } from './decide-late.ts'
import { decideWaiting, type LabelState, NO_LABELS } from './decide-waiting.ts'
import { eventHistory, eventIn } from './event-history.ts'
import type { WatchEvent } from './events.ts'
import { evidenceIn } from './evidence-record.ts'
import { done, stopped, type WatchResult } from './failure.ts'
import { recallWindows } from './recall.ts'
import { readMemory, readPosition, memoryWriter, writePosition } from './memory.ts'
import { nextDue } from './next-due.ts'
import { planWatch, type WatchPlan } from './plan.ts'
import { repairNewest } from './repair.ts'
import type { StageFailure, WindowStage } from './stage-port.ts'
import { standing, type StandingVerdict } from './standing.ts'
import { recordedOf, windowHistory } from './window-history.ts'

/** What a watch works with. */
export interface WatchOptions<Seen extends { readonly width: number }> {
  readonly host: Host
  readonly program: Program
  readonly ledger: Ledger
  /** Where the watch keeps what it remembers: `.plumb/watch`. */
  readonly directory: string
  readonly toolVersion: string
  /** Reads the log of requests; absent where no clause is asked of it. */
  readonly stage?: WindowStage<Seen>
  /** What `stage` takes for a log of which nothing was seen, by the width of its spans. */
  readonly nothingSeen: (width: number) => Seen
  readonly alerts: Alerts
  /** About this run; its duration is how long the statement took, in milliseconds. */
  readonly runInfo: (durationMs: number) => RunInfo
  /** Every record of the ledger, once: for whoever else reads along. */
  readonly onRecord?: (record: LedgerRecord) => void
  readonly onEvent?: (event: WatchEvent) => void
  readonly signal?: AbortSignal
}

/** What a pass came to. */
export interface Passed {
  /** The instant up to which all that was due is decided, in microseconds since 1970 UTC. */
  readonly position: number
  /** When the next window is due, in microseconds since 1970 UTC; absent where none is known. */
  readonly next?: number
  /** What could not be read; what needs it is undecided. */
  readonly problems: readonly StageFailure[]
  /** Pieces of evidence that were written. */
  readonly written: number
}

/** A watch over one project. Its state is the ledger; one at a time works on a project. */
export interface Watch {
  /** Decides everything that is due now, and records it. */
  readonly pass: () => Promise<WatchResult<Passed>>
  readonly standing: () => StandingVerdict
  /** Lets others watch. */
  readonly close: () => Promise<void>
}

/** Opens a watch: reads the ledger and takes the place that only one can have. */
export async function openWatch<Seen extends { readonly width: number }>(
  options: WatchOptions<Seen>,
): Promise<WatchResult<Watch>> {
  const { host, directory } = options
  const made = await host.files.mkdir(directory)
  if (!made.ok) return stopped({ kind: 'host', error: made.error })
  const lock = await host.files.lock(join(directory, 'watch.lock'), { timeoutMs: 500 })
  if (!lock.ok) return stopped(lock.error.kind === 'busy' ? { kind: 'in-use' } : { kind: 'host', error: lock.error })
  let begun = false
  try {
    const watch = await begin(options, () => lock.value.release())
    begun = watch.ok
    return watch
  } finally {
    if (!begun) await lock.value.release()
  }
}

async function begin<Seen extends { readonly width: number }>(
  options: WatchOptions<Seen>,
  release: () => Promise<void>,
): Promise<WatchResult<Watch>> {
  const { host, program, ledger, directory, stage = noStage<Seen>(), alerts, signal } = options
  const plan = planWatch(program)
  const history = windowHistory()
  const events = eventHistory(plan.events, plan.eventWidth)
  const records = eventRecords()
  const stands = standing(program, plan)
  let position: LedgerPosition | undefined

  const observe = (record: LedgerRecord): void => {
    options.onRecord?.(record)
    const event = eventIn(record)
    if (event !== undefined) events.observeEvent(event)
    const evidence = evidenceIn(record)
    if (evidence === undefined) return
    history.observe(evidence)
    records.observe(evidence)
    stands.observe(evidence)
    const recorded = recordedOf(evidence)
    if (recorded !== undefined) events.observeWindow(recorded)
  }
  const readOn = async (): Promise<WatchResult<void>> => {
    for await (const step of ledger.read(position)) {
      if (!step.ok) return stopped({ kind: 'ledger', failure: step.failure })
      const { record, place } = step
      position = { seq: record.seq, digest: record.digest, place }
      observe(record)
      alerts.observe(record, position, evidenceIn(record))
    }
    return done(undefined)
  }

  const begun = await readOn()
  if (!begun.ok) return begun
  alerts.caughtUp()
  const saved = await alerts.save()
  if (!saved.ok) return stopped({ kind: 'host', error: saved.error })
  const remembered = await readMemory<Seen>(host, directory, plan.span)
  if (!remembered.ok) return stopped({ kind: 'host', error: remembered.error })
  let seen = remembered.value?.seen ?? options.nothingSeen(plan.span)
  let labels: LabelState =
    remembered.value === undefined
      ? NO_LABELS
      : { stamp: remembered.value.labelsStamp, marks: remembered.value.marks, later: true }
  const remember = memoryWriter<Seen>(host, directory)
  let reached = (await readPosition(host, directory)) ?? 0
  let repaired = false

  const write = async (statements: readonly ToWrite[], began: number): Promise<WatchResult<number>> => {
    if (statements.length === 0) return done(0)
    const run = options.runInfo((host.clock.monotonic() - began) / statements.length)
    const evidence = statements.map((each) => makeEvidence(statementOf(each), run))
    const written = await ledger.append(evidence.map((each) => ({ kind: 'evidence', evidence: toJson(each) })))
    if (!written.ok) return stopped({ kind: 'ledger', failure: written.failure })
    const read = await readOn()
    if (!read.ok) return read
    for (const each of evidence) options.onEvent?.({ kind: 'decided', evidence: each })
    return done(evidence.length)
  }

  const pass = async (): Promise<WatchResult<Passed>> => {
    const read = await readOn()
    if (!read.ok) return read
    const now = Math.floor(host.clock.now()) * 1000
    const problems: StageFailure[] = []
    let count = 0
    let began = host.clock.monotonic()
    const context: PassContext<Seen> = {
      program,
      plan,
      toolVersion: options.toolVersion,
      stage,
      history,
      events,
      decidedNow: new Set(),
      now,
      async write(statements) {
        const written = await write(statements, began)
        began = host.clock.monotonic()
        if (!written.ok) return written
        count += written.value
        return done(undefined)
      },
      recall: (asked) => recallWindows(ledger, history, asked),
      emit: (event) => options.onEvent?.(event),
      problem(failure) {
        problems.push(failure)
        options.onEvent?.({ kind: 'problem', failure })
      },
      failures: () => problems.length,
      interrupted: () => signal?.aborted === true,
    }
    const decided = plan.windows.length === 0 ? done(undefined) : await decideWindows(context)
    if (!decided.ok) return decided
    const answered = await decideEvents(context, records)
    if (!answered.ok) return answered
    if (context.interrupted()) return stopped({ kind: 'interrupted' })
    history.forgetRecalled()
    events.forget(now - horizonOf(plan))
    records.forget(now - horizonOf(plan))
    const told = await alerts.save()
    if (!told.ok) return stopped({ kind: 'host', error: told.error })
    const kept = await remember({ seen, marks: labels.marks, labelsStamp: labels.stamp })
    if (!kept.ok) return stopped({ kind: 'host', error: kept.error })
    // What could not be read is not decided: the position stays. A clock that goes back takes nothing back.
    if (problems.length === 0 && now > reached) {
      const published = await writePosition(host, directory, now)
      if (!published.ok) return stopped({ kind: 'host', error: published.error })
      reached = now
    }
    const next = nextDue(plan, history, now)
    return done({ position: reached, problems, written: count, ...(next === undefined ? {} : { next }) })
  }

  const decideWindows = async (context: PassContext<Seen>): Promise<WatchResult<void>> => {
    const failures = context.failures()
    const arrivals = await stage.arrivals(seen)
    if (!arrivals.ok) {
      if (context.interrupted()) return stopped({ kind: 'interrupted' })
      context.problem(arrivals.failure)
      return done(undefined)
    }
    const { touched, earliest, truncated, absent } = arrivals.value
    const extent = { ...(earliest === undefined ? {} : { earliest }), truncated }
    if (absent > 0) context.emit({ kind: 'absent-segments', segments: absent })
    const future = [...touched].reduce((sum, [from, rows]) => (from > context.now ? sum + rows : sum), 0)
    if (future > 0) context.emit({ kind: 'future-rows', rows: future })
    const closed: ClosedLines = new Map(
      plan.windows.flatMap((line) => {
        const until = history.closed(line.clause.id, line.width)
        return until === undefined ? [] : [[line, until] as const]
      }),
    )
    if (!repaired) {
      const whole = await repairNewest(context, closed)
      if (!whole.ok) return whole
      repaired = true
    }
    const stamp = plan.windows.some(({ labelled }) => labelled) ? await stage.labelsStamp() : ''
    // Late rows first: what lasted is counted on windows as they now are.
    const late = await decideLate(context, touched, closed, extent)
    if (!late.ok) return late
    const due = await decideDue(context, extent)
    if (!due.ok) return due
    // Labels are not judged anew at an instant before one at which they were: a clock that goes back takes nothing back.
    const waiting = context.now < reached ? done(labels) : await decideWaiting(context, labels, stamp)
    if (!waiting.ok) return waiting
    // What could not be read is looked at again, as if it were new.
    if (context.failures() > failures) return done(undefined)
    labels = waiting.value
    seen = arrivals.value.seen
    return done(undefined)
  }

  return done({ pass, standing: stands.verdict, close: release })
}

/** For a spec that asks nothing of requests: nobody asks it either. */
function noStage<Seen>(): WindowStage<Seen> {
  const nobody = (): never => {
    throw new Error('The spec asks nothing of requests.')
  }
  return { arrivals: nobody, decide: nobody, snapshot: nobody, labels: nobody, labelsStamp: nobody }
}

/** How long what happened can still matter to a clause over events, in microseconds. */
function horizonOf({ windows, events, eventWidth, lateness, within }: WatchPlan): number {
  const widest = Math.max(eventWidth, ...windows.map(({ width }) => width))
  const longest = Math.max(0, ...events.map((clause) => clause.within))
  return 3 * widest + lateness + (within ?? 0) + longest
}

function statementOf({ statement, supersedes, late }: ToWrite): Statement {
  const counted = late === undefined || !('n' in statement) ? {} : { late }
  return { ...statement, ...counted, ...(supersedes === undefined ? {} : { supersedes }) }
}

function toJson(evidence: Evidence): JsonObject {
  return JSON.parse(canonicalJson(evidence)) as JsonObject
}
