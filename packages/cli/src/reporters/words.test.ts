import { compile, type Statement } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { measuredText } from './words.ts'

/** What is said of a clause that measured 0.58. */
function said(condition: string, expression: string): string {
  const text = `plumbline: 1
system: { name: words, version: 1.0.0 }
data: { days: { source: days.csv, columns: { month: { type: integer, range: [1, 12] }, sign: { type: text } } } }
clauses: { it: { of: days, must: '${condition}' } }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const clause = value?.clauses.find(({ id }) => id === 'it')
  if (clause === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const margin = { value: 0.03 }
  const statement: Partial<Statement> = {
    form: 'must',
    verdict: 'satisfied',
    n: 100,
    terms: [],
    comparisons: [{ expression, left: 0.58, right: 0.55, margin, verdict: 'satisfied' }],
  }
  return measuredText(clause, statement as Statement)
}

describe('what was measured', () => {
  it.each([
    ['share(month <= 7) >= 0.55', 'share(month <= 7)'],
    ['mean([1, month].all(x, x > 0) ? 1.0 : 0.0) >= 0.55', 'mean([1, month].all(x, x > 0) ? 1.0 : 0.0)'],
    ['share(sign == " >= (") >= 0.55', 'share(sign == " >= (")'],
    ['mean(month) >= 0.55', 'mean(month)'],
  ])('is the whole side of %s', (expression, side) => {
    expect(said(expression, expression)).toBe(`${side} 0.58 (≥ 0.55)`)
  })
})
