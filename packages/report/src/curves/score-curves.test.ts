import { stats } from '@plumbline/core'
import { expect, test } from 'vitest'
import { readMarkup } from '../testing/markup.ts'
import { scoreCurves } from './score-curves.ts'

const scores = Float64Array.from({ length: 2000 }, (_, i) => (i % 500) / 500)
const labels = scores.map((score, i) => (score > 0.6 || i % 7 === 0 ? 1 : 0))

function drawn(factor = 1): string {
  const curves = stats.scoreCurves(
    labels,
    scores.map((score) => score * factor),
  )
  if (curves === undefined) throw new Error('no curves')
  return scoreCurves('champion.test', curves).text
}

test('three charts, each with words for who does not see it, and the numbers beside them', () => {
  const text = drawn()
  const { tags } = readMarkup(text)
  const charts = tags.filter(({ name, attributes }) => name === 'svg' && attributes['role'] === 'img')
  expect(charts.map(({ attributes }) => attributes['aria-label']?.split(/[:.]/)[0])).toEqual([
    'Share of positives at mean scores',
    'What deciding positive from a score on gives',
    'Mean cost of a row at the best threshold',
  ])
  for (const { attributes } of charts) expect(attributes['aria-label']).not.toMatch(/NaN|undefined|Infinity/)
  expect(tags.filter(({ name }) => name === 'figcaption')).toHaveLength(3)
  expect(text).toContain('In numbers')
  expect(text).not.toMatch(/NaN|Infinity/)
})

test('nothing is drawn outside its frame, whatever the scores reach over', () => {
  for (const factor of [1, 1e-9, 250, -3]) {
    const { tags } = readMarkup(drawn(factor))
    for (const { name, attributes } of tags) {
      if (name !== 'path' || !attributes['class']?.startsWith('line')) continue
      for (const [, x, y] of (attributes['d'] ?? '').matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(0)
        expect(Number(x)).toBeLessThanOrEqual(290)
        expect(Number(y)).toBeGreaterThanOrEqual(5)
        expect(Number(y)).toBeLessThanOrEqual(196)
      }
    }
  }
})
