import { expect, test } from 'vitest'
import { creditReport } from '../testing/credit.ts'
import { readMarkup } from '../testing/markup.ts'
import { segments } from './segments.ts'

const found = { relation: 'champion.test', loss: 'wrong-answer', tested: 4, alpha: 0.05 } as const
const text = (part: ReturnType<typeof segments>): string => (part === '' ? '' : part.text)

test('confirmed segments, with both sides, and as slices', () => {
  const page = text(
    segments({
      ...creditReport(),
      segments: {
        ...found,
        segments: [
          {
            condition: `city == "L'Aquila" && age >= 50`,
            inside: { rows: 240, loss: 0.31 },
            outside: { rows: 1200, loss: 0.12 },
            p: 1e-9,
          },
        ],
      },
    }),
  )
  readMarkup(page)
  expect(page).toContain('31 %')
  expect(page).toContain('4 found there were asked of the other half')
  expect(page).toContain('slices: { weak-1: &#39;city == &quot;L&#39;&#39;Aquila&quot; &amp;&amp; age &gt;= 50&#39; }')
})

test('nothing where nobody searched, and a sentence where nothing was confirmed', () => {
  expect(segments(creditReport())).toBe('')
  expect(text(segments({ ...creditReport(), segments: { ...found, segments: [] } }))).toContain('None was confirmed')
})
