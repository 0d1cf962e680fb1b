import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stats } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { buildProgram } from '../testing/program-builder.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-sketch-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** The terms of one clause on rows of `i,x`. */
async function termsOf(rows: readonly string[], must: string): Promise<readonly unknown[]> {
  await writeFile(join(root, 'd.csv'), `i,x\n${rows.join('\n')}\n`)
  const columns = [
    { name: 'i', type: 'integer' },
    { name: 'x', type: 'number' },
  ] as const
  const program = buildProgram(
    [{ name: 'd', source: { path: 'd.csv', format: 'csv' }, columns }],
    [{ id: 'a', must, confidence: 'none', allowEmpty: true }],
  )
  for await (const statement of runDataStage({ program, root, toolVersion: '0' }))
    return 'terms' in statement ? statement.terms.map(({ value }) => value) : [statement]
  return []
}

test('thirty thousand distinct values within three standard errors, of two columns', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i / 7}`)
  const found = await termsOf(rows, 'approx_distinct(i) > 0 && approx_distinct(x) > 0')
  for (const value of found) expect(Math.abs(Number(value) / 30_000 - 1)).toBeLessThan(3 * stats.DISTINCT_ERROR)
})

test('few values are counted as they are; none is none', async () => {
  expect(await termsOf(['1,0.5', '2,', '1,0.5', ',-0'], 'approx_distinct(i) == 2 && approx_distinct(x) == 2')).toEqual([
    2, 2,
  ])
  expect(await termsOf([','], 'approx_distinct(i) == 0 && approx_quantile(x, 0.5) > 0.0')).toEqual([0, null])
})

test('quantiles within a hundredth of the value at their rank, below and above 0', async () => {
  const values = Array.from({ length: 999 }, (_, i) => (i - 300) * 1.37)
  const found = await termsOf(
    values.map((x, i) => `${i},${x}`),
    'approx_quantile(x, 0.0) < 0.0 && approx_quantile(x, 0.1) < 0.0 && approx_quantile(x, 0.9) > 0.0 && approx_quantile(i, 1.0) > 0.0',
  )
  const exact = [values[0], values[99], values[898], 998].map(Number)
  exact.forEach((value, i) => {
    expect(Math.abs(Number(found[i]) / value - 1)).toBeLessThan(stats.QUANTILE_ERROR * 1.000001)
  })
})
