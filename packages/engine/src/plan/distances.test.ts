import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Distances between two tables, as a clause asks them, against the definitions applied to the same rows.

const random = stats.createRandom('distances of tables', 'test')
const rowsOf = (n: number, shift: number, shares: readonly number[]) =>
  Array.from({ length: n }, () => ({
    amount: Math.round((random.normal() + shift) * 1000) / 1000,
    colour:
      'rgb'[
        [shares[0] as number, (shares[0] as number) + (shares[1] as number)].filter((at) => random.float() > at).length
      ] ?? 'b',
  }))
const before = rowsOf(900, 0, [0.5, 0.3])
const now = rowsOf(400, 0.4, [0.3, 0.4])

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-distances-'))
  for (const [name, rows] of [
    ['before', before],
    ['now', now],
  ] as const)
    await writeFile(
      join(root, `${name}.csv`),
      `amount,colour,late,constant\n${rows.map(({ amount, colour }) => `${amount},${colour},${amount > 0.5},7`).join('\n')}\n`,
    )
})
afterAll(() => rm(root, { recursive: true }))

const COLUMNS =
  'columns: { amount: { type: number }, late: { type: boolean }, constant: { type: integer }, colour: { type: category, values: [r, g, b] } }'

async function measured(must: string): Promise<Statement | undefined> {
  const text = `plumbline: 1
system: { name: drift, version: 1.0.0 }
data:
  before: { source: before.csv, ${COLUMNS} }
  now: { source: now.csv, ${COLUMNS} }
clauses:
  it: { of: now, must: "${must}" }
`
  const value = compiledSpec(text)
  for await (const statement of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } }))
    if (statement.clause === 'it') return statement
  return undefined
}

const counts = (rows: typeof now) => ['r', 'g', 'b'].map((code) => rows.filter(({ colour }) => colour === code).length)
const amounts = (rows: typeof now) => rows.map(({ amount }) => amount)
const edges = stats.quantileBins(amounts(before).toSorted((a, b) => a - b))
const NAMES = Object.keys(stats.histogramDistances) as stats.HistogramDistanceName[]

describe('a distance in a clause', () => {
  it.each(NAMES)('%s of a category and of a number is that of their histograms', async (name) => {
    const { evaluate } = stats.histogramDistances[name]
    const ofColour = await measured(`${name}(colour, before) >= 0.0001`)
    // The bin of missing cells is always there.
    expect(ofColour).toMatchObject({
      measured: expect.closeTo(evaluate([...counts(before), 0], [...counts(now), 0]) as number, 12),
    })
    const ofAmount = await measured(`${name}(amount, before) < 0.9`)
    const expected = evaluate(stats.histogram(amounts(before), edges), stats.histogram(amounts(now), edges)) as number
    expect(ofAmount).toMatchObject({ verdict: 'satisfied', measured: expect.closeTo(expected, 12) })
  })

  const samples = stats.twoSamples(stats.mergeSamples(amounts(before), amounts(now))) as stats.TwoSamples
  it.each([
    ['ks_p', stats.kolmogorovSmirnovTest(samples).p],
    ['cramer_von_mises_p', stats.cramerVonMisesTest(samples)?.p],
    ['anderson_darling_p', stats.andersonDarlingTest(samples)?.p],
    ['epps_singleton_p', stats.eppsSingletonTest(samples)?.p],
    ['mann_whitney_p', stats.mannWhitneyTest(samples)?.p],
    ['t_p', stats.welchTest(samples)?.p],
  ])('%s is that of the values, and a bound on it is a test', async (name, p) => {
    expect(await measured(`${name}(amount, before) >= 0.001`)).toMatchObject({
      verdict: 'violated',
      measured: expect.closeTo(p as number, 15),
    })
    // Half of a sample beside the whole: nothing has changed.
    expect(await measured(`${name}(amount, now) >= 0.001`)).toMatchObject({
      verdict: 'satisfied',
      measured: expect.closeTo(1, 1),
    })
  })

  it('chi2_p, g_p of counts; fisher_p and z_p of two values', async () => {
    const [left, right] = [counts(before), counts(now)]
    expect(await measured('chi2_p(colour, before) >= 0.001')).toMatchObject({
      verdict: 'violated',
      measured: expect.closeTo(stats.chiSquareTest(left, right)?.p as number, 15),
    })
    expect(await measured('g_p(colour, before) >= 0.001')).toMatchObject({
      measured: expect.closeTo(stats.gTest(left, right)?.p as number, 15),
    })
    const late = (rows: typeof now): [number, number] => {
      const k = rows.filter(({ amount }) => amount > 0.5).length
      return [rows.length - k, k]
    }
    expect(await measured('fisher_p(late, before) >= 0.05')).toMatchObject({
      measured: expect.closeTo(stats.fisherTest(late(before), late(now))?.p as number, 15),
    })
    const [a, b] = [late(before), late(now)]
    expect(await measured('z_p(late, before) >= 0.05')).toMatchObject({
      measured: expect.closeTo(stats.shareTest([a[0], before.length], [b[0], now.length])?.p as number, 15),
    })
  })

  it.each(['energy', 'mmd'] as const)('%s has a band, and a permutation test', async (name) => {
    const value = stats.normDistance(name, samples) as number
    expect(await measured(`${name}(amount, before) < 1.2`)).toMatchObject({
      verdict: 'satisfied',
      measured: expect.closeTo(value, 12),
    })
    expect(await measured(`${name}(amount, before) < ${(value / 4).toFixed(6)}`)).toMatchObject({ verdict: 'violated' })
    expect(await measured(`${name}_p(amount, before) >= 0.01`)).toMatchObject({ verdict: 'violated', measured: 0.001 })
    expect(await measured(`${name}_p(amount, now) >= 0.5`)).toMatchObject({ verdict: 'satisfied' })
  })

  it('shift_auc tells the direction, with an interval after DeLong', async () => {
    expect(await measured('shift_auc(amount, before) > 0.5')).toMatchObject({
      verdict: 'satisfied',
      measured: expect.closeTo(stats.shiftArea(samples), 12),
    })
    expect(await measured('shift_auc(amount, before) <= 0.55')).toMatchObject({ verdict: 'violated' })
  })

  it('a constant column has no test of its values', async () => {
    expect(await measured('mann_whitney_p(constant, before) >= 0.01')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undefined-metric',
    })
  })

  it('wasserstein is the area between the distribution functions over the reference’s spread', async () => {
    const estimate = stats.wassersteinEstimate(stats.mergeSamples(amounts(before), amounts(now)), { random })
    expect(await measured('wasserstein(amount, before) < 1.0')).toMatchObject({
      verdict: 'satisfied',
      measured: expect.closeTo(estimate.value as number, 12),
    })
    expect(await measured('wasserstein(amount, before) < 0.1')).toMatchObject({ verdict: 'violated' })
    expect(await measured('2.0 * wasserstein(amount, before) < 0.2')).toMatchObject({ verdict: 'violated' })
  })
})
