import type { Solver } from '@plumbline/core/deep'
import { describe, expect, it } from 'vitest'
import { boundedSolver } from './bounded-solver.ts'

const QUERY = { script: '', named: [], read: [] }
const LIMITS = { milliseconds: 100 }

/** A solver that needs `takes` of its clock for each question, and leaves all of them open. */
function slow(takes: number, clauses = 10, signal = new AbortController().signal) {
  let clock = 0
  let worked = 0
  const given: number[] = []
  const solver: Solver = {
    check: async (_query, { milliseconds }) => {
      clock += Math.min(takes, milliseconds)
      given.push(milliseconds)
      return { kind: 'unknown', reason: 'timeout', detail: 'no answer' }
    },
  }
  const bounds = { milliseconds: 100, clauses, now: () => clock, worked: () => worked, signal }
  return { ...boundedSolver(solver, bounds), given, clock: () => clock, work: (ms: number) => (worked += ms) }
}

describe('a solver with bounded patience', () => {
  it('gives questions their time, then a part of it, then none', async () => {
    const { solver, given, clock, isMute, isSpent } = slow(1_000)
    expect(isMute()).toBe(false)
    const last = []
    for (let i = 0; i < 50; i++) last.push(await solver.check(QUERY, LIMITS))
    expect(given).toEqual([100])
    expect(clock()).toBe(100)
    expect([isMute(), isSpent()]).toEqual([true, false])
    expect(last.at(-1)).toMatchObject({ kind: 'unknown', reason: 'interrupted' })
  })

  it('counts what is answered quickly, too, and more for more clauses', async () => {
    const few = slow(1)
    for (let i = 0; i < 400; i++) await few.solver.check(QUERY, LIMITS)
    expect(few.given).toHaveLength(100)
    const many = slow(1, 400)
    for (let i = 0; i < 400; i++) await many.solver.check(QUERY, LIMITS)
    expect(many.given).toHaveLength(200)
  })

  it('has time of its own for what was found, of which none is counted', async () => {
    const { solver, given, isSpent, isMute, extended, work } = slow(1_000)
    await solver.check(QUERY, LIMITS)
    work(50)
    const finding = extended()
    expect(finding.isMute()).toBe(false)
    for (let i = 0; i < 50; i++) await finding.solver.check(QUERY, LIMITS)
    expect(given.slice(1)).toEqual([100, 100, ...Array.from({ length: 10 }, () => 20)])
    work(250)
    expect([finding.isSpent(), finding.isMute()]).toEqual([false, true])
    expect([isSpent(), isMute()]).toEqual([false, true])
    work(19)
    expect(isSpent()).toBe(false)
    work(1)
    expect(isSpent()).toBe(true)
  })

  it('has the share of a solver that was not started, which is not started for less than that', async () => {
    const { solver, given, isSpent, isMute, work } = slow(10)
    work(69)
    expect([isSpent(), isMute()]).toEqual([false, false])
    work(1)
    expect([isSpent(), isMute()]).toEqual([false, true])
    await solver.check(QUERY, LIMITS)
    expect(given).toEqual([])
    const other = slow(10)
    await other.solver.check(QUERY, LIMITS)
    other.work(70)
    expect([other.isSpent(), other.isMute()]).toEqual([true, false])
  })

  it('begins nothing after so much work, or when it is told to end', () => {
    const { isSpent, work } = slow(1)
    work(219)
    expect(isSpent()).toBe(false)
    work(2)
    expect(isSpent()).toBe(true)
    const stopped = new AbortController()
    const other = slow(1, 10, stopped.signal)
    expect(other.isSpent()).toBe(false)
    stopped.abort()
    expect([other.isSpent(), other.isMute()]).toEqual([true, true])
  })
})
