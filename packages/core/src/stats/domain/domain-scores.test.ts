import { describe, expect, it } from 'vitest'
import { aucEstimate } from '../delong.ts'
import { createRandom, type Random } from '../prng.ts'
import { domainScores } from './domain-scores.ts'
import type { DomainColumn } from './rows.ts'

const numbers = (values: Iterable<number>): DomainColumn => ({ kind: 'number', values: Float64Array.from(values) })

function area(columns: readonly DomainColumn[], reference: number, seed = 'seed') {
  const rows = columns[0]?.values.length ?? 0
  const scored = domainScores({ columns, reference, rows }, createRandom(seed, 'domain'))
  if (scored === undefined) return undefined
  const estimate = aucEstimate(scored.labels, scored.scores)
  return estimate.kind === 'estimate' ? { value: estimate.value, interval: estimate.interval(0.95) } : undefined
}

/** Pairs of normal numbers with a correlation. */
function pairs(n: number, correlation: number, random: Random): readonly [number, number][] {
  return Array.from({ length: n }, () => {
    const x = random.normal()
    return [x, correlation * x + Math.sqrt(1 - correlation ** 2) * random.normal()]
  })
}

describe('a classifier that tells samples apart', () => {
  it('sees what no column alone shows: another correlation', () => {
    const random = createRandom('pairs', 'test')
    const rows = [...pairs(1500, 0, random), ...pairs(1500, 0.8, random)]
    const together = area([numbers(rows.map(([x]) => x)), numbers(rows.map(([, y]) => y))], 1500)
    expect(together?.interval.low).toBeGreaterThan(0.7)
    const alone = area([numbers(rows.map(([, y]) => y))], 1500)
    expect(alone?.interval.low).toBeLessThan(0.5)
  })

  it('finds nothing where there is nothing, as often as its interval says', () => {
    const random = createRandom('null', 'test')
    const runs = 120
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const columns = [0, 1, 2].map(() => numbers(Array.from({ length: 400 }, () => random.normal())))
      const { interval } = area(columns, 250, `run ${run}`) as NonNullable<ReturnType<typeof area>>
      if (interval.low <= 0.5 && interval.high >= 0.5) covered++
    }
    // 95 % of 120: fewer than 106 has a chance of 0.1 %.
    expect(covered).toBeGreaterThanOrEqual(106)
  })

  it('does not depend on the order of the rows', () => {
    const random = createRandom('order', 'test')
    const rows = pairs(400, 0.5, random).map(([x, y], i) => [x + (i < 200 ? 0 : 0.5), Math.round(y)] as const)
    const both = (order: readonly (readonly [number, number])[]) =>
      area([numbers(order.map(([x]) => x)), numbers(order.map(([, y]) => y))], 200)
    const turned = [...rows.slice(0, 200).toReversed(), ...rows.slice(200).toReversed()]
    expect(both(turned)?.value).toBeCloseTo(both(rows)?.value as number, 12)
  })

  it('reads words of texts and values of categories', () => {
    const random = createRandom('texts', 'test')
    const words = ['late', 'parcel', 'refund', 'thanks', 'login', 'card']
    const texts = Array.from({ length: 600 }, (_, i) =>
      [0, 1, 2].map(() => words[random.int(i < 300 ? 4 : 6)]).join(' '),
    )
    expect(area([{ kind: 'text', values: texts }], 300)?.interval.low).toBeGreaterThan(0.7)
    const codes = Array.from({ length: 600 }, (_, i) => 'abcdefgh'[(random.int(4) * 2 + (i < 300 ? 0 : 1)) % 8] ?? null)
    expect(area([{ kind: 'category', values: codes }], 300)?.value).toBe(1)
  })

  it('takes missing cells for a value of their own', () => {
    const random = createRandom('missing', 'test')
    const values = Array.from({ length: 800 }, (_, i) =>
      i >= 400 && random.float() < 0.5 ? Number.NaN : random.normal(),
    )
    expect(area([numbers(values)], 400)?.interval.low).toBeGreaterThan(0.65)
  })

  it('does not judge by a few rows', () => {
    const random = createRandom('few', 'test')
    expect(area([numbers(Array.from({ length: 60 }, () => random.normal()))], 30)).toBeUndefined()
  })

  it('says 0.5 of columns that are constant', () => {
    expect(area([numbers(new Float64Array(400))], 200)?.value).toBe(0.5)
  })
})
