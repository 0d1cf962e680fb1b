import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Terms about the cells of one column among each other, about given weights, and about the columns themselves.

const ROWS = `n,x,day,word,extra
1,3,2026-01-01,a,1
2,1,2026-01-02,b,1
3,,2026-01-02,a,1
4,1,2026-01-01,,1
5,4,,c,1
6,100,2026-01-05,b,1
`

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-terms-'))
  await writeFile(join(root, 'rows.csv'), ROWS)
  await writeFile(join(root, 'other.csv'), 'n\n1\n2\n')
  await writeFile(join(root, 'before.csv'), 'day,x\n2026-01-01,3.5\n2026-01-02,\n,2\n')
  await writeFile(join(root, 'beyond.csv'), 'n,x,day,word\n1,inf,,\n2,1,,\n3,2,,\n4,5,,\n5,,,\n')
  await writeFile(join(root, 'empty.csv'), 'n,x,day,word\n')
})
afterAll(() => rm(root, { recursive: true }))

const OPTIONAL = 'optional: true'
const COLUMNS = `columns: { n: { type: integer }, x: { type: number, ${OPTIONAL} }, day: { type: timestamp, ${OPTIONAL} }, word: { type: text, ${OPTIONAL} } }`

async function decided(must: string, more = '', of = 'rows'): Promise<Statement | undefined> {
  const text = `plumbline: 1
system: { name: terms, version: 1.0.0 }
data:
  rows: { source: rows.csv, ${COLUMNS} }
  before: { source: before.csv, columns: { day: { type: timestamp, ${OPTIONAL} }, x: { type: number, ${OPTIONAL} } } }
  other: { source: other.csv, columns: { n: { type: integer } } }
  beyond: { source: beyond.csv, ${COLUMNS} }
  empty: { source: empty.csv, ${COLUMNS} }
slices: { early: n < 4, late: n > 1, same: n == 2 || n == 4 }
clauses:
  it: { of: ${of}, must: '${must}'${more} }
`
  const value = compiledSpec(text)
  for await (const statement of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } }))
    if (statement.clause === 'it') return statement
  return undefined
}

describe('terms about the cells of a column', () => {
  it.each([
    ['present(x)', 5],
    ['present(word)', 5],
    ['mode_count(x)', 2],
    ['modes(x)', 1],
    ['modes(word)', 2],
    // 3 1 – 1 4 100: the missing cell is not in between.
    ['ascents(x)', 2],
    ['descents(x)', 1],
    ['repeats(x)', 1],
    ['ascents(day)', 2],
    ['descents(day)', 1],
    ['repeats(day)', 1],
    ['ascents(word)', 2],
    // The mean is 21.8 and the deviation 43.7: 100 is 1.79 of it above.
    ['above_stddevs(x, 1.7)', 1],
    ['above_stddevs(x, 1.8)', 0],
    ['below_stddevs(x, 0.4)', 4],
    ['quantile_nearest(x, 0.25)', 1],
    // Rank 2.5 of 0 … 4 would be halfway: 2 is even. 0.625 · 4 = 2.5.
    ['quantile_nearest(x, 0.625)', 3],
    ['quantile_nearest(x, 1)', 100],
    ['count_of(other)', 2],
    // 1 and 2 are there; 3 to 6 are not.
    ['orphans(n, other, n)', 4],
    ['orphans(x, other, n)', 3],
    ['not_after(n, other)', 2],
    // Up to and with the second of January.
    ['not_after(day, before)', 4],
    // 3, 1, 1; 4 and 100 are above 3.5.
    ['not_after(x, before)', 3],
    ['not_after(day, empty)', 0],
    ['column_count()', 5],
    ['column_position("word")', 4],
    ['column_position("extra")', 5],
    ['column_position("nothing")', 0],
  ])('%s is %d', async (term, value) => {
    expect(await decided(`${term} == ${value}`)).toMatchObject({ verdict: 'satisfied', measured: value })
  })

  it('holds within a slice', async () => {
    expect(await decided('descents(x) == 1', ', slices: [early]')).toMatchObject({ verdict: 'satisfied' })
    expect(await decided('modes(word) == 1', ', slices: [early]')).toMatchObject({ verdict: 'satisfied' })
  })

  it('is undefined where values do not vary', async () => {
    expect(await decided('above_stddevs(n, 1) == 1', ', slices: [early]')).toMatchObject({ verdict: 'satisfied' })
    expect(await decided('above_stddevs(x, 1) == 0', ', slices: [same]')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undefined-metric',
    })
  })
})

it('a reference to a column that is not there, or of another kind, is a mistake', async () => {
  await expect(decided('orphans(n, other, x) == 0')).rejects.toThrow(/unknown-column/)
  await expect(decided('orphans(word, other, n) == 0')).rejects.toThrow(/type-mismatch/)
  await expect(decided('not_after(x, other) == 0')).rejects.toThrow(/unknown-column/)
  await expect(decided('not_after(word, empty) == 0')).rejects.toThrow(/column-type/)
})

describe('moments of numbers of which one is infinite', () => {
  it.each(['stddev(x)', 'variance(x)', 'correlation(x, n)', 'correlation(n, x)'])('%s is undefined', async (term) => {
    expect(await decided(`${term} < 0.5`, ', confidence: none', 'beyond')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undefined-metric',
      missing: 1,
    })
  })

  it('nor is anything so many deviations above the mean', async () => {
    expect(await decided('above_stddevs(x, 1) == 0', '', 'beyond')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undefined-metric',
    })
  })

  it('are those of the others where a slice leaves it out', async () => {
    const rest = await decided('stddev(x) < 100.0', ', slices: [late]', 'beyond')
    expect(rest).toMatchObject({ verdict: 'satisfied', measured: expect.closeTo(Math.sqrt(13 / 3), 12) })
  })
})

describe('terms about given weights', () => {
  it('a column against weights of its values', async () => {
    // 2, 2, 1 of 5 against 0.4, 0.4, 0.2.
    expect(await decided('kl_values(word, ["a", "b", "c"], [4, 4, 2], 0.0) <= 0.000001')).toMatchObject({
      verdict: 'satisfied',
      measured: 0,
    })
    // c is not listed and has what is kept for others: Σ p ln(p / q) = 0.8 ln(0.4 / 0.45) + 0.2 ln(0.2 / 0.1).
    expect(await decided('kl_values(word, ["a", "b"], [0.5, 0.5], 0.1) <= 0.1')).toMatchObject({
      verdict: 'satisfied',
      measured: expect.closeTo(0.8 * Math.log(0.4 / 0.45) + 0.2 * Math.log(2), 12),
    })
    expect(await decided('kl_values(word, ["a", "b"], [0.5, 0.5], 0.0) <= 100.0')).toMatchObject({
      verdict: 'violated',
      measured: Infinity,
    })
  })

  it('a number against weights of bins, each with its lower edge', async () => {
    // 1 1 | 3 4 | 100
    expect(await decided('kl_bins(x, [3, 100], [0.4, 0.4, 0.2]) <= 0.000001')).toMatchObject({ measured: 0 })
    expect(await decided('kl_bins(x, [3, 101], [0.4, 0.4, 0.2]) <= 0.1')).toMatchObject({
      verdict: 'violated',
      measured: expect.closeTo(0.4 * Math.log(1) + 0.6 * Math.log(0.6 / 0.4), 12),
    })
  })

  it.each([
    'kl_bins(x, [3, 100], [0.4, 0.6]) < 1.0',
    'kl_bins(x, [3, 1], [0.4, 0.4, 0.2]) < 1.0',
    'kl_values(word, ["a"], [0.4, 0.6], 0) < 1.0',
    'kl_values(word, ["a", "a"], [0.4, 0.6], 0) < 1.0',
    'kl_values(word, ["a", "b"], [0.4, -0.6], 0) < 1.0',
    'kl_values(word, ["a", 1], [0.4, 0.6], 0) < 1.0',
    'kl_values(word, [], [], 0) < 1.0',
    'column_position(word) > 0',
    'orphans(n, other, "n") == 0',
  ])('%s is a mistake', async (must) => {
    await expect(decided(must)).rejects.toThrow(/argument-kind/)
  })
})

it('a number that is the same in every row has no interval, which is said as what it is', async () => {
  const asked = await decided('mean(n - n) <= 1.0', ', confidence: 95%')
  expect(asked).toMatchObject({ verdict: 'inconclusive', reason: 'no-variation', measured: 0 })
  expect(await decided('mean(n - n) <= 1.0')).toMatchObject({ verdict: 'satisfied' })
})
