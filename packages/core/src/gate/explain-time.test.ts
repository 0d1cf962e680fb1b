import { describe, expect, it } from 'vitest'
import type { Clause } from '../clause/clause.ts'
import { compile } from '../compile.ts'
import type { Statement } from '../evidence/evidence.ts'
import { explainVerdict } from './explain.ts'

const SPEC = `plumbline: 1
system: { name: words, version: 1.0.0 }
data:
  accounts:
    source: accounts.csv
    splits: { train: age > 3, test: age < 3 }
    columns: { age: { type: integer }, default: { type: boolean, role: label } }
models:
  champion:
    artifact: model.onnx
    input: { from: accounts, columns: [age] }
    outputs: { risk: { type: number } }
    decision: risk >= 0.5
clauses:
  stable: { says: It stays., of: requests, always: "psi(age, accounts.train) < 0.2", window: 1d, for: 2 }
  answered: { says: Answered., of: system, whenever: violated("stable"), then: kind == "retrain.decided", within: 7d }
  adults: { says: Adults., of: [accounts, requests], every: age >= 18 }
release: { production: { requires: [release] } }
`

const { value: program } = compile({ main: { path: 'plumb.yaml', text: SPEC }, others: [] })

function words(id: string, more: Partial<Statement> | Record<string, unknown>): { message: string; change: string } {
  const clause = program?.clauses.find((each): each is Clause => each.id === id)
  if (clause === undefined) throw new Error(`no clause ${id}`)
  const base = { clause: id, relation: 'requests', slice: 'all', n: 900, measured: 0.31, missing: 0, excluded: 0 }
  return explainVerdict(clause, { ...base, ...more } as Statement)
}

const comparison = (verdict: string) => ({
  expression: 'psi(age, accounts.train) < 0.2',
  left: 0.31,
  right: 0.2,
  margin: { value: -0.11, interval: { low: -0.15, high: -0.07 }, level: 0.95, method: 'bootstrap' },
  verdict,
})

describe('the words for clauses over time', () => {
  it('say in how many windows in a row a condition was violated', () => {
    const comparisons = [comparison('violated')]
    expect(words('stable', { verdict: 'violated', comparisons, streak: 3 })).toMatchObject({
      message:
        'stable asks psi(age, accounts.train) < 0.2; measured 0.31 (0.27 to 0.35 at 95 %). That was so in 3 decided windows of 1d in a row.',
      change: 'It is short of the bound by 0.11.',
    })
    expect(words('stable', { verdict: 'inconclusive', reason: 'pending', comparisons, streak: 1 }).message).toBe(
      'stable asks psi(age, accounts.train) < 0.2; measured 0.31 (0.27 to 0.35 at 95 %). That was so in 1 decided window of 1d in a row; 2 violate it.',
    )
    const straddles = { verdict: 'inconclusive', reason: 'interval-straddles-bound', streak: 0 }
    expect(words('stable', { ...straddles, comparisons: [comparison('inconclusive')] }).message).toMatch(
      /, which does not decide it\.$/,
    )
  })

  it('say what was not answered, and by when it should have been', () => {
    const obligation = (day: number, overdue: boolean) => ({
      at: `2026-01-0${day}T00:00:00Z`,
      deadline: `2026-01-1${day}T00:00:00Z`,
      because: 'stable: violated',
      overdue,
    })
    const both = [obligation(1, true), obligation(2, true), obligation(3, false)]
    expect(words('answered', { verdict: 'violated', obligations: both }).message).toBe(
      'answered: stable: violated at 2026-01-01T00:00:00Z (and 1 more) was to be answered by 2026-01-11T00:00:00Z, and was not.',
    )
    const pending = { verdict: 'inconclusive', reason: 'pending', obligations: [obligation(3, false)] }
    expect(words('answered', pending).message).toBe(
      'answered: stable: violated at 2026-01-03T00:00:00Z has time until 2026-01-13T00:00:00Z.',
    )
    const empty = { verdict: 'inconclusive', reason: 'empty-relation', obligations: [] }
    expect(words('answered', empty).message).toBe('answered is undecided: nothing has happened yet.')
  })

  it('speak of requests where a release failed, and of waiting where a window was thin', () => {
    expect(words('release.parity', { verdict: 'violated', n: 500, failing: 1 }).message).toBe(
      'release.parity fails on 1 of 500 requests. It asks: The staged candidate answers as its file does offline.',
    )
    expect(words('adults', { verdict: 'inconclusive', reason: 'too-few-rows' })).toMatchObject({
      message: 'adults has too few rows to decide it (too-few-rows).',
      change: 'Wait for more rows.',
    })
  })
})

describe('a column that cannot be read as its type', () => {
  const every = (failing: number): string =>
    words('accounts.default.type', { form: 'every', relation: 'accounts', verdict: 'violated', failing }).change

  it('in no row is written otherwise: how such values are written is said', () => {
    expect(every(900)).toContain('truth values are true and false, or 1 and 0')
  })
  it('in some rows has rows to be corrected', () => {
    expect(every(12)).toContain('Correct the 12 rows')
  })
})
