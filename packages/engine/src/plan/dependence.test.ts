import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import golden from '../../../core/golden/stats/dependence.json' with { type: 'json' }
import { runDataStage } from '../data-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// How much two columns tell of each other, from files to a verdict, beside what scikit-learn says of the same rows.

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-dependence-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** What a term measures on rows of a kind, an amount, delays and a label. */
async function measured(rows: readonly (readonly unknown[])[], must: string, more = '') {
  const lines = rows.map((row) => row.map((cell) => cell ?? '').join(','))
  await writeFile(join(root, 'loans.csv'), `kind,amount,delays,late\n${lines.join('\n')}\n`)
  const text = `plumbline: 1
system: { name: loans, version: 1.0.0 }
data:
  loans:
    source: loans.csv
    columns: { kind: { type: category, values: [early, late, never], optional: true }, amount: { type: number, optional: true }, delays: { type: integer }, late: { type: boolean } }
slices: { some: delays > 0 }
clauses:
  it: { of: loans, must: '${must}'${more} }
`
  const value = compiledSpec(text)
  for await (const statement of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } }))
    if (statement.clause === 'it') return statement
  return undefined
}

describe('mutual_information', () => {
  it.each(golden.tables.map((table) => [table.rows.length, table] as const))(
    'of %d rows is that of scikit-learn, numbers in bins of equal mass',
    async (_, { rows, mutual_information: wanted }) => {
      for (const { of, is } of wanted) {
        const statement = await measured(rows, `mutual_information(${of.join(', ')}) >= ${is.toFixed(6)} - 0.001`)
        expect(statement, of.join()).toMatchObject({ verdict: 'satisfied', measured: expect.closeTo(is, 10) })
      }
    },
  )

  it('is 0 of columns that go independently, and never below it', async () => {
    const rows = ['early', 'late', 'never'].flatMap((kind) => [true, false].map((late) => [kind, 1.5, 0, late]))
    expect(await measured(rows, 'mutual_information(kind, late) < 0.001')).toMatchObject({ measured: 0 })
    // All numbers are the same: one bin.
    expect(await measured(rows, 'mutual_information(amount, late) < 0.001')).toMatchObject({ measured: 0 })
  })

  it('is asked of a slice, of rows where both are there, and undefined without any', async () => {
    const rows = [
      ['early', 1, 1, true],
      ['late', 2, 1, false],
      ['early', 2, 0, false],
      [undefined, 3, 0, true],
    ]
    const half = await measured(rows, 'mutual_information(kind, late) > 0.69', ', slices: [some]')
    expect(half).toMatchObject({ verdict: 'satisfied', measured: expect.closeTo(Math.LN2, 12) })
    expect(await measured(rows, 'mutual_information(kind, late) > 0.69')).toMatchObject({ verdict: 'violated', n: 4 })
    const nothing = await measured([[undefined, 1, 0, true]], 'mutual_information(kind, late) > 0.69')
    expect(nothing).toMatchObject({ verdict: 'inconclusive', reason: 'undefined-metric' })
  })
})
