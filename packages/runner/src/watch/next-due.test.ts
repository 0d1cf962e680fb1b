import { expect, test } from 'vitest'
import { nextDue } from './next-due.ts'
import type { WatchPlan } from './plan.ts'

const line = (id: string, width: number) => ({ clause: { id }, width }) as WatchPlan['windows'][number]
const waiting = (to: number) => [{ window: { from: 0, to } }] as never

test('the earliest of what has not come: a window past its lateness, or one whose labels have no more time', () => {
  const windows = [line('a', 100), line('b', 30)]
  const plan = { windows, lateness: 5, within: 40 }
  const closed = (clause: string): number => (clause === 'a' ? 100 : 120)
  expect(nextDue(plan, { closed, waiting: () => [] }, 130)).toBe(155)
  expect(nextDue(plan, { closed, waiting: () => waiting(100) }, 130)).toBe(140)
  // What is overdue has its reason, and is no reason to look at once.
  expect(nextDue(plan, { closed, waiting: () => waiting(100) }, 140)).toBe(155)
  expect(nextDue(plan, { closed, waiting: () => [] }, 155)).toBe(205)
  expect(nextDue(plan, { closed: () => undefined, waiting: () => [] }, 0)).toBeUndefined()
  expect(nextDue({ windows, lateness: 5 }, { closed, waiting: () => waiting(100) }, 130)).toBe(155)
})
