import { analyse, type SourceSet } from '@plumbline/core'
import { expect, it } from 'vitest'
import { nameEdits, withEdits } from './fix-names.ts'

const SPEC = `plumbline: 1
system: { name: demo, version: 1.0.0 } # the system
data:
  people:
    source: people.csv
    columns:
      age: { type: intger, range: [0, 120] } # in years
      'full name': { type: text, optional: true }
clauses:
  adults: { says: Adults., of: poeple, every: aeg >= 18, serverity: block }  # bounds
  others: { says: Others., of: people, every: "aeg < 99 && row['ful name'] != null" }
`
const sourcesOf = (text: string): SourceSet => ({ main: { path: 'plumb.yaml', text }, others: [] })

/** Applies fixes until none is proposed. */
function fixed(text: string): string {
  for (let round = 0, now = text; ; round++) {
    const sources = sourcesOf(now)
    const changed = withEdits(sources, nameEdits(analyse(sources).diagnostics, sources)).get('plumb.yaml')
    if (changed === undefined || round > 9) return now
    now = changed
  }
}

it('writes the names that were meant, keeps comments, and is done after it', () => {
  const once = fixed(SPEC)
  expect(once).toBe(
    SPEC.replace('intger', 'integer')
      .replace('poeple', 'people')
      .replaceAll('aeg', 'age')
      .replace('serverity', 'severity'),
  )
  expect(fixed(once)).toBe(once)
})

it('leaves what has no near name, and names with spaces, alone', () => {
  const text = SPEC.replace('aeg >= 18', 'zzzzz >= 18')
  expect(fixed(text)).toContain('zzzzz >= 18')
  expect(fixed(text)).toContain("row['ful name']")
})
