import { describe, expect, it } from 'vitest'
import { readOptions } from '../../examples/credit-default/traffic/options.js'
import { FULL_PLAN, planOf, SHORT_PLAN, trafficArgs } from './days.ts'

describe('planOf', () => {
  it('has a week of calm where there is room for one, else begins at once', () => {
    expect(planOf(7)).toEqual(SHORT_PLAN)
    expect(planOf(23)).toEqual({ ...SHORT_PLAN, days: 23 })
    expect(planOf(24)).toEqual(FULL_PLAN)
    expect(planOf(40)).toEqual({ ...FULL_PLAN, days: 40 })
  })
  it.each([6, 366, 8.5, Number.NaN])('refuses %s days', (days) => {
    expect(() => planOf(days)).toThrow('from 7 to 365')
  })
})

it('a plan reaches the traffic as it is; 24 days are what the traffic does by itself', () => {
  const asked = (args: readonly string[]) => readOptions(['--url', 'http://host/v2/models/m', ...args])
  expect(asked(trafficArgs(SHORT_PLAN))).toMatchObject({ days: 7, drift: { driftDay: 0, conceptDay: 3 } })
  expect(asked(trafficArgs(FULL_PLAN))).toEqual(asked([]))
})
