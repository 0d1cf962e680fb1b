import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'

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
      `amount,colour\n${rows.map(({ amount, colour }) => `${amount},${colour}`).join('\n')}\n`,
    )
})
afterAll(() => rm(root, { recursive: true }))

const COLUMNS = 'columns: { amount: { type: number }, colour: { type: category, values: [r, g, b] } }'

async function measured(must: string): Promise<Statement | undefined> {
  const text = `plumbline: 1
system: { name: drift, version: 1.0.0 }
data:
  before: { source: before.csv, ${COLUMNS} }
  now: { source: now.csv, ${COLUMNS} }
clauses:
  it: { of: now, must: "${must}" }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
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
