import { describe, expect, it } from 'vitest'
import type { RelationEnvironment } from '../../environment.ts'
import type { MustCondition } from '../../must.ts'
import { printExpr } from '../../print/typed.ts'
import { column, place, relationEnvironment } from '../../testing/accounts.ts'
import { readMust } from './must.ts'

function must(text: string, of = 'accounts', more: Partial<RelationEnvironment> = {}): MustCondition {
  const { value, diagnostics } = readMust(text, relationEnvironment(of, more), place)
  if (value === undefined) throw new Error(diagnostics[0]?.message)
  return value
}

const estimates = (text: string, of: string, more: Partial<RelationEnvironment> = {}): readonly string[] =>
  must(text, of, more).terms.map((t) => t.estimates)

describe('what a number speaks of', () => {
  const text = 'count() > 1 && mean(age) > 1 && share(active) > 0.5 && max(age) > 1 && null_share(age) < 0.5'
  it.each([
    ['data, nothing said', 'accounts', {}, ['rows', 'rows', 'rows', 'rows', 'rows']],
    ['data with a confidence', 'accounts', { confidence: 0.95 }, ['rows', 'population', 'population', 'rows', 'rows']],
    ['data with a sample', 'accounts', { sample: true }, ['rows', 'population', 'population', 'rows', 'rows']],
    ['data, descriptive', 'accounts', { confidence: 'none', sample: true }, ['rows', 'rows', 'rows', 'rows', 'rows']],
    ['a model', 'champion.test', {}, ['rows', 'rows', 'population', 'rows', 'rows']],
    ['requests', 'requests', {}, ['rows', 'rows', 'population', 'rows', 'rows']],
    ['a model, descriptive', 'champion.test', { confidence: 'none' }, ['rows', 'rows', 'rows', 'rows', 'rows']],
  ] as const)('%s', (_, of, more, expected) => expect(estimates(text, of, more)).toEqual(expected))

  it('metrics and distances estimate unless the clause is descriptive', () => {
    const metrics = 'recall() > 0.5 && psi(age, accounts.train) < 1'
    expect(estimates(metrics, 'champion.test')).toEqual(['population', 'population'])
    expect(estimates(metrics, 'champion.test', { confidence: 'none' })).toEqual(['rows', 'rows'])
    expect(must('recall() == 0.5', 'champion.test', { confidence: 'none' }).comparisons[0]?.estimated).toBe(false)
  })
})

describe('terms', () => {
  it('names equal terms once, and refers to them by index', () => {
    const { terms, comparisons, condition } = must('mean(age) > 1 && (mean( age ) < 2 || !(count() == 3))')
    expect(terms.map((t) => t.expression)).toEqual(['mean(age)', 'count()'])
    expect(comparisons.map((c) => c.expression)).toEqual(['mean(age) > 1', 'mean(age) < 2', 'count() == 3'])
    expect(comparisons[0]?.right).toMatchObject({ node: 'literal', type: { kind: 'double' }, value: 1 })
    expect(condition).toMatchObject({
      node: 'and',
      args: [
        { node: 'comparison', index: 0 },
        {
          node: 'or',
          args: [
            { node: 'comparison', index: 1 },
            { node: 'call', fn: 'not' },
          ],
        },
      ],
    })
  })

  it('keeps every kind of argument', () => {
    const { terms } = must(
      'quantile(limit_bal * 2, 0.5) > 1 && overlap(accounts.train, accounts.test, id) == 0 && duplicates(id, row["weird name"]) == 0',
      'accounts',
    )
    expect(terms.map((t) => t.expression)).toEqual([
      'quantile(limit_bal * 2.0, 0.5)',
      'overlap(accounts.train, accounts.test, id)',
      'duplicates(id, row["weird name"])',
    ])
    expect(terms[1]?.args).toEqual([
      { kind: 'relation', relation: 'accounts.train' },
      { kind: 'relation', relation: 'accounts.test' },
      { kind: 'column', name: 'id' },
    ])
    expect(terms[0]?.args[1]).toEqual({ kind: 'value', value: 0.5 })
  })

  it('gives min, max and sum the kind of their argument', () => {
    const { terms } = must(
      'max(age) > 1 && min(opened) > timestamp("2020-01-01T00:00:00Z") && sum(limit_bal) > 1 && min(note) > "a"',
    )
    expect(terms.map((t) => t.type.kind)).toEqual(['int', 'timestamp', 'double', 'string'])
  })

  it('measures a metric of another model', () => {
    expect(must('roc_auc() >= roc_auc(challenger) - 0.01', 'champion.test').terms[1]).toMatchObject({
      fn: 'roc_auc',
      model: 'challenger',
      expression: 'roc_auc(challenger)',
    })
    expect(must('latency_ms(0.99) < 50', 'release').terms[0]).toMatchObject({
      args: [{ kind: 'value', value: 0.99 }],
    })
  })
})

describe('macros', () => {
  it('all_over is a balanced tree of one comparison per column', () => {
    const { condition, comparisons, columns } = must('all_over(columns, null_share(column) <= 0.1)')
    expect(comparisons).toHaveLength(13)
    expect(comparisons[0]?.expression).toBe('null_share(limit_bal) <= 0.1')
    expect(columns?.included).not.toContain('id')
    expect(depth(condition)).toBe(5)
  })

  it('stays shallow with a thousand columns', () => {
    const wide = new Map(Array.from({ length: 1000 }, (_, i) => [`c${i}`, column(`c${i}`, 'number')] as const))
    const relation = { name: 'wide', kind: 'data', columns: wide } as const
    const { condition, comparisons } = must('all_over(columns, mean(column) > 0)', 'accounts', { relation })
    expect([comparisons.length, depth(condition)]).toEqual([1000, 11])
  })

  it('across: one term per declared group, also of booleans, ratios in doubles', () => {
    const { terms, comparisons } = must('ratio_across(active, count()) > 0.5 && gap_across(sex, count()) < 10')
    expect(terms.map((t) => t.expression)).toEqual([
      'count() where active == false',
      'count() where active == true',
      'count() where sex == 1',
      'count() where sex == 2',
    ])
    expect(comparisons[0]?.left).toMatchObject({
      node: 'reduce',
      op: 'ratio',
      type: { kind: 'double' },
      args: [{ node: 'call', fn: 'double_of_int' }, {}],
    })
    expect(comparisons[1]?.left).toMatchObject({ node: 'reduce', op: 'gap', type: { kind: 'int' } })
  })

  it('over: columns of types that f does not accept are left out and listed; ints and doubles become doubles', () => {
    const { columns, comparisons } = must('max_over(columns, max(column)) > 1')
    expect(columns).toEqual({
      included: ['limit_bal', 'age', 'pay_0', 'bill_amt1', 'weird name'],
      skipped: ['sex', 'status', 'consent', 'name', 'note', 'opened', 'closed', 'active'],
    })
    expect(comparisons[0]?.left).toMatchObject({ node: 'reduce', op: 'max', type: { kind: 'double' } })
  })

  it('drops the terms of columns that are left out', () => {
    expect(must('max_over(columns, mean(column) + double(count())) > 1').terms.map((t) => t.expression)).toEqual([
      'mean(limit_bal)',
      'count()',
      'mean(age)',
      'mean(pay_0)',
      'mean(bill_amt1)',
      'mean(row["weird name"])',
    ])
  })

  it('prints as written', () => {
    const value = must('max_over(columns, gap_across(sex, mean(column))) < 1 || !(count() > 5)')
    expect(printExpr(value.condition, value)).toBe(
      'max_over(columns, gap_across(sex, mean(column))) < 1 || !(count() > 5)',
    )
  })
})

function depth(expr: MustCondition['condition']): number {
  return expr.node === 'and' ? 1 + Math.max(...expr.args.map(depth)) : 1
}
