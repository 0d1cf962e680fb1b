import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayEvidence, runtimeProgram } from '../testing/runtime.ts'
import { makeAlert } from './alert.ts'
import { LONGEST_WAIT_MS, waitAfter } from './backoff.ts'
import {
  afterFailure,
  afterSuccess,
  emptyQueue,
  enqueue,
  expired,
  isDue,
  LONGEST_LIFE_MS,
  MOST_WAITING,
  withoutAlert,
} from './queue.ts'

const program = runtimeProgram()
const alertOf = (day: number) =>
  makeAlert(program, dayEvidence({ day }), { status: 'violated', since: '2026-01-01T00:00:00Z', model: null })

test('waits double up to five minutes, with a share that is drawn, and the same for the same attempt', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.string(), (attempt, seed) => {
      const full = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (attempt - 1))
      const wait = waitAfter(attempt, seed)
      expect(wait).toBe(waitAfter(attempt, seed))
      expect(wait).toBeGreaterThanOrEqual(full / 2)
      expect(wait).toBeLessThanOrEqual(full)
    }),
  )
  expect(new Set(Array.from({ length: 50 }, (_, i) => waitAfter(5, `seed ${i}`))).size).toBeGreaterThan(40)
})

test('what the receiver asks for is waited for, up to an hour', () => {
  expect(waitAfter(1, 's', 60_000)).toBe(60_000)
  expect(waitAfter(1, 's', 1e12)).toBe(3_600_000)
  expect(waitAfter(9, 's', 5)).toBeGreaterThan(100_000)
})

test('an alert waits once, in its order; a failure makes all wait, a success none', () => {
  const two = enqueue(enqueue(emptyQueue('r'), alertOf(1), 10), alertOf(2), 20)
  expect(enqueue(two, alertOf(1), 30)).toBe(two)
  expect(isDue(emptyQueue('r'), 99)).toBe(false)
  expect(isDue(two, 20)).toBe(true)
  const failed = afterFailure(two, 100)
  expect(isDue(failed, 100)).toBe(false)
  expect(isDue(failed, failed.notBefore)).toBe(true)
  expect(isDue(afterSuccess(failed, 101), 101)).toBe(true)
  expect(withoutAlert(two, alertOf(1).id).waiting.map(({ queuedAt }) => queuedAt)).toEqual([20])
  expect(withoutAlert(two, 'other')).toBe(two)
})

test('a clock that goes back makes nobody wait for ever', () => {
  const failed = afterFailure(enqueue(emptyQueue('r'), alertOf(1), 0), Date.UTC(2030, 0, 1))
  expect(isDue(failed, Date.UTC(2026, 0, 1))).toBe(true)
})

test('what is too old or too much is given up, oldest first', () => {
  let queue = emptyQueue('r')
  for (let day = 0; day < MOST_WAITING + 3; day++) queue = enqueue(queue, alertOf(day), 1000)
  expect(expired(queue, 2000).map(({ alert }) => alert.id)).toEqual([0, 1, 2].map((day) => alertOf(day).id))
  expect(expired(queue, 1001 + LONGEST_LIFE_MS)).toHaveLength(MOST_WAITING + 3)
})
