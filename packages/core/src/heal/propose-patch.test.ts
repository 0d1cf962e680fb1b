import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { unifiedDiff } from './edits.ts'
import { type HealProposal, proposePatch } from './propose-patch.ts'
import type { SchemaChange } from './schema-changes.ts'

const SPEC = `plumbline: 1
system: { name: people, version: 0.1.0 }
data:
  people:
    source: people.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }   # in years
      income: { type: number, range: [0, 100_000] }
      city: { type: category, values: { Bonn: On the Rhine, Graz: In Styria } }
      sex: { type: category, values: [1, 2], protected: true }
      visits: { type: integer, range: [0, 50] }
      score: { type: number, range: [0, 1] }
      part: { type: category, values: [train, test] }
slices:
  young: age < 25
models:
  champion:
    artifact: m.onnx
    task: regression
    input: { from: people, columns: [age, income] }
    outputs: { risk: { type: number, range: [0, 1] } }
hazards:
  H-1: { says: h, controls: [risk-control] }
clauses:
  adults: { says: The age is that of an adult., of: people, every: "age >= 18 && row['age'] < 120" }
  mean-age: { says: a, of: people, must: "mean(age) > 30.0", slices: [young] }
  older-is-riskier: { says: a, of: champion, forall: { x: people }, let: { z: "x.with({'age': x.age + 1})" }, holds: champion(z).risk >= champion(x).risk }
  rich: { says: a, of: people, every: income > 100.0 }
  no-visit-missing: { says: a, of: people, must: null_share(visits) == 0.0 }
  risk-control: { says: a, of: people, every: score >= 0.1 }
  no-leak: { says: a, of: people, must: "overlap(people.train, people.test, id) <= 1" }
  alike: { says: a, of: people, must: "gap_across(sex, share(income > 1.0)) <= 0.2" }
`
const sources = { main: { path: 'plumb.yaml', text: SPEC }, others: [] }
const program = (() => {
  const { value, diagnostics } = compile(sources)
  if (value === undefined) throw new Error(JSON.stringify(diagnostics))
  return value
})()
const EVIDENCE = { name: 1, type: 1, domain: 1 }
const propose = (change: SchemaChange): HealProposal => proposePatch(sources, program, 'people', change)
const renamed = (column: string, to: string): HealProposal =>
  propose({ kind: 'renamed', column, to, evidence: EVIDENCE })

/** Lines that a diff adds. */
const added = (proposal: HealProposal): readonly string[] =>
  proposal.kind === 'patch'
    ? proposal.diff.split('\n').flatMap((line) => (/^\+(?!\+)/.test(line) ? [line.slice(1).trim()] : []))
    : [proposal.why]

describe('a renamed column', () => {
  it('is renamed in its declaration and in every place that reads it, and nowhere else', () => {
    const proposal = renamed('age', 'age_years')
    expect(added(proposal)).toEqual([
      'age_years: { type: integer, range: [18, 100] }   # in years',
      'young: age_years < 25',
      'input: { from: people, columns: [age_years, income] }',
      `adults: { says: The age is that of an adult., of: people, every: "age_years >= 18 && row['age_years'] < 120" }`,
      'mean-age: { says: a, of: people, must: "mean(age_years) > 30.0", slices: [young] }',
      `older-is-riskier: { says: a, of: champion, forall: { x: people }, let: { z: "x.with({'age_years': x.age_years + 1})" }, holds: champion(z).risk >= champion(x).risk }`,
    ])
    expect(proposal).toMatchObject({
      kind: 'patch',
      rewrites: expect.arrayContaining(['adults', 'mean-age']) as unknown,
      models: ['champion', 'challenger'],
    })
  })

  it('is left to a person where a clause about fairness, leakage, safety or absence reads it, or it is protected', () => {
    expect(renamed('sex', 'gender')).toMatchObject({
      kind: 'withheld',
      why: expect.stringContaining('protected') as string,
    })
    const cases = [
      ['visits', 'no-visit-missing', 'absence'],
      ['score', 'risk-control', 'safety'],
      ['id', 'no-leak', 'leakage'],
      ['part', 'no-leak', 'leakage'],
      ['income', 'alike', 'fairness'],
    ] as const
    for (const [column, clause, protects] of cases)
      expect(renamed(column, 'other')).toMatchObject({ kind: 'withheld', protected: [{ clause, protects }] })
  })

  it('is not patched where the new name is taken, or is none that an expression can say', () => {
    expect(renamed('age', 'city')).toMatchObject({ kind: 'withheld' })
    expect(renamed('age', 'age in years')).toMatchObject({
      kind: 'withheld',
      why: expect.stringContaining('no plain name') as string,
    })
    expect(renamed('age', 'x: {}')).toMatchObject({ kind: 'withheld' })
  })
})

describe('a changed contract', () => {
  it('follows codes, with their labels', () => {
    const proposal = propose({
      kind: 'recoded',
      column: 'city',
      codes: [
        ['Bonn', 'BN'],
        ['Graz', 'no'],
      ],
      rows: 100,
    })
    expect(added(proposal)).toEqual(['city: { type: category, values: { BN: "On the Rhine", "no": "In Styria" } }'])
  })

  it('follows a factor, and names the clauses whose numbers stay', () => {
    const proposal = proposePatch(
      sources,
      { ...program, clauses: program.clauses.filter(({ id }) => id !== 'alike') },
      'people',
      {
        kind: 'rescaled',
        column: 'income',
        factor: 0.001,
        rows: 100,
        share: 1,
      },
    )
    expect(added(proposal)).toEqual(['income: { type: number, range: [0, 100] }'])
    expect(proposal).toMatchObject({ rewrites: [], review: ['rich'] })
  })

  it('follows times that are written otherwise, in maps of one line and of several', () => {
    const other = { kind: 'reformatted', column: 'at', to: '%m/%d/%Y', unread: 1 } as const
    const patched = (column: string, change: SchemaChange = other) => {
      const text = `plumbline: 1
system: { name: people, version: 0.1.0 }
data:
  people:
    source: people.csv
    columns:
${column}
`
      const written = { main: { path: 'plumb.yaml', text }, others: [] }
      const { value } = compile(written)
      return value === undefined ? [] : added(proposePatch(written, value, 'people', change))
    }
    const one = '      at: { type: timestamp, format: "%m/%d/%Y", optional: true }'
    expect(patched('      at: { type: timestamp, format: "%d.%m.%Y", optional: true }')).toEqual([one.trim()])
    expect(patched('      at: { type: timestamp, optional: true }')).toEqual([one.trim()])
    expect(patched('      at:\n        optional: true\n        type: timestamp\n        says: When.')).toEqual([
      'format: "%m/%d/%Y"',
    ])
    expect(patched('      at: { type: timestamp }', { kind: 'reformatted', column: 'at', unread: 1 })[0]).toContain(
      'day or the month',
    )
  })

  it('follows a type where the rest of the spec still has a meaning', () => {
    expect(added(propose({ kind: 'retyped', column: 'age', to: 'text', unread: 1 }))[0]).toContain('has mistakes')
  })

  it('has no patch where nothing stands for the column', () => {
    expect(propose({ kind: 'gone', column: 'age' })).toMatchObject({ kind: 'withheld' })
  })
})

describe('unifiedDiff', () => {
  it('has one hunk with its surroundings where a line was added or taken away', () => {
    const text = Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join('')
    const more = text.replace('line 6\n', 'line 6\nadded\n')
    expect(unifiedDiff('a', text, more)).toBe(
      '--- a/a\n+++ b/a\n@@ -5,6 +5,7 @@\n line 4\n line 5\n line 6\n+added\n line 7\n line 8\n line 9\n',
    )
    expect(unifiedDiff('a', more, text)).toContain('@@ -5,7 +5,6 @@')
    expect(unifiedDiff('a', 'a\na\n', 'a\na\na\n')).toBe('--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n a\n a\n+a\n')
  })

  it('is empty for equal texts, and has a hunk a run of changed lines', () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')
    expect(unifiedDiff('a', text, text)).toBe('')
    const diff = unifiedDiff('a', `${text}\n`, `${text.replace('line 3\n', 'three\n').replace('line 25', 'x')}\n`)
    expect(diff.match(/^@@ .*/gm)).toEqual(['@@ -1,7 +1,7 @@', '@@ -23,7 +23,7 @@'])
  })
})
