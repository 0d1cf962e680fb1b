import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stats } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildProgram } from '../testing/program-builder.ts'
import { keptIn, runDays } from './testing/days.ts'

// `approx_quantile_by_rank` of days that were measured one by one, against the ranks of all rows.

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-ranks-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.9, 1]
const program = buildProgram(
  [
    {
      name: 'd',
      source: { path: 'data/*.csv', format: 'csv' },
      columns: [{ name: 'x', type: 'number' }],
    },
  ],
  [
    {
      id: 'ranks',
      must: QUANTILES.map((q) => `approx_quantile_by_rank(x, ${q.toFixed(2)}) > -1.0e9`).join(' && '),
      confidence: 'none',
    },
  ],
)

async function write(day: number, numbers: readonly number[]): Promise<readonly number[]> {
  await mkdir(join(root, 'data'), { recursive: true })
  await writeFile(join(root, 'data', `${day}.csv`), `x\n${numbers.join('\n')}\n`)
  return numbers
}

async function quantiles(kept: boolean) {
  const run = await runDays(root, program, kept ? keptIn(join(root, '.plumb/states')) : undefined)
  const statement = run.statements.get('d ranks [all]')
  const terms = statement !== undefined && 'terms' in statement ? statement.terms : []
  return { run, found: terms.map(({ value }) => Number(value)) }
}

/** How far the ranks of the answers are from those asked for, as shares of all numbers. */
function errorsOf(found: readonly number[], all: readonly number[]): readonly number[] {
  const sorted = Float64Array.from(all).sort()
  return QUANTILES.map((q, i) => {
    const rank = Math.floor(q * (all.length - 1))
    const at = sorted.indexOf(found[i] ?? Number.NaN)
    if (at < 0) return Infinity
    return Math.max(0, at - rank, rank - sorted.lastIndexOf(found[i] ?? Number.NaN)) / all.length
  })
}

test('days that rise, fall and stand still: within 1 % of the rows; a new day costs a new day', async () => {
  const random = stats.createRandom('ranks of days', 'test')
  const days = [
    await write(
      1,
      Array.from({ length: 4000 }, (_, i) => i),
    ),
    await write(
      2,
      Array.from({ length: 6000 }, (_, i) => 9000 - i),
    ),
    await write(
      3,
      Array.from({ length: 300 }, () => 4500),
    ),
    await write(
      4,
      Array.from({ length: 5000 }, () => Math.round(random.normal() * 1000)),
    ),
  ]
  const first = await quantiles(true)
  expect(first.run.merged).toBe(1)
  for (const error of errorsOf(first.found, days.flat())) expect(error).toBeLessThanOrEqual(stats.RANK_ERROR)
  const again = await quantiles(true)
  expect([again.found, again.run.measured]).toEqual([first.found, []])
  days.push(
    await write(
      5,
      Array.from({ length: 3000 }, () => random.float() * 20_000),
    ),
  )
  const more = await quantiles(true)
  expect([more.run.measured, more.run.merged]).toEqual([['data/5.csv'], 1])
  for (const error of errorsOf(more.found, days.flat())) expect(error).toBeLessThanOrEqual(stats.RANK_ERROR)
  // Where all rows are read, none is left out.
  const whole = await quantiles(false)
  expect(errorsOf(whole.found, days.flat())).toEqual(QUANTILES.map(() => 0))
})
