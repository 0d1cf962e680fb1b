import { expect, it } from 'vitest'
import { meant } from './other-words.ts'

const COLUMN = ['type', 'range', 'values', 'optional', 'says', 'rationale']

it('takes a word of other tools for the key with a value of the same shape', () => {
  expect(meant('dtype', COLUMN, [])).toEqual({ nearest: 'type', fix: "Did you mean 'type'?" })
  expect(meant('Enum', COLUMN, ['type']).nearest).toBe('values')
  expect(meant('table', ['source', 'columns'], []).nearest).toBe('source')
  expect(meant('table', ['of', 'every', 'must'], []).nearest).toBe('of')
})

it('says what to write where the value has another shape, and names no key to rename', () => {
  expect(meant('min', COLUMN, ['type'])).toEqual({ fix: 'Write `range: [low, high]`, with null for no bound.' })
  expect(meant('where', ['of', 'must', 'slices'], []).fix).toContain('slices: [recent]')
  expect(meant('unique', COLUMN, []).fix).toContain('duplicates(column) == 0')
})

it('proposes no second of a key, takes mistyped ones for the nearest, and knows nothing of the rest', () => {
  expect(meant('description', COLUMN, ['says'])).toEqual({})
  expect(meant('rnage', COLUMN, ['range']).nearest).toBe('range')
  expect(meant('min', ['of', 'every'], [])).toEqual({})
  expect(meant('__proto__', COLUMN, [])).toEqual({})
  expect(meant('constructor', COLUMN, [])).toEqual({})
})
