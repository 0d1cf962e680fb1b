import { describe, expect, it } from 'vitest'
import { createGuard, type InputVerdict, type Rejection } from './guard.ts'
import type { GuardPlan, GuardRules, Row } from './plan.ts'
import { serve } from './serve.ts'

const MISSING = { error: 'missing' }
/** Rules as the compiler would write them: 0 adult, 1 sane answer, 2 decision, 3 wealthy (flags), 4 the fallback's decision. */
const evaluate: GuardRules['evaluate'] = [
  (row) => (row['age'] === null ? MISSING : Number(row['age']) >= 18),
  (row) => (row['risk'] === null ? MISSING : Number(row['risk']) <= 1),
  (row) => (row['risk'] === null ? MISSING : Number(row['risk']) >= 0.5),
  (row) => Number(row['income']) > 100,
  () => true,
]
const clause = (id: string, phase: 'input' | 'output', rule: number, effect: 'enforce' | 'flag' = 'enforce') => ({
  id,
  digest: `sha256:${id}`,
  phase,
  effect,
  condition: { kind: 'rule' as const, rule },
  forgivesMissing: false,
})
const planOf = (policy: Partial<GuardPlan['policy']> = {}): GuardPlan => ({
  format: 'plumbline/guard-plan/1',
  spec: { name: 'test', version: '1.0.0', digest: 'sha256:0' },
  model: 'champion',
  keys: [{ name: 'id', kind: 'int' }],
  inputs: [
    { name: 'age', kind: 'int' },
    { name: 'income', kind: 'double' },
  ],
  outputs: [{ name: 'risk', kind: 'double' }],
  decision: 2,
  carried: [],
  clauses: [
    clause('adult', 'input', 0),
    clause('wealthy', 'input', 3, 'flag'),
    { ...clause('age.type', 'input', 0), condition: { kind: 'type', column: 'age' } },
    clause('sane', 'output', 1),
  ],
  policy: { input: 'reject', output: 'reject', onFailure: 'closed', ...policy },
  notEnforced: [],
})
const guardOf = (policy: Partial<GuardPlan['policy']> = {}, now?: () => number) =>
  createGuard({ evaluate, plan: planOf(policy) }, now === undefined ? {} : { now })
const adult = { age: 30, income: 1000 }
const child = { age: 7, income: 1000 }
const value = { kind: 'value', outputs: [{ name: 'risk', value: 0.1 }] } as const
const risk = (of: number) => (rows: readonly Row[]) => rows.map(() => ({ risk: of }))

describe('a batch', () => {
  it('is accepted as typed rows with the declared columns only', () => {
    const verdict = guardOf().checkInput([adult, { age: 40n, income: null, id: 5 }])
    expect(verdict).toEqual({
      kind: 'accepted',
      by: 'model',
      rows: [
        { id: null, age: 30, income: 1000 },
        { id: 5, age: 40, income: null },
      ],
      findings: [{ row: 1, action: 'flag', violation: { kind: 'clause', clause: 'wealthy' } }],
    })
    const [row] = (verdict as Extract<InputVerdict, { kind: 'accepted' }>).rows
    expect(Object.getPrototypeOf(Object.getPrototypeOf(row))).toBeNull()
    expect('constructor' in (row ?? {})).toBe(false)
  })

  it('is rejected for one row, which is named', () => {
    const verdict = guardOf().checkInput([adult, adult, child, { surname: 'x' }]) as Rejection
    expect(verdict).toMatchObject({ kind: 'rejected', row: 2, clauses: ['adult'] })
    expect(verdict.violations).toEqual([{ kind: 'clause', clause: 'adult' }])
  })

  it('may be empty', () => {
    expect(guardOf().checkInput([])).toEqual({ kind: 'accepted', by: 'model', rows: [], findings: [] })
  })

  it('reads each field once, so that a getter cannot say two things', () => {
    let reads = 0
    const sly = Object.defineProperty({ income: 1000 }, 'age', {
      enumerable: true,
      get: () => (reads++ === 0 ? 30 : 7),
    })
    const verdict = guardOf().checkInput([sly])
    expect(verdict).toMatchObject({ kind: 'accepted', rows: [{ age: 30 }] })
    expect(reads).toBe(1)
  })

  it('does not read inherited fields', () => {
    const inherited = Object.create({ age: 30 }) as object
    expect(guardOf().checkInput([inherited])).toMatchObject({
      kind: 'rejected',
      violations: [{ kind: 'clause', clause: 'adult', error: 'missing' }],
    })
  })
})

describe('what cannot be let through under any policy', () => {
  it.each(['reject', 'fallback', 'flag'] as const)('on_violation: %s', (input) => {
    const guard = guardOf({ input, fallback: value })
    for (const [row, violation] of [
      [null, { kind: 'not-a-row' }],
      [[1, 2], { kind: 'not-a-row' }],
      ['age', { kind: 'not-a-row' }],
      [
        { ...adult, Age: 1 },
        { kind: 'unknown-field', field: 'Age' },
      ],
      [JSON.parse('{"age":30,"income":1,"__proto__":{}}'), { kind: 'unknown-field', field: '__proto__' }],
      [
        { ...adult, age: 2 ** 53 },
        { kind: 'unsafe-integer', column: 'age' },
      ],
      [
        { ...adult, income: 2n ** 53n },
        { kind: 'unsafe-integer', column: 'income' },
      ],
      // No clause speaks of the type of the key.
      [
        { ...adult, id: 'x' },
        { kind: 'type', column: 'id' },
      ],
    ] as const) {
      const verdict = guard.checkInput([adult, row])
      expect(verdict, JSON.stringify(violation)).toMatchObject({ kind: 'rejected', row: 1 })
      expect((verdict as Rejection).violations).toContainEqual(violation)
    }
  })
})

describe('the policy of the input', () => {
  it('reject answers nothing and asks nobody', async () => {
    const answer = await serve(guardOf(), [child], { model: () => expect.fail() })
    expect(answer).toMatchObject({ kind: 'rejected', phase: 'input', row: 0, clauses: ['adult'] })
  })

  it('flag lets it through, and says so', async () => {
    const answer = await serve(guardOf({ input: 'flag' }), [child], { model: risk(0.7) })
    expect(answer).toMatchObject({
      kind: 'answered',
      by: 'model',
      rows: [{ risk: 0.7, decision: true }],
      findings: [{ row: 0, action: 'flag', violation: { clause: 'adult' } }],
    })
  })

  it('fallback asks the fallback for the whole batch; a cell of the wrong type is missing to it', async () => {
    const guard = guardOf({ input: 'fallback', fallback: { kind: 'model', model: 'scorecard', decision: 4 } })
    const asked: (readonly Row[])[] = []
    const answer = await serve(guard, [adult, { age: 'x', income: 1 }], {
      model: () => expect.fail(),
      fallback: (rows) => {
        asked.push(rows)
        return risk(0.2)(rows)
      },
    })
    expect(asked[0]).toMatchObject([{ age: 30 }, { age: null, income: 1 }])
    expect(answer).toMatchObject({ kind: 'answered', by: 'fallback', rows: [{ decision: true }, { decision: true }] })
    expect(answer.findings.map(({ row, action }) => [row, action])).toContainEqual([1, 'fallback'])
  })
})

describe('the policy of the output', () => {
  const bad = [
    ['a violated clause', risk(7)],
    ['a missing output', (rows: readonly Row[]) => rows.map(() => ({}))],
    ['NaN', risk(NaN)],
    ['another type', (rows: readonly Row[]) => rows.map(() => ({ risk: '0.5' }))],
    ['no record', (rows: readonly Row[]) => rows.map(() => 0.5)],
    ['too few rows', () => []],
    ['too many rows', () => [{ risk: 0.5 }, { risk: 0.5 }]],
  ] as const

  it.each(bad)('reject: %s', async (_name, model) => {
    expect(await serve(guardOf(), [adult], { model })).toMatchObject({ kind: 'rejected', phase: 'output', row: 0 })
  })

  it.each(bad)('fallback to a value: %s', async (_name, model) => {
    const answer = await serve(guardOf({ output: 'fallback', fallback: value }), [adult], { model })
    expect(answer).toMatchObject({ kind: 'answered', by: 'fallback', rows: [{ risk: 0.1 }] })
    expect(answer.findings).toContainEqual(expect.objectContaining({ row: 0, action: 'fallback' }))
  })

  it.each(bad)("the fallback's answer is checked, too: %s", async (_name, fallback) => {
    const guard = guardOf({ output: 'fallback', fallback: { kind: 'model', model: 'scorecard' } })
    const answer = await serve(guard, [adult], { model: risk(7), fallback })
    expect(answer).toMatchObject({ kind: 'unavailable', reason: 'fallback-violates' })
  })

  it('flag gives the answer, but no answer that cannot be read', async () => {
    const guard = guardOf({ output: 'flag' })
    expect(await serve(guard, [adult], { model: risk(7) })).toMatchObject({ kind: 'answered', rows: [{ risk: 7 }] })
    expect(await serve(guard, [adult], { model: () => [3] })).toMatchObject({ kind: 'rejected', phase: 'output' })
  })

  it('what an answer has beside its outputs is not passed on', async () => {
    const model = (rows: readonly Row[]) => rows.map(() => ({ risk: 0.5, secret: 1 }))
    expect(await serve(guardOf(), [adult], { model })).toMatchObject({ rows: [{ risk: 0.5, decision: true }] })
    const answer = await serve(guardOf(), [adult], { model })
    expect(answer.kind === 'answered' && Object.keys(answer.rows[0] ?? {})).toEqual(['risk', 'decision'])
  })
})

describe('a model that fails', () => {
  const failing = () => Promise.reject(new Error('gone'))
  it('is unavailable, or replaced', async () => {
    expect(await serve(guardOf(), [adult], { model: failing })).toMatchObject({
      kind: 'unavailable',
      reason: 'model-failed',
    })
    const guard = guardOf({ fallback: value })
    expect(await serve(guard, [adult], { model: failing })).toMatchObject({ kind: 'answered', by: 'fallback' })
  })

  it('so does a fallback, and one that was not given', async () => {
    const guard = guardOf({ fallback: { kind: 'model', model: 'scorecard' } })
    for (const fallback of [failing, undefined])
      expect(
        await serve(guard, [adult], { model: failing, ...(fallback === undefined ? {} : { fallback }) }),
      ).toMatchObject({ kind: 'unavailable', reason: 'fallback-failed' })
  })
})

describe('the budget', () => {
  const rows = Array.from({ length: 200 }, () => adult)
  /** A clock that advances by a millisecond each time it is read. */
  const ticking = () => {
    let at = 0
    return () => at++
  }
  const budget = (micros: number, severity: 'block' | 'warn') => ({ budget: { micros, severity } })

  it('closed: what is left is rejected', () => {
    const verdict = guardOf(budget(2500, 'block'), ticking()).checkInput(rows)
    expect(verdict).toMatchObject({
      kind: 'rejected',
      row: 128,
      violations: [{ kind: 'unchecked', reason: 'over-budget' }],
    })
  })

  it('open: what is left is typed, unchecked, and flagged as that', () => {
    const guard = guardOf({ ...budget(2500, 'block'), onFailure: 'open' }, ticking())
    const verdict = guard.checkInput([...rows.slice(0, 199), child])
    expect(verdict).toMatchObject({ kind: 'accepted' })
    expect(verdict.findings.map(({ row }) => row)).toEqual(Array.from({ length: 72 }, (_, i) => 128 + i))
    expect(guard.checkInput([...rows.slice(0, 199), { ...adult, extra: 1 }])).toMatchObject({
      kind: 'rejected',
      row: 199,
    })
  })

  it('that only warns checks everything, and says so once', async () => {
    const guard = guardOf(budget(1, 'warn'), ticking())
    const answer = await serve(guard, rows, { model: risk(0.1) })
    expect(answer.kind).toBe('answered')
    expect(answer.findings).toEqual([{ row: 0, action: 'flag', violation: { kind: 'slow' } }])
    expect(guard.checkInput([...rows, child])).toMatchObject({ kind: 'rejected', row: 200 })
  })

  it("does not count the model's time", async () => {
    let at = 0
    const guard = guardOf(budget(1000, 'block'), () => at)
    const model = async (asked: readonly Row[]) => {
      at += 60_000
      return risk(0.1)(asked)
    }
    expect(await serve(guard, [adult], { model })).toMatchObject({ kind: 'answered', findings: [] })
  })
})

it('a plan and a module that do not belong together are refused', () => {
  expect(() => createGuard({ evaluate: [], plan: planOf() })).toThrow(/rule 0/)
  const other = { ...planOf(), format: 'plumbline/guard-plan/2' } as unknown as GuardPlan
  expect(() => createGuard({ evaluate, plan: other })).toThrow(/format/)
})
