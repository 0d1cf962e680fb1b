import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { guardModule, guardPlan, type GuardPlan } from './guard-plan.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const SPEC = `plumbline: 1
system: { name: guarded, version: 1.2.3 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [18, 100], mostly: 99% }
      born: { type: timestamp, optional: true }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: a.onnx
    task: binary-classification
    input: { from: people, columns: [age, born] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
  scorecard: { artifact: b.onnx, like: champion, decision: risk >= 0.4 }
slices: { young: age < 30 }
clauses:
  odd-id: { says: a, of: requests, every: id % 2 == 1 }
  answered: { says: a, of: [champion, requests], every: 'risk > 0.1 || age > 20', slices: [young] }
  everywhere: { says: a, of: requests, every: age > 1, slices: [all, young], severity: warn, missing: pass }
  noted: { says: a, of: requests, every: age > 1, severity: info }
  decided: { says: a, of: requests, every: '!decision' }
  late: { says: a, of: requests, every: 'default || risk < 0.5' }
  circular: { says: a, of: requests, every: '_guard == "accepted"' }
  at: { says: a, of: requests, every: '_at > timestamp("2020-01-01T00:00:00Z")' }
  data-only: { says: a, of: people, every: age > 5 }
  many: { says: a, of: requests, must: roc_auc() > 0.7 }
`
function planned(more = '') {
  const value = compiledSpec(SPEC + more)
  const found = guardPlan(value)
  if (found === undefined) throw new Error('no plan')
  return found
}
const of = (plan: GuardPlan, id: string) => plan.clauses.find((clause) => clause.id === id)

describe('guardPlan', () => {
  const { plan, rules } = planned()

  it('takes the fields from key, inputs and outputs', () => {
    expect(plan.keys).toEqual([{ name: 'id', kind: 'int' }])
    expect(plan.inputs).toEqual([
      { name: 'age', kind: 'int' },
      { name: 'born', kind: 'timestamp' },
    ])
    expect(plan.outputs).toEqual([{ name: 'risk', kind: 'double' }])
    expect(plan.carried).toEqual(['age'])
    expect(plan.spec).toMatchObject({ name: 'guarded', version: '1.2.3' })
  })

  it('asks on the input what reads fields of the request only, else on the answer', () => {
    const phases = Object.fromEntries(plan.clauses.map(({ id, phase }) => [id, phase]))
    expect(phases).toEqual({
      'people.age.required': 'input',
      'people.age.type': 'input',
      'people.age.range': 'input',
      'people.born.type': 'input',
      'champion.risk.required': 'output',
      'champion.risk.range': 'output',
      'odd-id': 'input',
      answered: 'output',
      everywhere: 'input',
      noted: 'input',
      decided: 'output',
      at: 'output',
    })
  })

  it('flags what has `mostly` or a lower severity', () => {
    const flagging = plan.clauses.filter(({ effect }) => effect === 'flag').map(({ id }) => id)
    expect(flagging).toEqual(['people.age.required', 'people.age.type', 'people.age.range', 'everywhere', 'noted'])
  })

  it('keeps slices, except beside all rows', () => {
    expect(of(plan, 'answered')?.slices?.map(({ name }) => name)).toEqual(['young'])
    expect(of(plan, 'everywhere')?.slices).toBeUndefined()
    expect(of(plan, 'everywhere')?.forgivesMissing).toBe(true)
  })

  it('says what no single request can answer', () => {
    expect(plan.notEnforced.map(({ id }) => id)).toEqual(['late', 'circular', 'many'])
    for (const { reason } of plan.notEnforced) expect(reason).toMatch(/not known|many requests/)
  })

  it('is closed and rejects without a guard section', () => {
    expect(plan.policy).toEqual({ input: 'reject', output: 'reject', onFailure: 'closed' })
  })

  it("brings the fallback's own decision", () => {
    const { plan: other, rules: all } = planned(
      'guard: { input: { on_violation: flag }, fallback: { model: scorecard }, budget: { added_latency_p99: 2ms }, on_failure: open }\n',
    )
    expect(other.policy).toEqual({
      input: 'flag',
      output: 'fallback',
      onFailure: 'open',
      fallback: { kind: 'model', model: 'scorecard', decision: rules.length },
      budget: { micros: 2000, severity: 'block' },
    })
    expect(all).toHaveLength(rules.length + 1)
  })

  it('is a module of functions and plan that runs as it is', async () => {
    const module = (await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(guardModule(planned()))}`
    )) as { evaluate: readonly ((row: object) => unknown)[]; plan: GuardPlan }
    expect(module.plan).toEqual(plan)
    expect(module.evaluate).toHaveLength(rules.length)
    const condition = of(plan, 'odd-id')?.condition
    const odd = condition?.kind === 'rule' ? module.evaluate[condition.rule] : undefined
    expect([odd?.({ id: 3 }), odd?.({ id: 4 }), odd?.({})]).toEqual([true, false, { error: 'missing' }])
  })

  it('needs a champion', () => {
    const text =
      'plumbline: 1\nsystem: { name: a, version: 1.0.0 }\ndata: { t: { source: t.csv, columns: { x: { type: integer } } } }\n'
    const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    expect(value && guardPlan(value)).toBeUndefined()
  })
})
