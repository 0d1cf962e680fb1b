import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTimestamp, parseTimestamp } from '../../core/src/expr/time.ts'
import { readCell, UNSAFE, WRONG_TYPE } from './cell.ts'
import { timestampMicros } from './timestamp.ts'

it('reads timestamps as the language does', () => {
  const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'))
  const text = fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0')),
      two,
      two,
      two,
      two,
      two,
      fc.constantFrom('', '.5', '.000000', '.1234560', '.1234567', '.', '.999999'),
      fc.constantFrom('Z', 'z', '+01:30', '-23:59', '+24:00', ''),
    )
    .map(([y, mo, d, h, mi, s, f, z]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f}${z}`)
  const valid = fc
    .bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
    .map((micros) => formatTimestamp(micros))
  fc.assert(
    fc.property(fc.oneof(text, valid), (each) => {
      const read = parseTimestamp(each)
      const micros = timestampMicros(each)
      expect([each, micros === undefined ? undefined : BigInt(micros)]).toEqual([
        each,
        'value' in read ? read.value : undefined,
      ])
      if (typeof micros === 'number') expect(Number.isSafeInteger(micros)).toBe(true)
    }),
    { numRuns: 20_000 },
  )
})

it('converts nothing that is not of the type', () => {
  expect(['7', true, [7], { valueOf: () => 7 }, 7.5].map((v) => readCell('int', v))).toEqual(
    Array.from({ length: 5 }, () => WRONG_TYPE),
  )
  expect([2 ** 53, 2n ** 53n, -(2 ** 53)].map((v) => readCell('int', v))).toEqual([UNSAFE, UNSAFE, UNSAFE])
  expect(Object.is(readCell('int', -0), 0)).toBe(true)
  expect(readCell('string', '\ud800')).toBe(WRONG_TYPE)
  expect(readCell('bool', 1)).toBe(true)
  for (const kind of ['int', 'double', 'string', 'bool', 'timestamp'] as const)
    expect([null, undefined, NaN].map((v) => readCell(kind, v))).toEqual([null, null, null])
})
