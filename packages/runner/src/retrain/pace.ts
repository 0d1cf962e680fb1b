import type { ProgramRetrain } from '@plumbline/core'
import { championOf, type LoopState } from './state.ts'

/** Whether a retraining may be decided now, or what forbids it and until when (microseconds since 1970 UTC). */
export type Permission =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly by: 'cooldown' | 'budget'; readonly until: number }

/** Cooldown and budget, over the decisions in the ledger: they hold across restarts. Times in microseconds. */
export function permission(
  { decisions }: Pick<LoopState, 'decisions'>,
  { cooldown, budget }: Pick<ProgramRetrain, 'cooldown' | 'budget'>,
  now: number,
): Permission {
  const last = decisions.at(-1)
  if (last !== undefined && now < last + cooldown) return { allowed: false, by: 'cooldown', until: last + cooldown }
  if (budget === undefined) return { allowed: true }
  const spent = decisions.filter((at) => at > now - budget.per).toSorted((a, b) => a - b)
  const oldest = spent.at(-budget.count)
  if (spent.length < budget.count || oldest === undefined) return { allowed: true }
  return { allowed: false, by: 'budget', until: oldest + budget.per }
}

/**
 * When the schedule asks for a retraining: some time after the last was decided or, before there was one, after the version
 * in production came there. Undefined without a schedule, or before there is a version.
 */
export function scheduledAt(state: LoopState, { schedule }: Pick<ProgramRetrain, 'schedule'>): number | undefined {
  const champion = championOf(state)
  if (schedule === undefined || champion === undefined) return undefined
  return Math.max(champion.since, ...state.decisions) + schedule
}
