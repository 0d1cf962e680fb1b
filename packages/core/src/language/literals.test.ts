import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTimestampText, parseDecimal, parseDuration, parseRate } from './literals.ts'

describe('parseDecimal', () => {
  it.each([
    ['99%', '0.99'],
    ['99.50%', '0.995'],
    ['100%', '1'],
    ['0.1%', '0.001'],
    ['10_000', '10000'],
    ['-1_000_000', '-1000000'],
    ['0.990', '0.99'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e-3', '0.001'],
    ['1.25E2', '125'],
    ['-0.0', '0'],
    ['007', '7'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['9223372036854775807', '9223372036854775807'],
  ])('%s is %s', (text, exact) => {
    expect(parseDecimal(text)?.text).toBe(exact)
  })
  it.each(['', '.', '%', '1__0', '_1', '1_', '1 000', '1,5', '0x10', '.inf', '1e', '1e9999', 'NaN', '--1', '1%%'])(
    'refuses %j',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined()
    },
  )
  it('agrees with exact arithmetic on percents', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.nat(9), (digits, places) => {
        const all = digits.toString().padStart(places + 1, '0')
        const text = `${all.slice(0, all.length - places)}.${all.slice(all.length - places)}%`
        const exact = parseDecimal(text)?.text ?? ''
        const [whole = '', fraction = ''] = exact.split('.')
        const scaled = BigInt(whole + fraction) * 10n ** BigInt(places + 2 - fraction.length)
        expect(scaled).toBe(digits)
      }),
    )
  })
})

describe('parseDuration', () => {
  it.each([
    ['2ms', 2_000n],
    ['1h', 3_600_000_000n],
    ['1d', 86_400_000_000n],
    ['4w', 2_419_200_000_000n],
    ['1.5h', 5_400_000_000n],
    ['30m', 1_800_000_000n],
    ['10us', 10n],
    ['0s', 0n],
  ])('%s', (text, micros) => {
    expect(parseDuration(text)).toBe(micros)
  })
  it.each(['', '1', 'd', '1 d', '-1d', '1D', '1month', '0.1us', '99999999999999999w', '1e3s'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('parseRate and isTimestampText', () => {
  it('reads rates', () => {
    expect(parseRate('4/month')).toEqual({ count: 4, per: 'month' })
    expect(parseRate('4 / day')).toEqual({ count: 4, per: 'day' })
    for (const bad of ['4', '/day', '4/fortnight', '-4/day', '1.5/day']) expect(parseRate(bad)).toBeUndefined()
  })
  it('knows RFC 3339', () => {
    for (const good of ['2026-01-31', '2026-01-31T00:00:00Z', '2024-02-29T23:59:59.123456+01:00'])
      expect(isTimestampText(good)).toBe(true)
    for (const bad of ['2026-02-30', '2026-1-1', '2026-01-31T25:00:00Z', '2026-01-31T00:00:00', 'today', '2026-13-01'])
      expect(isTimestampText(bad)).toBe(false)
  })
})
