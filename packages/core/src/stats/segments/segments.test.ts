import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../prng.ts'
import { SEGMENT_ALPHA, weakSegments } from './confirm.ts'
import type { SegmentCondition } from './conditions.ts'

const ROUNDS = Number(process.env['PLUMB_SEGMENT_ROUNDS'] ?? 12)

interface Row {
  readonly age: number
  readonly city: number
  readonly income: number
}

/** 4 000 rows of three columns that matter and six that do not; `loss` says what a row loses. */
function drawn(random: Random, loss: (row: Row, random: Random) => number, n = 4000) {
  const column = (name: string, kind: 'amount' | 'value', cell: () => number) => ({
    name,
    kind,
    cells: Float64Array.from({ length: n }, cell),
  })
  const age = column('age', 'amount', () => 18 + random.int(60))
  const city = column('city', 'value', () => random.int(5))
  const income = column('income', 'amount', () => (random.float() < 0.1 ? Number.NaN : Math.exp(random.normal())))
  const noise = Array.from({ length: 6 }, (_, i) =>
    i % 2 === 0
      ? column(`noise${i}`, 'amount', () => random.normal())
      : column(`noise${i}`, 'value', () => random.int(4)),
  )
  const cell = (of: { readonly cells: Float64Array }, row: number): number => of.cells[row] as number
  const losses = Float64Array.from({ length: n }, (_, row) =>
    loss({ age: cell(age, row), city: cell(city, row), income: cell(income, row) }, random),
  )
  const half = Uint8Array.from({ length: n }, () => random.int(2))
  return weakSegments({ losses, columns: [age, city, income, ...noise] }, half)
}

const wrong =
  (share: (row: Row) => number) =>
  (row: Row, random: Random): number =>
    random.float() < share(row) ? 1 : 0

describe('without a weak segment', () => {
  it.each([
    ['wrong decisions', wrong(() => 0.15)],
    ['rare wrong decisions', wrong(() => 0.01)],
    ['skewed errors', (_: Row, random: Random) => Math.exp(random.normal())],
  ])('%s: what is confirmed stays below the stated rate', (name, loss) => {
    const random = createRandom('segments', name)
    let confirmed = 0
    let tested = 0
    for (let round = 0; round < ROUNDS; round++) {
      const found = drawn(random, loss)
      tested += found.tested
      if (found.segments.length > 0) confirmed++
    }
    if (ROUNDS > 100) console.log(`${name}: ${confirmed} of ${ROUNDS} searches confirm something`)
    // Things are found, and the other half does not bear them out; three standard errors of room.
    expect(tested / ROUNDS).toBeGreaterThan(3)
    expect(confirmed / ROUNDS).toBeLessThan(
      SEGMENT_ALPHA + 3 * Math.sqrt((SEGMENT_ALPHA * (1 - SEGMENT_ALPHA)) / ROUNDS),
    )
  })
})

describe('a planted weak segment', () => {
  const names = (conditions: readonly SegmentCondition[]) =>
    conditions.map(({ column, op }) => `${column} ${op}`).sort()
  it.each<[string, (row: Row) => boolean, readonly string[]]>([
    ['a value', ({ city }) => city === 3, ['city ==']],
    ['an end', ({ age }) => age >= 65, ['age >=']],
    ['a missing cell', ({ income }) => Number.isNaN(income), ['income missing']],
    ['two conditions', ({ city, age }) => city === 3 && age < 38, ['age <', 'city ==']],
  ])('%s is found and confirmed', (name, isWeak, expected) => {
    const random = createRandom('planted', name)
    let found = 0
    const rounds = Math.max(10, Math.round(ROUNDS / 4))
    for (let round = 0; round < rounds; round++) {
      const [first] = drawn(
        random,
        wrong((row) => (isWeak(row) ? 0.4 : 0.1)),
      ).segments
      if (first !== undefined && expected.every((each) => names(first.conditions).includes(each))) found++
      if (first !== undefined) expect(first.inside.loss).toBeGreaterThan(first.outside.loss)
    }
    expect(found / rounds).toBeGreaterThan(0.8)
  })
  it('in errors of a regression, too', () => {
    const random = createRandom('planted', 'errors')
    const { segments } = drawn(random, ({ city }, each) => Math.abs(each.normal()) * (city === 1 ? 2 : 1))
    expect(segments[0]?.conditions).toEqual([{ column: 'city', op: '==', value: 1 }])
  })
})

it('finds nothing where nothing is lost, or there is nothing', () => {
  const none = { losses: new Float64Array(500), columns: [] }
  expect(weakSegments(none, new Uint8Array(500)).segments).toEqual([])
  expect(weakSegments({ losses: new Float64Array(0), columns: [] }, new Uint8Array(0)).tested).toBe(0)
})
