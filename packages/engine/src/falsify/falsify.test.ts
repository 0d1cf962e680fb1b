import { describe, expect, test } from 'vitest'
import { failure, success } from '../models/outcome.ts'
import { zeroViolationBound } from './bound.ts'
import type { CellValue, Input, Row, Variable } from './domain.ts'
import type { Evaluate, Evaluation } from './evaluate.ts'
import { type FalsifyResult, falsify } from './falsify.ts'
import { seeded } from './testing/seeded.ts'

const X: Variable = {
  kind: 'record',
  name: 'x',
  columns: [
    { name: 'a', type: 'number', low: -100, high: 100 },
    { name: 'b', type: 'number', low: 0, high: 1 },
    { name: 'n', type: 'integer', low: -1000, high: 1000 },
    { name: 'flag', type: 'boolean' },
    { name: 'colour', type: 'category', values: ['red', 'green', 'blue'] },
    { name: '__proto__', type: 'integer', low: 0, high: 9 },
  ],
}

function record(input: Input, name = 'x'): Row {
  const value = input.get(name)
  if (!(value instanceof Map)) throw new Error(`no record ${name}`)
  return value
}

function number(row: Row, column: string): number {
  const value = row.get(column)
  if (typeof value !== 'number') throw new Error(`${column} is ${String(value)}`)
  return value
}

/** Decides each input on its own; counts calls. */
function each(decide: (input: Input) => Evaluation): Evaluate & { readonly seen: Input[] } {
  const seen: Input[] = []
  const evaluate: Evaluate = async (inputs) => {
    seen.push(...inputs)
    return success(inputs.map(decide))
  }
  return Object.assign(evaluate, { seen })
}

const decided = (margin: number): Evaluation => ({ kind: 'decided', violated: margin < 0, margin })

function found(result: FalsifyResult): FalsifyResult & { readonly kind: 'counterexample' } {
  if (result.kind !== 'counterexample') throw new Error(`found ${JSON.stringify(result)}`)
  return result
}

describe('falsify', () => {
  test('a margin guides the search into a corner that random draws miss', async () => {
    // |a - 37.25| / 100 + |b - 0.613| < 0.0007: probability 2 · 0.07 · 0.0007 / 200 = 5e-7 under the uniform measure.
    const margin = (input: Input): number => {
      const row = record(input)
      return Math.abs(number(row, 'a') - 37.25) / 100 + Math.abs(number(row, 'b') - 0.613) - 0.0007
    }
    const guided = each((input) => decided(margin(input)))
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
    for (const seed of seeds) {
      const problem = { variables: [X], random: seeded(seed), budget: 20_000 }
      const result = found(await falsify({ ...problem, evaluate: guided }))
      expect(margin(result.input)).toBeLessThan(0)
      expect(result.phase).toBe('guided')
    }
    const blind = each((input) => ({ kind: 'decided', violated: margin(input) < 0 }))
    const result = await falsify({ variables: [X], random: seeded(1), budget: 20_000, evaluate: blind })
    expect(result.kind).toBe('none')
  })

  test('interesting values are tried on both sides at once', async () => {
    const variables: Variable[] = [
      {
        kind: 'record',
        name: 'x',
        columns: [{ name: 'a', type: 'number', low: 0, high: 1e6, interesting: [Math.fround(123_456.789)] }],
      },
    ]
    const needle = Math.fround(123_456.789)
    const evaluate = each((input) => {
      const a = Math.fround(number(record(input), 'a'))
      return { kind: 'decided', violated: a > needle && a <= needle + 0.02 }
    })
    const result = found(await falsify({ variables, evaluate, random: seeded(1), budget: 1000 }))
    expect(result.phase).toBe('special')
  })

  test('the same seed gives the same search, another seed another', async () => {
    const run = async (seed: number) => {
      const evaluate = each((input) => decided(1.02 - number(record(input), 'b') - number(record(input), 'n') / 1000))
      const result = await falsify({ variables: [X], evaluate, random: seeded(seed), budget: 3000 })
      return JSON.stringify({ result, seen: evaluate.seen.map((input) => [...record(input)]) })
    }
    const [one, again, other] = [await run(5), await run(5), await run(6)]
    expect(one).toBe(again)
    expect(one === other).toBe(false)
  })

  test('a shrunken counterexample differs only where it must, and every part is needed', async () => {
    const base: Row = new Map<string, CellValue>([
      ['a', 12.5],
      ['b', 0.5],
      ['n', 40],
      ['flag', false],
      ['colour', 'green'],
      ['__proto__', 3],
    ])
    const violated = (input: Input): boolean => {
      const row = record(input)
      return number(row, 'n') > 600 && row.get('flag') === true
    }
    const evaluate = each((input) => ({ kind: 'decided', violated: violated(input) }))
    const x: Variable = { ...X, rows: [base] }
    const result = found(await falsify({ variables: [x], evaluate, random: seeded(3), budget: 5000 }))
    expect([...result.differs].sort()).toEqual(['x.flag', 'x.n'])
    expect(record(result.reference)).toEqual(base)
    expect(result.minimal).toBe(true)
    expect(violated(result.input)).toBe(true)
    expect(violated(result.shrunkFrom)).toBe(true)
    for (const name of ['n', 'flag']) {
      const reset = new Map(record(result.input)).set(name, base.get(name) ?? null)
      expect(violated(new Map([['x', reset]]))).toBe(false)
    }
    // Few digits, near the bound rather than anywhere above it.
    expect(number(record(result.input), 'n')).toBeLessThanOrEqual(800)
  })

  test('shrinking without rows goes to the simplest values and keeps a column named __proto__', async () => {
    const evaluate = each((input) => ({ kind: 'decided', violated: number(record(input), '__proto__') >= 7 }))
    const result = found(await falsify({ variables: [X], evaluate, random: seeded(3), budget: 500 }))
    expect(result.differs).toEqual(['x.__proto__'])
    expect(record(result.input).get('a')).toBe(0)
    expect(record(result.input).get('colour')).toBe('red')
    expect(record(result.input).get('__proto__')).toBeGreaterThanOrEqual(7)
  })

  test('several variables: a record and the values of one column', async () => {
    const s: Variable = {
      kind: 'value',
      name: 's',
      domain: { name: 'colour', type: 'category', values: ['red', 'green', 'blue'] },
    }
    const evaluate = each((input) => {
      if (record(input).get('colour') === input.get('s')) return { kind: 'discarded' }
      return { kind: 'decided', violated: input.get('s') === 'blue' && number(record(input), 'a') > 50 }
    })
    const result = found(await falsify({ variables: [X, s], evaluate, random: seeded(2), budget: 2000 }))
    expect(result.input.get('s')).toBe('blue')
    expect(result.discarded).toBeGreaterThan(0)
    expect(result.differs).toContain('s')
  })

  test('a finite domain within the budget is exhausted', async () => {
    const rows: Row[] = [1, 2, 3].map((v) => new Map([['v', v]]))
    const variables: Variable[] = [
      { kind: 'row', name: 'x', rows },
      { kind: 'value', name: 's', domain: { name: 's', type: 'integer', low: 0, high: 4, optional: true } },
    ]
    const holds = each((input) => decided(number(record(input), 'v')))
    const result = await falsify({ variables, evaluate: holds, random: seeded(1), budget: 100 })
    expect(result).toMatchObject({ kind: 'none', exhausted: true, tried: 18, iidTried: 0, upperBound: undefined })
    expect(new Set(holds.seen.map((input) => JSON.stringify([record(input).get('v'), input.get('s')]))).size).toBe(18)
    const breaks = each((input) => decided(number(record(input), 'v') === 3 && input.get('s') === 4 ? -1 : 1))
    const broken = found(await falsify({ variables, evaluate: breaks, random: seeded(1), budget: 100 }))
    expect(record(broken.input)).toBe(rows[2])
  })

  test('the bound counts independent draws only', async () => {
    const evaluate = each((input) => (number(record(input), 'a') < 0 ? { kind: 'discarded' } : decided(1)))
    const result = await falsify({ variables: [X], evaluate, random: seeded(9), budget: 10_000 })
    if (result.kind !== 'none') throw new Error(result.kind)
    expect(result.tried + result.discarded).toBe(10_000)
    expect(result.iidTried).toBeGreaterThan(1500)
    expect(result.iidTried).toBeLessThan(2000)
    expect(result.upperBound?.value).toBeCloseTo(1 - 0.05 ** (1 / result.iidTried), 12)
    expect(zeroViolationBound(0, 0.95, 'uniform')).toBeUndefined()
    expect(zeroViolationBound(59, 0.95, 'uniform')?.value).toBeCloseTo(0.0495, 4)
  })

  test('the bound covers: violations of probability p are missed at most 5 % of the time at bound p', () => {
    // With n draws, P(no violation) = (1 - p)^n; at p = bound it is exactly 1 - level.
    for (const n of [1, 10, 1000, 1_000_000]) {
      const p = zeroViolationBound(n, 0.95, 'uniform')?.value ?? Number.NaN
      expect(Math.exp(n * Math.log1p(-p))).toBeCloseTo(0.05, 9)
    }
  })

  test('an abort ends the search between batches; a failure is passed on', async () => {
    const controller = new AbortController()
    let calls = 0
    const evaluate: Evaluate = async (inputs) => {
      if (++calls === 3) controller.abort()
      return success(inputs.map(() => decided(1)))
    }
    const problem = { variables: [X], random: seeded(1), budget: 100_000 }
    const stopped = await falsify({ ...problem, evaluate, signal: controller.signal })
    expect(stopped.kind).toBe('interrupted')
    expect(calls).toBe(3)
    expect(stopped.tried).toBeLessThanOrEqual(3 * 256)
    const broken = await falsify({ ...problem, evaluate: async () => failure('engine/model-run-failed', 'no') })
    expect(broken).toMatchObject({ kind: 'error', error: { code: 'engine/model-run-failed' } })
  })

  test('a domain without a bound is an error value', async () => {
    const open: Variable = { kind: 'record', name: 'x', columns: [{ name: 'a', type: 'number', low: 0 }] }
    const result = await falsify({ variables: [open], evaluate: each(() => decided(1)), random: seeded(1), budget: 10 })
    expect(result).toMatchObject({
      kind: 'error',
      error: { code: 'engine/falsify-domain', message: expect.stringContaining('"a"') },
    })
  })
})
