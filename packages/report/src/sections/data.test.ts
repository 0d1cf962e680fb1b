import type { Verdict } from '@plumbline/core'
import { expect, test } from 'vitest'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'
import { creditReport } from '../testing/credit.ts'
import { readMarkup } from '../testing/markup.ts'
import { data } from './data.ts'

/** The page of a data set of so many columns, of which these break their contracts. */
function pageOf(columns: number, broken: readonly string[] = []): string {
  const names = Array.from({ length: columns }, (_, k) => `f${k}`)
  const program = compiledSpec(`plumbline: 1
system: { name: wide, version: 1.0.0, purpose: To be read. }
data:
  wide:
    source: wide.csv
    columns:
${names.map((name) => `      ${name}: { type: number, range: [0, 1] }`).join('\n')}
      seen: { type: timestamp, range: [2011-01-01T00:00:00Z, null] }
`)
  const contracts = program.clauses.map((clause) => {
    const verdict: Verdict = broken.includes(clause.id.split('.')[1] ?? '') ? 'violated' : 'satisfied'
    return { clause, id: clause.id, answers: [], verdict, stale: false }
  })
  expect(contracts.length).toBeGreaterThanOrEqual(columns)
  const page = data({ ...creditReport(), program }, { data: contracts, versions: [] })
  if (page === '') throw new Error('no section')
  readMarkup(page.text)
  return page.text
}

test('a table of few columns is open; ends of ranges stand as they are written', () => {
  const page = pageOf(59)
  expect(page).not.toContain('of which every contract holds')
  expect(page).toContain('0 to 1<')
  expect(page).toContain('2011-01-01T00:00:00Z to ∞')
})

test('of many columns those that hold are folded away, and what does not hold is not', () => {
  const page = pageOf(60, ['f7'])
  expect(page).toContain('60 columns of which every contract holds')
  const [open = '', folded = ''] = page.split('<details class="terms">')
  expect(open).toContain('<code>f7</code>')
  expect(open).not.toContain('<code>f8</code>')
  expect(folded).toContain('<code>f8</code>')
  expect(pageOf(99)).toContain('100 columns of which every contract holds')
})
