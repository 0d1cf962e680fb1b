import { describe, expect, it } from 'vitest'
import { nameCase } from './case.ts'
import { printCases, readCases } from './case-file.ts'
import type { CaseSet } from './case-set.ts'
import { driftOf } from './drift.ts'

const caseOf = (clause: string, age: number, what = 'age') =>
  nameCase({ kind: 'row', clause, reason: 'boundary', what, dataset: 'people', row: { age }, satisfied: age >= 18 })

const setOf = (
  clauses: Readonly<Record<string, { digest: string; asks: string; ages: readonly number[] }>>,
): CaseSet => ({
  schema: 'plumbline/cases/1',
  spec: { name: 'people', version: '1.0.0' },
  strength: 2,
  seed: 'plumbline',
  emit: ['pytest'],
  clauses: Object.fromEntries(Object.entries(clauses).map(([id, { digest, asks }]) => [id, { digest, asks }])),
  bases: { people: { age: 40, name: 'a' } },
  arrays: [],
  omitted: [],
  cases: Object.entries(clauses).flatMap(([id, { ages }]) => ages.map((age) => caseOf(id, age))),
})

describe('a case', () => {
  it('has its id from what it asks, not from the words about it', () => {
    expect(caseOf('adult', 17).id).toBe(caseOf('adult', 17, 'other words').id)
    expect(caseOf('adult', 17).id).not.toBe(caseOf('adult', 18).id)
    expect(caseOf('adult', 17).id).not.toBe(caseOf('grown', 17).id)
    expect(caseOf('adult', 17).id).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe('the file of cases', () => {
  const set = setOf({ adult: { digest: 'sha256:1', asks: 'age >= 18', ages: [17, 18] } })

  it('is read as it was printed', () => {
    expect(readCases(printCases(set))).toEqual(set)
    expect(printCases(set).split('\n').length).toBe(4)
  })

  it.each([
    ['', 'first line'],
    ['{"schema":"plumbline/cases/2"}', 'first line'],
    ['{"schema":"plumbline/cases/1"}', 'names no clauses'],
    ['{"schema":"plumbline/cases/1","clauses":{}}', 'no base rows'],
    ['{"schema":"plumbline/cases/1","clauses":{},"bases":{},"emit":["doc"]}', 'formats'],
    [`${printCases(set)}null\n`, 'line 4'],
    [`${printCases(set)}{"id":1}\n`, 'line 4'],
    ['<<<<<<< ours\n', 'line 1'],
  ])('says what is wrong with %j', (text, why) => {
    expect(readCases(text)).toContain(why)
  })
})

describe('drift', () => {
  const before = setOf({
    adult: { digest: 'sha256:1', asks: 'age >= 18', ages: [17, 18] },
    old: { digest: 'sha256:2', asks: 'age < 120', ages: [119] },
    same: { digest: 'sha256:3', asks: 'age > 0', ages: [1] },
    moved: { digest: 'sha256:4', asks: 'age != 40', ages: [40] },
  })

  it('says of each clause what became of its cases, and why', () => {
    const after = setOf({
      adult: { digest: 'sha256:9', asks: 'age >= 21', ages: [18, 20, 21] },
      same: { digest: 'sha256:8', asks: 'age > 0', ages: [1] },
      moved: { digest: 'sha256:7', asks: 'age != 40', ages: [41] },
      new: { digest: 'sha256:6', asks: 'age > 1', ages: [2] },
    })
    expect(driftOf(before, after)).toEqual([
      { clause: 'adult', why: 'clause changed', asked: 'age >= 18', asks: 'age >= 21', added: 2, removed: 1, kept: 1 },
      { clause: 'moved', why: 'domain', added: 1, removed: 1, kept: 0 },
      { clause: 'new', why: 'new clause', added: 1, removed: 0, kept: 0 },
      { clause: 'old', why: 'clause removed', added: 0, removed: 1, kept: 0 },
    ])
  })

  it('there is none between equal files', () => {
    expect(driftOf(before, before)).toEqual([])
  })
})
