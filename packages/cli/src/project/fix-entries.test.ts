import { analyse, type SourceSet } from '@plumbline/core'
import { expect, it } from 'vitest'
import { entryEdits } from './fix-entries.ts'
import { nameEdits, withEdits } from './fix-names.ts'

const SPEC = `plumbline: 1
system:
  name: demo
  version: 1.0.0
  purpose: To show fixes.
  use: { intended: [tests], excluded: [anything else] }
  owners: [{ name: Ann }]
  risk: high
data:
  people:
    source: people.csv
    key: [id]
    splits: { train: 'split == "train"', test: 'split == "test"' }
    columns:
      id: { type: integer }
      age: { type: integer, range: [18, 100] }
      sex: { type: category, values: [m, f] } # as stated
      religion:
        type: category
        values: [a, b]
      split: { type: category, values: [train, test], role: split }
      good: { type: boolean, role: label, says: what came true }
models:
  champion:
    artifact: a.onnx
    task: binary-classification
    input: { from: people, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
  simple: { artifact: b.onnx, like: champion }
clauses:
  no-leak: { says: Apart., of: people, must: "overlap(people.train, people.test, id) == 0" }
  ranks: { says: It ranks., of: champion, must: "roc_auc() >= roc_auc(simple)", slices: [by sex, by religion], rationale: It earns its place. }
`
const sourcesOf = (text: string): SourceSet => ({ main: { path: 'plumb.yaml', text }, others: [] })
const codes = (text: string) => analyse(sourcesOf(text)).diagnostics.map(({ code }) => code)

/** Applies fixes until none is proposed. */
function fixed(text: string): string {
  for (let round = 0, now = text; ; round++) {
    const sources = sourcesOf(now)
    const { diagnostics } = analyse(sources)
    const names = nameEdits(diagnostics, sources)
    const edits = names.length > 0 ? names : entryEdits(diagnostics, sources)
    const changed = withEdits(sources, edits).get('plumb.yaml')
    if (changed === undefined || round > 9) return now
    now = changed
  }
}

it('adds entries to maps in braces and on lines, asks of the held-out rows, and keeps comments', () => {
  const whole = fixed(SPEC)
  expect(codes(SPEC)).toContain('lint/sensitive-not-protected')
  expect(whole).toBe(
    SPEC.replace('values: [m, f] } # as', 'values: [m, f], protected: true } # as')
      .replace(
        '        type: category\n        values: [a',
        '        protected: true\n        type: category\n        values: [a',
      )
      .replace('of: champion, must', 'of: champion.test, must'),
  )
  expect(codes(whole)).toEqual([])
  expect(fixed(whole)).toBe(whole)
})

const GOOD = fixed(SPEC)
const DEAD = '{ code: lint/no-baseline, reason: There was none. }'
const OTHER = '{ code: lint/no-key, at: people, reason: None is kept. }'

it.each([
  ['lines', `suppress:\n  - ${DEAD}\n  - ${OTHER} # old\n`],
  ['one line', `suppress:\n  - ${DEAD}\n`],
  ['lines of several', `suppress:\n  - code: lint/no-baseline\n    reason: There was none.\n  - ${OTHER}\n`],
  ['brackets', `suppress: [${DEAD}, ${OTHER}]\n`],
])('takes out suppressions that suppress nothing: %s', (_how, list) => {
  const text = `${GOOD}${list}`
  expect(codes(text)).toContain('lint/dead-suppression')
  expect(fixed(text).replace('suppress: []\n', '')).toBe(GOOD)
})

it('keeps comments where the last item goes', () => {
  expect(fixed(`${GOOD}suppress:\n  # of last year\n  - ${DEAD}\n  - ${OTHER}\n`)).toBe(`${GOOD}  # of last year\n`)
})

it('leaves a suppression that suppresses something', () => {
  const kept = '  - { code: lint/no-baseline, at: champion, reason: None yet. }\n'
  const text = GOOD.replace('roc_auc() >= roc_auc(simple)', 'roc_auc() >= 0.7').replace(
    '  simple: { artifact: b.onnx, like: champion }\n',
    '',
  )
  expect(fixed(`${text}suppress:\n  - ${OTHER}\n${kept}`)).toBe(`${text}suppress:\n${kept}`)
})
