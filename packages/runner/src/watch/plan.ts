import {
  type Clause,
  type EventuallyClause,
  type Instance,
  instancesOf,
  type Program,
  requestRowsOf,
  type WheneverClause,
} from '@plumbline/core'

/** A day in microseconds: the window of a spec that names none. */
const DAY = 86_400_000_000

/** A clause on `requests`, asked of windows of one width. */
export interface WindowLine {
  readonly clause: Clause
  /** Microseconds. */
  readonly width: number
  /** One for each slice. */
  readonly instances: readonly Instance[]
  /** It waits for labels. */
  readonly labelled: boolean
}

/** A clause over events. */
export type EventClause = WheneverClause | EventuallyClause

/** What a watch has to ask, and when. Durations in microseconds. */
export interface WatchPlan {
  readonly windows: readonly WindowLine[]
  readonly events: readonly EventClause[]
  /** Width of the windows in which clauses over events are recorded. */
  readonly eventWidth: number
  readonly lateness: number
  /** How long after its end a window takes labels; absent where none are declared. */
  readonly within?: number
  /** The widest span that divides all widths: windows of every width are made of such spans. */
  readonly span: number
}

/** The plan of a program; clauses that nothing decides yet are left out. */
export function planWatch(program: Program): WatchPlan {
  const { monitor } = program
  const widths = monitor?.windows ?? [DAY]
  const byClause = Map.groupBy(
    instancesOf(program, ['runtime']).filter(
      ({ relation, clause }) => relation === 'requests' && clause.unenforced === undefined,
    ),
    ({ clause }) => clause,
  )
  const windows = [...byClause].flatMap(([clause, instances]) => {
    if (clause.form === 'forall' || clause.form === 'eventually' || clause.form === 'whenever') return []
    const labelled = requestRowsOf(program, clause) === 'labelled'
    const own = clause.form === 'always' ? [clause.window] : widths
    return own.map((width): WindowLine => ({ clause, width, instances, labelled }))
  })
  const events = program.clauses.filter(
    (clause): clause is EventClause =>
      (clause.form === 'whenever' || clause.form === 'eventually') && clause.unenforced === undefined,
  )
  const span = windows.map(({ width }) => width).reduce(greatestCommonDivisor, 0)
  return {
    windows,
    events,
    eventWidth: widths[0] ?? DAY,
    lateness: monitor?.lateness ?? 0,
    ...(monitor?.labels === undefined ? {} : { within: monitor.labels.within }),
    span: span === 0 ? DAY : span,
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** How a line is called: a clause and a width. */
export function lineKey(clause: string, width: number): string {
  return JSON.stringify([clause, width])
}
