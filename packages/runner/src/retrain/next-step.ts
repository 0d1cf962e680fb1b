import { digestOf } from '@plumbline/core'
import type { LoopProgram } from './advance.ts'
import { openCauses, rollbackCause, unfinishedRollback } from './causes.ts'
import type { RefusalReason } from './events.ts'
import { permission, scheduledAt } from './pace.ts'
import { asOf, learningSpan, type Span, triggerSpan } from './span.ts'
import { championOf, type Cycle, type LoopState, type Violation } from './state.ts'

/** What the loop sees outside the ledger. */
export interface World {
  /** Microseconds since 1970 UTC, by the clock of the host. */
  readonly now: number
  /** Digests of what the stages need, by path; undefined where they were not looked at. */
  readonly needs?: Readonly<Record<string, string>>
  /** Served requests of the trigger, and how many of them have a label; undefined where they were not counted. */
  readonly labels?: { readonly served: number; readonly labelled: number }
}

/** What to do now. */
export type Step =
  /** For this evidence; `clause` where it is asked for the first time, else what was begun is completed. */
  | { readonly do: 'roll-back'; readonly reason: string; readonly clause?: string }
  | { readonly do: 'suspect'; readonly subject: string; readonly cause: string; readonly violation?: Violation }
  | { readonly do: 'decide'; readonly cycle: Cycle; readonly span?: Span; readonly also: readonly string[] }
  | { readonly do: 'refuse'; readonly cycle: Cycle; readonly reason: RefusalReason }
  | { readonly do: 'train' | 'validate' | 'stage' | 'promote' | 'verify'; readonly cycle: Cycle }
  /** The labels of these requests that had arrived by then have to be counted before anything can be said. */
  | { readonly do: 'count-labels'; readonly span: Span; readonly by: number }
  | { readonly do: 'wait'; readonly for: 'cause' | 'cooldown' | 'budget' | 'labels'; readonly until?: number }

/** What to do next; pure. A version that its own traffic speaks against is taken out before anything else. */
export function nextStep(state: LoopState, program: LoopProgram, world: World): Step {
  const unfinished = unfinishedRollback(state)
  if (unfinished !== undefined) return { do: 'roll-back', reason: unfinished }
  const against = rollbackCause(state, program)
  if (against !== undefined) return { do: 'roll-back', reason: against.evidence, clause: against.clause }
  const { cycle } = state
  if (program.retrain === undefined) return { do: 'wait', for: 'cause' }
  if (cycle === undefined) return observe(state, program, world)
  if (cycle.phase === 'suspected') return suspect(state, program, world, cycle)
  return proceed(state, cycle)
}

/** Name of the cause that new data are: the same data ask once. */
export function causeOfNeeds(needs: Readonly<Record<string, string>>): string {
  return `needs:${digestOf(needs)}`
}

function observe(state: LoopState, program: LoopProgram, { now, needs }: World): Step {
  const [violation] = openCauses(state, program)
  if (violation !== undefined) return { do: 'suspect', subject: violation.clause, cause: violation.evidence, violation }
  const { retrain } = program
  if (retrain?.newData === true && needs !== undefined && haveChanged(state, needs))
    return { do: 'suspect', subject: 'new-data', cause: causeOfNeeds(needs) }
  const due = retrain === undefined ? undefined : scheduledAt(state, retrain)
  if (due === undefined) return { do: 'wait', for: 'cause' }
  if (now < due) return { do: 'wait', for: 'cause', until: due }
  return { do: 'suspect', subject: 'schedule', cause: `schedule:${new Date(due / 1000).toISOString()}` }
}

/** Whether something that the stages needed when they ran last is another now, and no decision has seen it yet. */
function haveChanged(state: LoopState, needs: Readonly<Record<string, string>>): boolean {
  if (state.decidedNeeds === causeOfNeeds(needs)) return false
  return Object.entries(needs).some(([path, digest]) => (state.needs[path] ?? digest) !== digest)
}

/** What asks without a clause: it is not taken back by evidence. */
const NOT_CLAUSES: ReadonlySet<string> = new Set(['new-data', 'schedule', 'command'])

function suspect(state: LoopState, program: LoopProgram, world: World, cycle: Cycle): Step {
  const { retrain, monitor } = program
  if (retrain === undefined) return { do: 'wait', for: 'cause' }
  const causes = openCauses(state, program)
  if (causes.length === 0 && !NOT_CLAUSES.has(cycle.subject)) return { do: 'refuse', cycle, reason: 'no-longer-asked' }
  const allowed = permission(state, retrain, world.now)
  if (!allowed.allowed) return { do: 'wait', for: allowed.by, until: allowed.until }
  const trigger = triggerSpan(causes, program)
  if (retrain.window !== undefined && monitor?.labels !== undefined && trigger !== undefined) {
    const latest = trigger.to + monitor.labels.within
    const by = asOf(causes, program, world.now)
    if (by < latest) {
      if (world.labels === undefined) return { do: 'count-labels', span: trigger, by }
      const { served, labelled } = world.labels
      if (labelled < Number(monitor.labels.minShare) * served) return { do: 'wait', for: 'labels', until: latest }
    }
  }
  const span = learningSpan(state, program, causes, world.now)
  const also = causes.map(({ evidence }) => evidence).filter((id) => id !== cycle.cause)
  return { do: 'decide', cycle, also, ...(span === undefined ? {} : { span }) }
}

function proceed(state: LoopState, cycle: Cycle): Step {
  const champion = championOf(state)?.digest ?? ''
  const { candidate, phase } = cycle
  const refuse = (reason: RefusalReason): Step => ({ do: 'refuse', cycle, reason })
  if (candidate !== undefined && state.takenOut.includes(candidate)) return refuse('taken-out-before')
  const isPromoted = candidate !== undefined && candidate === champion
  if (phase === 'promoted') return isPromoted ? { do: 'verify', cycle } : refuse('version-replaced')
  if (champion !== cycle.champion && !isPromoted) return refuse('version-replaced')
  if (candidate !== undefined && candidate === cycle.champion) return refuse('unchanged')
  return { do: WORK[phase], cycle }
}

/** What is done in each phase between the decision and the promotion. */
const WORK = {
  suspected: 'train',
  decided: 'train',
  trained: 'validate',
  validated: 'stage',
  staged: 'promote',
} as const
