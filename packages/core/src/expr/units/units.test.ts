import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { converted } from './convert.ts'
import { equal, parseRational, toNumber } from './rational.ts'
import { parseUnit, sameDimension, sameUnit, type Unit } from './unit.ts'

const GOLDEN = JSON.parse(
  readFileSync(new URL('../../../golden/units.json', import.meta.url), 'utf8'),
) as readonly (readonly [value: number, from: string, to: string, result: number])[]

function unit(text: string): Unit {
  const found = parseUnit(text)
  if ('problem' in found) throw new Error(`${text}: ${found.problem}`)
  return found
}

function convert(value: string, from: string, to: string): number {
  const read = parseRational(value)
  if (read === undefined) throw new Error(value)
  return toNumber(converted(read, unit(from), unit(to)))
}

it('converts as mathjs does', () => {
  expect(GOLDEN.length).toBeGreaterThan(200)
  for (const [value, from, to, result] of GOLDEN) {
    const ours = convert(String(value), from, to)
    expect(Math.abs(ours - result), `${value} ${from} in ${to}: ${ours}, ${result}`).toBeLessThanOrEqual(
      1e-12 * Math.abs(result),
    )
  }
})

it.each([
  ['18', 'year', 'month', 216],
  ['1', 'year', 'day', 365.25],
  ['0.1', 'km', 'm', 100],
  ['212', 'degF', 'degC', 100],
  ['-40', 'degC', 'degF', -40],
  ['5', '%', '1', 0.05],
  ['250', 'bp', 'percent', 2.5],
  ['3', 'TWD/year', 'TWD/month', 0.25],
  ['1', '[claim]/week', '[claim]/day', 1 / 7],
  ['1', 'KiB', 'bit', 8192],
])('%s %s are %s', (value, from, to, result) => {
  expect(convert(value, from, to)).toBe(result)
})

it.each([
  ['yaer', 'year'],
  ['montsh', 'month'],
  ['TWDD', 'TWD'],
  ['qqqq', undefined],
  ['', undefined],
  ['m^', undefined],
  ['m//s', undefined],
  ['kg m', undefined],
  ['m^99', undefined],
  ['degC/m', undefined],
  ['[]', undefined],
  ['x'.repeat(200), undefined],
])('%s is no unit', (text, near) => {
  const found = parseUnit(text)
  expect(found).toHaveProperty('problem')
  expect((found as { near?: string }).near).toBe(near)
})

it('tells dimensions and units apart', () => {
  expect(sameDimension(unit('EUR'), unit('USD'))).toBe(false)
  expect(sameDimension(unit('[a]'), unit('[b]'))).toBe(false)
  expect(sameDimension(unit('N*m'), unit('J'))).toBe(true)
  expect(sameUnit(unit('years'), unit('year'))).toBe(true)
  expect(sameUnit(unit('degC'), unit('K'))).toBe(false)
  expect(unit('m*s/m').text).toBe('s')
  expect(unit('1/s').text).toBe('1/s')
})

describe('exact numbers', () => {
  it('any float64 reads back as itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 }), (value) => {
        fc.pre(Math.abs(value) > 1e-200)
        const read = parseRational(String(value))
        expect(read === undefined ? undefined : toNumber(read)).toBe(value)
      }),
      { seed: 5, numRuns: 500 },
    )
  })
  it('there and back is the same', () => {
    const names = ['s', 'minute', 'day', 'week', 'month', 'year']
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...names), fc.constantFrom(...names), (value, from, to) => {
        const start = { n: BigInt(value), d: 1n }
        const back = converted(converted(start, unit(from), unit(to)), unit(to), unit(from))
        expect(equal(back, start)).toBe(true)
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})
