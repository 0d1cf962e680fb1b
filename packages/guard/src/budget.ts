import type { GuardPlan } from './plan.ts'

/** The time of the guard's own in one request. It runs while the guard works, not while a model does. */
export interface Budget {
  /** Whether it is used up; the clock is read at the first of every 64 rows. */
  spent(row: number): boolean
  /** Whether it is used up and was only to be watched; says so once. */
  warns(): boolean
  /** Stops the clock, for as long as another works. */
  pause(): void
  resume(): void
}

const ROWS_PER_LOOK = 64

const unlimited: Budget = { spent: () => false, warns: () => false, pause: () => undefined, resume: () => undefined }

/** Starts the clock of one request; `now` in milliseconds. */
export function startBudget(budget: GuardPlan['policy']['budget'], now: () => number): Budget {
  if (budget === undefined) return unlimited
  const limit = budget.micros / 1000
  let begun = now()
  let used = 0
  let over = false
  let told = false
  const look = (): boolean => (over ||= used + now() - begun > limit)
  return {
    spent: (row) => (row % ROWS_PER_LOOK === 0 ? look() : over),
    warns: () => {
      if (budget.severity === 'block' || told || !look()) return false
      told = true
      return true
    },
    pause: () => {
      used += now() - begun
    },
    resume: () => {
      begun = now()
    },
  }
}
