import { canonicalJson, digestBytes, parseCanonical, stats } from '@plumbline/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expanded } from '../plan/number-counts.ts'
import { countsOf, type KeptNumbers } from './counted-numbers.ts'
import { isTermState } from './read-term-state.ts'
import { mergeTermStates, type TermRest, type TermState } from './term-state.ts'

const count = fc.nat(1000)
const whole = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String)
const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true })

/** Moments of made-up numbers, so that they are moments of something. */
const moments = fc.array(finite, { maxLength: 20 }).map((values): stats.Moments => {
  const one = (value: number) => ({ n: 1, sum: value, squares: 0, least: value, greatest: value })
  return stats.mergeAll(values.map(one), stats.mergeMoments, stats.NO_MOMENTS)
})

const cells = fc.uniqueArray(fc.oneof(fc.integer(), fc.constantFrom(Infinity, -Infinity)), { maxLength: 9 })
const bins = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -300, max: 300 }), count), { maxLength: 9, selector: ([bin]) => bin })
  .map((all) => all.toSorted(([a], [b]) => a - b))
const end = fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme' }))

/** States of the same term, three at a time. */
const kinds: Readonly<Record<TermRest['kind'], fc.Arbitrary<TermRest>>> = {
  none: fc.constant({ kind: 'none' }),
  whole: whole.map((sum) => ({ kind: 'whole', sum })),
  // Whole numbers as floats: their sums are exact, so that any order gives the same.
  sum: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((sum) => ({ kind: 'sum', sum })),
  least: end.map((cell) => ({ kind: 'least', cell })),
  greatest: end.map((cell) => ({ kind: 'greatest', cell })),
  moments: fc.tuple(moments, whole).map(([each, sum]) => ({ kind: 'moments', moments: each, whole: sum })),
  'co-moments': moments.map((x) => ({ kind: 'co-moments', moments: { x, y: x, products: x.squares } })),
  registers: fc.array(fc.tuple(fc.nat(4095), fc.nat(53)), { maxLength: 20 }).map((ranks) => {
    const registers = stats.noRegisters()
    for (const [at, rank] of ranks) registers[at] = rank
    return { kind: 'registers', registers: Buffer.from(registers).toString('base64') }
  }),
  'log-histogram': fc
    .record({ zeros: count, above: bins, below: bins })
    .map((histogram) => ({ kind: 'log-histogram', histogram })),
  bins: fc
    .tuple(fc.array(count, { minLength: 5, maxLength: 5 }), fc.array(count, { minLength: 5, maxLength: 5 }))
    .map(([rows, compared]) => ({ kind: 'bins', edges: [-Infinity, 0, 0.1], rows, compared })),
  // So few that all are kept, so that any grouping gives the same.
  ranks: fc.array(fc.oneof(finite, fc.constantFrom(Infinity, -Infinity)), { maxLength: 60 }).map((values) => ({
    kind: 'ranks',
    sketch: stats.rankSketch(
      values.map((each) => each + 0),
      'ranks',
    ),
  })),
  keys: fc
    .uniqueArray(fc.nat(), { maxLength: 3 })
    .map((each) => ({ kind: 'keys', files: each.sort().map((rows) => ({ rows, digest: digestBytes(String(rows)) })) })),
  set: cells.map((each) => ({ kind: 'set', cells: each })),
}

const state = (rest: fc.Arbitrary<TermRest>): fc.Arbitrary<TermState> =>
  fc.record({
    counts: fc.dictionary(fc.constantFrom('rows', 'present', 'infinite'), count, { noNullPrototype: true }),
    rest,
  })

const numbers = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { maxLength: 9 }).chain((values) =>
  fc.record({
    values: fc.constant(values.toSorted((a, b) => a - b)),
    counts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: values.length, maxLength: values.length }),
    missing: count,
  }),
)

const merged = (a: TermState, b: TermState): TermState => {
  const both = mergeTermStates(a, b)
  if (both === undefined) throw new Error('not of one kind')
  return both
}

/** Equal, floats to 1e-12 of their size: that of the squares of numbers up to 1000. */
function expectNear(a: unknown, b: unknown): void {
  if (typeof a === 'number' && typeof b === 'number' && a !== b) {
    expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(a), Math.abs(b), 1e6))
  } else if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort())
    for (const [key, value] of Object.entries(a)) expectNear(value, (b as Readonly<Record<string, unknown>>)[key])
  } else expect(a).toEqual(b)
}

describe.each(Object.entries(kinds))('states of the kind %s', (kind, rest) => {
  const states = state(rest)

  test('merging is commutative to the last bit', () => {
    fc.assert(
      fc.property(states, states, (a, b) => {
        // Two ends that are equal are one, whichever is taken.
        const canonical = ({ counts, rest: found }: TermState) =>
          canonicalJson(
            found.kind === 'set' ? { counts, cells: [...found.cells].map(String).sort() } : { counts, rest: found },
          )
        expect(canonical(merged(a, b))).toBe(canonical(merged(b, a)))
      }),
    )
  })

  test('merging is associative', () => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        const [left, right] = [merged(merged(a, b), c), merged(a, merged(b, c))]
        if (kind.endsWith('moments')) expectNear(left, right)
        else expect(canonicalJson(left)).toBe(canonicalJson(right))
      }),
    )
  })

  test('what is written is read back', () => {
    fc.assert(
      fc.property(states, (a) => {
        const read = parseCanonical(canonicalJson(a))
        expect(read.ok && isTermState(read.value)).toBe(true)
        expect(read.ok && canonicalJson(read.value)).toBe(canonicalJson(a))
      }),
    )
  })
})

test('parts whose spread or sum leaves float64 only together are not merged', () => {
  const of = (rest: TermRest): TermState => ({ counts: {}, rest })
  const one = (value: number): stats.Moments => ({ n: 1, sum: value, squares: 0, least: value, greatest: value })
  const [least, greatest] = [one(-1e200), one(1e200)]
  expect(mergeTermStates(of({ kind: 'moments', moments: least }), of({ kind: 'moments', moments: greatest }))).toBe(
    undefined,
  )
  const pair = (x: stats.Moments): TermState => of({ kind: 'co-moments', moments: { x, y: one(1), products: 0 } })
  expect(mergeTermStates(pair(least), pair(greatest))).toBeUndefined()
  expect(mergeTermStates(of({ kind: 'sum', sum: 1e308 }), of({ kind: 'sum', sum: 1e308 }))).toBeUndefined()
})

describe('counted numbers', () => {
  const states = fc.record({
    counts: fc.constant({}),
    rest: fc.constant({ kind: 'none' } as const),
    numbers,
    compared: numbers,
  })

  test('are those of all rows, merged in any order and grouping', () => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        const [left, right] = [merged(merged(a, b), c), merged(b, merged(c, a))]
        expect(canonicalJson(left)).toBe(canonicalJson(right))
        expect(isTermState(left)).toBe(true)
        const all = [a, b, c].flatMap((each) =>
          each.numbers.values.flatMap((x, i) => Array<number>(each.numbers.counts[i] ?? 0).fill(x)),
        )
        const counted = left.numbers === undefined ? [] : [...expanded(countsOf(left.numbers))]
        expect(counted).toEqual(all.toSorted((x, y) => x - y))
      }),
    )
  })

  test('of one part only are not merged', () => {
    const one: KeptNumbers = { values: [1], counts: [1], missing: 0 }
    const of = (more: object): TermState => ({ counts: {}, rest: { kind: 'none' }, ...more })
    expect(mergeTermStates(of({ numbers: one }), of({}))).toBeUndefined()
    expect(mergeTermStates(of({ numbers: one, compared: one }), of({ numbers: one }))).toBeUndefined()
  })
})

test('states of two kinds are not merged', () => {
  const of = (rest: TermRest): TermState => ({ counts: {}, rest })
  expect(mergeTermStates(of({ kind: 'none' }), of({ kind: 'least', cell: 1 }))).toBeUndefined()
  expect(mergeTermStates(of({ kind: 'least', cell: 1 }), of({ kind: 'greatest', cell: 1 }))).toBeUndefined()
  const bins = (edges: readonly number[], compared?: readonly number[]): TermState =>
    of({ kind: 'bins', edges, rows: [1, 2, 3], ...(compared === undefined ? {} : { compared }) })
  expect(mergeTermStates(bins([1]), bins([2]))).toBeUndefined()
  expect(mergeTermStates(bins([1]), bins([1], [1, 2, 3]))).toBeUndefined()
})

test.each([
  null,
  {},
  { counts: { rows: -1 }, rest: { kind: 'none' } },
  { counts: { rows: 0.5 }, rest: { kind: 'none' } },
  { counts: {}, rest: { kind: 'other' } },
  { counts: {}, rest: { kind: 'whole', sum: '1e9' } },
  { counts: {}, rest: { kind: 'sum', sum: Number.NaN } },
  { counts: {}, rest: { kind: 'least', cell: { int: 'x' } } },
  { counts: {}, rest: { kind: 'set', cells: [1, 1] } },
  { counts: {}, rest: { kind: 'registers', registers: 'AAAA' } },
  { counts: {}, rest: { kind: 'registers', registers: Buffer.alloc(4096, 99).toString('base64') } },
  {
    counts: {},
    rest: {
      kind: 'log-histogram',
      histogram: {
        zeros: 0,
        above: [
          [2, 1],
          [1, 1],
        ],
        below: [],
      },
    },
  },
  { counts: {}, rest: { kind: 'log-histogram', histogram: { zeros: -1, above: [], below: [] } } },
  { counts: {}, rest: { kind: 'ranks', sketch: { n: 2, levels: [[1]], squares: 0 } } },
  { counts: {}, rest: { kind: 'ranks', sketch: { n: 2, levels: [[2, 1]], squares: 0 } } },
  { counts: {}, rest: { kind: 'ranks', sketch: { n: 1, levels: [['a']], squares: 0 } } },
  { counts: {}, rest: { kind: 'none' }, numbers: 0 },
  { counts: {}, rest: { kind: 'none' }, numbers: { values: [1, 1], counts: [1, 1], missing: 0 } },
  { counts: {}, rest: { kind: 'none' }, numbers: { values: [1], counts: [0], missing: 0 } },
  { counts: {}, rest: { kind: 'none' }, numbers: { values: [1], counts: [1, 1], missing: 0 } },
  { counts: {}, rest: { kind: 'none' }, compared: { values: [Number.NaN], counts: [1], missing: 0 } },
  { counts: {}, rest: { kind: 'keys', files: [{ rows: 1, digest: '../x' }] } },
  { counts: {}, rest: { kind: 'keys', files: [{ rows: -1, digest: digestBytes('') }] } },
  { counts: {}, rest: { kind: 'bins', edges: [1], rows: [1, 2] } },
  { counts: {}, rest: { kind: 'bins', edges: [1], rows: [1, -2, 3] } },
  { counts: {}, rest: { kind: 'bins', edges: [2, 1], rows: [1, 2, 3, 4] } },
  { counts: {}, rest: { kind: 'bins', edges: [Number.NaN], rows: [1, 2, 3] } },
  { counts: {}, rest: { kind: 'bins', edges: null, rows: [1, 2, 3], compared: [1, 2] } },
  { counts: {}, rest: { kind: 'moments', moments: { n: 2, sum: 1, squares: -1, least: 0, greatest: 1 } } },
  { counts: {}, rest: { kind: 'moments', moments: { n: 0, sum: 1, squares: 0, least: 0, greatest: 1 } } },
  { counts: {}, rest: { kind: 'moments', moments: { n: 2, sum: 1, squares: 0, least: 1, greatest: 0 } } },
])('%j is no state', (value) => {
  expect(isTermState(value)).toBe(false)
})
