import { expect, test } from 'vitest'
import { DOUBLE, INT, TIMESTAMP } from '../expr/type.ts'
import { boundText } from './bound-text.ts'

test('ends of ranges read as they are written', () => {
  expect(boundText(INT, '9007199254740993')).toBe('9007199254740993')
  expect(boundText(DOUBLE, 0.5)).toBe('0.5')
  expect(boundText(TIMESTAMP, '1293840000000000')).toBe('2011-01-01T00:00:00Z')
  expect(boundText({ kind: 'list', element: TIMESTAMP }, '1293840000000000')).toBe('2011-01-01T00:00:00Z')
  expect(boundText(TIMESTAMP, undefined)).toBeUndefined()
})
