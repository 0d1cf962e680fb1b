import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Gaps } from '../packages/cli/src/verbs/gaps.ts'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const SPEC = `plumbline: 1
system: { name: loans }
requirements: { R-1: { says: Nobody meets it. } }
data:
  loans:
    source: loans.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 99] }
      income: { type: number }
      sex: { type: category, values: [f, m], protected: true }
      job: { type: category, values: [a, b] }
      part: { type: category, values: [train, test], role: split }
      bad: { type: boolean, role: label }
models:
  champion:
    artifact: gone.onnx
    task: binary-classification
    input: { from: loans, columns: [age, income, sex, job] }
    outputs: { risk: { type: number } }
    label: bad
    decision: risk >= 0.5
clauses:
  enough: { says: Enough., of: loans, must: count() >= 100 }
  grown-up: { says: Grown up., of: loans, every: age >= 18 }
  ranks: { says: Ranks., of: champion.test, must: roc_auc() >= 0.7 }
hazards: { H-1: { says: Something bad., severity: major } }
`

test('plumb gaps ranks what nothing speaks of, and says how much is known of each clause', () => {
  const folder = scratch('gaps')
  // No row of the test split is a woman with job b; every fourth row of all others is.
  const rows = Array.from({ length: 200 }, (_, i) => {
    const sex = i % 2 === 0 ? 'f' : 'm'
    const part = i % 4 === 3 || (i % 4 === 0 && i % 8 === 0) ? 'test' : 'train'
    const job = sex === 'f' && part === 'test' ? 'a' : i % 3 === 0 ? 'a' : 'b'
    return `${i},${18 + (i % 60)},${1000 + i},${sex},${job},${part},${i % 5 === 0}`
  })
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  writeFileSync(join(folder, 'loans.csv'), `id,age,income,sex,job,part,bad\n${rows.join('\n')}\n`)
  plumb(folder, 'test', '--stage', 'data')
  const first = plumb(folder, 'gaps', '--json')
  const found = first.json<Gaps>()
  expect(schemaJudge()('gaps', found)).toEqual([])
  const told = found.gaps.map(({ kind, subject }) => `${kind} ${subject}`)
  expect(told).toEqual([
    'hazard H-1',
    'requirement R-1',
    'pair sex=f & job=b',
    'column loans.income',
    'slice loans.sex',
    'monitor ranks',
    'guard grown-up',
    'level ranks',
    'level enough',
    'level grown-up',
  ])
  const levelOf = (of: Gaps, clause: string) => of.levels.find((each) => each.clause === clause)?.level
  expect([levelOf(found, 'ranks'), levelOf(found, 'enough'), levelOf(found, 'loans.age.required')]).toEqual([0, 2, 2])
  // A fault that a clause notices takes it up; one that nobody notices is a gap of its own, with the clause to accept.
  plumb(folder, 'mutate', '--only', 'null-burst', 'slice-drop', '--controls', '4')
  const after = plumb(folder, 'gaps', '--json').json<Gaps>()
  expect(after.mutated).toBe(true)
  expect(levelOf(after, 'loans.age.required')).toBe(5)
  expect(levelOf(after, 'enough')).toBe(5)
  const survivor = after.gaps.find(({ kind }) => kind === 'surviving-fault')
  expect(survivor?.subject).toMatch(/^slice-drop loans\./)
  expect(survivor?.yaml).toContain('must: "share(')
  const text = plumb(folder, 'gaps', '--top', '2').out
  expect(text).toContain('Nothing controls it: Something bad.')
  expect(text).toMatch(/clauses by level: L0 typed: \d+, L1 executed: \d+/)
})

test('pairs of numbers and texts are found in bins and by frequent values', () => {
  const spec = `plumbline: 1
system: { name: meters }
data:
  meters:
    source: meters.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      load: { type: number }
      year: { type: integer, range: [1900, 2100] }
      town: { type: text }
      note: { type: text, optional: true }
      part: { type: category, values: [train, test], role: split }
      bad: { type: boolean, role: label }
models:
  champion:
    artifact: gone.onnx
    task: binary-classification
    input: { from: meters, columns: [load, year, town, note] }
    outputs: { risk: { type: number } }
    label: bad
    decision: risk >= 0.5
clauses:
  ranks: { says: Ranks., of: champion.test, must: roc_auc() >= 0.7 }
`
  const folder = scratch('gaps')
  const towns = ['Ulm', "L'Aquila", 'Kiel']
  // All loads from 0 to 99 in all towns and years, but no high load of Kiel is tested; every note is another.
  const rows = Array.from({ length: 1200 }, (_, i) => {
    const [load, town, year] = [i % 100, towns[i % 3] ?? '', 1990 + ((i * 7) % 40)]
    const isTest = i % 2 === 0 && !(town === 'Kiel' && load >= 80)
    return `${i},${load}.5,${year},"${town}",note ${i},${isTest ? 'test' : 'train'},${i % 5 === 0}`
  })
  const rare = Array.from({ length: 30 }, (_, i) => `${2000 + i},50.5,2000,Rare${i},,train,false`)
  writeFileSync(join(folder, 'plumb.yaml'), spec)
  writeFileSync(join(folder, 'meters.csv'), `id,load,year,town,note,part,bad\n${[...rows, ...rare].join('\n')}\n`)
  const { gaps } = plumb(folder, 'gaps', '--json').json<Gaps>()
  const pairs = gaps.filter(({ kind }) => kind === 'pair').map(({ subject }) => subject)
  expect(pairs).toContain('load >= 79.5 & town=Kiel')
  expect(pairs.some((subject) => /note/.test(subject))).toBe(false)
  expect(pairs.filter((subject) => /town of none of its 15 frequent values/.test(subject)).length).toBeGreaterThan(0)
})
