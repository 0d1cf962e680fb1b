import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stats } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'

let root = ''
const random = stats.createRandom('correlation', 'change')
const rowsOf = (n: number, slope: number) =>
  Array.from({ length: n }, () => {
    const x = random.normal()
    const y = slope * x + random.normal()
    return { x, y, b: y > 0 }
  })
const [before, now] = [rowsOf(400, 1), rowsOf(300, 0)]
const csv = (rows: ReturnType<typeof rowsOf>): string =>
  `x,y,b\n,1,true\n${rows.map(({ x, y, b }) => `${x},${y},${b}`).join('\n')}\n`

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-change-'))
  await writeFile(join(root, 'before.csv'), csv(before))
  await writeFile(join(root, 'now.csv'), csv(now))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function measure(must: string, more: Partial<TestClause> = {}) {
  const columns = [
    { name: 'x', type: 'number', optional: true },
    { name: 'y', type: 'number' },
    { name: 'b', type: 'boolean' },
  ] as const
  const dataset = (name: string) => ({ name, source: { path: `${name}.csv`, format: 'csv' } as const, columns })
  const program = buildProgram([dataset('now'), dataset('before')], [{ id: 'asked', must, ...more }])
  for await (const each of runDataStage({ program, root, toolVersion: '0', session: { threads: 1 } }))
    if (each.clause === 'asked') return each
  throw new Error('The clause was not asked.')
}

function pearson(rows: readonly { readonly x: number; readonly other: number }[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, each) => sum + each, 0) / of.length
  const [mx, my] = [mean(rows.map(({ x }) => x)), mean(rows.map(({ other }) => other))]
  const [sxy, sxx, syy] = rows.reduce(
    ([a, b, c], { x, other }) => [a + (x - mx) * (other - my), b + (x - mx) ** 2, c + (other - my) ** 2] as const,
    [0, 0, 0] as readonly [number, number, number],
  )
  return sxy / Math.sqrt(sxx * syy)
}
const withNumber = (rows: ReturnType<typeof rowsOf>) => rows.map(({ x, y }) => ({ x, other: y }))
const withTruth = (rows: ReturnType<typeof rowsOf>) => rows.map(({ x, b }) => ({ x, other: b ? 1 : 0 }))

test('the difference of both correlations, with the interval of Zou', async () => {
  const [a, b] = [pearson(withNumber(now)), pearson(withNumber(before))]
  const found = await measure('correlation_change(x, y, before) >= -0.2')
  expect(found).toMatchObject({ verdict: 'violated', measured: expect.closeTo(a - b, 12) })
  const [own, other] = [stats.fisherZ(a, 300, 0.95), stats.fisherZ(b, 400, 0.95)]
  const term = 'terms' in found ? found.terms?.[0] : undefined
  expect(term?.interval?.low).toBeCloseTo(a - b - Math.hypot(a - own.low, other.high - b), 10)
  expect(term?.interval?.high).toBeCloseTo(a - b + Math.hypot(own.high - a, b - other.low), 10)
  // The row without x is left out on both sides.
  expect(term?.missing).toBe(2)
})

test('truth values are 1 and 0, and without variation there is no number', async () => {
  const [a, b] = [pearson(withTruth(now)), pearson(withTruth(before))]
  expect(await measure('correlation_change(x, b, before) <= 0.5', { confidence: 'none' })).toMatchObject({
    verdict: 'satisfied',
    measured: expect.closeTo(a - b, 12),
  })
  expect(await measure('correlation_change(y, b, before) <= 0.5', { slices: { none: 'x > 100.0' } })).toMatchObject({
    verdict: 'inconclusive',
  })
})

test('without a difference the interval holds none in 95 of 100 pairs of samples', () => {
  const rounds = 600
  let held = 0
  for (let round = 0; round < rounds; round++) {
    const [left, right] = [rowsOf(40, 0.7), rowsOf(90, 0.7)]
    const estimate = stats.correlationDifference(
      stats.correlationEstimate(pearson(withNumber(left)), left.length),
      stats.correlationEstimate(pearson(withNumber(right)), right.length),
    )
    if (estimate.kind !== 'estimate') throw new Error('There is no interval.')
    const { low, high } = estimate.interval(0.95)
    if (low <= 0 && high >= 0) held++
  }
  // Three standard errors of 600 rounds.
  expect(held / rounds).toBeGreaterThan(0.95 - 0.027)
  expect(held / rounds).toBeLessThan(0.95 + 0.027)
})
