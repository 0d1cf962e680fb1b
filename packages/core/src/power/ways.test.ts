import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import type { MustClause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import { aggregates, type AggregateName } from '../expr/functions/aggregates.ts'
import type { Aggregate } from '../expr/functions/aggregate.ts'
import type { MustCondition, Term, TermArgument } from '../expr/must.ts'
import { decidabilityOf } from './decidability.ts'
import { type Decidability, type RowCount, type RowsAtHand, spreadKey } from './rows-at-hand.ts'
import { WAYS, wayOf } from './ways.ts'

const TABLE: Readonly<Record<AggregateName, Aggregate>> = aggregates
const NAMES = Object.keys(aggregates) as AggregateName[]
const ESTIMATES = NAMES.filter((fn) => TABLE[fn].speaksOf !== 'rows')

const number = { kind: 'double' } as const
const column: Expr = { node: 'column', name: 'x', type: number }
const ARGUMENTS: Readonly<Record<Aggregate['args'][number], TermArgument>> = {
  column: { kind: 'column', name: 'g' },
  foreign: { kind: 'foreign', relation: 'other', column: 'g' },
  expr: { kind: 'expr', expr: column },
  relation: { kind: 'relation', relation: 'other' },
  value: { kind: 'value', value: 0.25 },
  text: { kind: 'text', text: 'a' },
  list: { kind: 'list', values: [1] },
  class: { kind: 'class', code: 'a' },
}

const termOf = (fn: AggregateName, more: Partial<Term> = {}): Term => ({
  fn,
  args: TABLE[fn].args.map((kind) => ARGUMENTS[kind]),
  type: number,
  expression: `${fn}()`,
  estimates: 'population',
  ...more,
})

const COUNT: RowCount = {
  rows: 600,
  positives: 200,
  spreads: new Map([
    [spreadKey(column), { rows: 600, deviation: 2, mean: 1 }],
    [spreadKey('w'), { rows: 600, deviation: 0.5, mean: 1 }],
  ]),
  groups: new Map([
    ['g', { groups: 80, relevant: 60, largest: 12 }],
    ['c', { groups: 200, largest: 4 }],
  ]),
  trues: new Map([['g', 150]]),
  boxes: new Map([['g', [{ boxes: 300, images: 100, largest: 4 }]]]),
}
/** The same rows with a label of three classes. */
const OF_CLASSES: RowCount = {
  rows: 600,
  classes: new Map([
    ['a', 300],
    ['b', 200],
    ['c', 100],
  ]),
  ...(COUNT.spreads === undefined ? {} : { spreads: COUNT.spreads }),
}

const clauseOf = (terms: readonly Term[], left: Expr, op: '>=' | '<=', bound: number): MustClause => {
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data: { rows: { source: rows.csv, columns: { a: { type: integer } } } }
clauses: { k: { says: One., of: rows, must: share(a >= 0) >= 0.5, confidence: 95% } }
`
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const clause = value?.clauses.find(({ id }) => id === 'k')
  if (clause?.form !== 'must') throw new Error('no clause')
  const right: Expr = { node: 'literal', type: number, value: bound }
  const condition: Expr = { node: 'comparison', index: 0, type: { kind: 'bool' } }
  const must: MustCondition = {
    condition,
    terms,
    comparisons: [{ op, left, right, expression: 'it', estimated: true }],
  }
  return { ...clause, must }
}

const ref = (index: number): Expr => ({ node: 'term', index, type: number })

/** A bound that a value may lie beyond on the better side. */
function boundOf(fn: AggregateName): number {
  const { range, better } = TABLE[fn]
  if (fn === 'lift') return 1.2
  if (range === undefined || !Number.isFinite(range[0]) || !Number.isFinite(range[1]))
    return better === 'higher' ? 0.5 : 3
  const share = better === 'lower' ? 0.4 : 0.6
  return range[0] + share * (range[1] - range[0])
}

const hasFigure = ({ detectable, effect, allowed, enough }: Decidability): boolean =>
  [detectable, effect, allowed, enough].some((each) => each !== undefined)

const classesOnly = (fn: AggregateName): boolean => TABLE[fn].needs === 'answer' || TABLE[fn].needs === 'probabilities'

/** Numbers of which nothing can be known beforehand, each with a reason in the table. */
const WITHOUT = ESTIMATES.filter((fn) => wayOf(fn).kind === 'none')

describe('every number that estimates a population', () => {
  it('has a way in the table, and only those have one', () => {
    expect(Object.keys(WAYS).toSorted()).toEqual(ESTIMATES.toSorted())
  })

  it.each(ESTIMATES)('%s has a figure against a bound, or a reason', (fn) => {
    const op = TABLE[fn].better === 'lower' ? '<=' : '>='
    const at: RowsAtHand = { count: classesOnly(fn) ? OF_CLASSES : COUNT }
    const found = decidabilityOf(clauseOf([termOf(fn)], ref(0), op, boundOf(fn)), at)
    expect(found).toHaveLength(1)
    const [said] = found
    if (said === undefined) return
    expect(said.canHold).toBe(true)
    if (WITHOUT.includes(fn) || fn.startsWith('range_')) expect(said.unknown?.length).toBeGreaterThan(20)
    else expect(hasFigure(said), JSON.stringify(said)).toBe(true)
    if (said.detectable !== undefined) {
      const [low, high] = TABLE[fn].range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      expect(said.detectable).toBeGreaterThanOrEqual(low)
      expect(said.detectable).toBeLessThanOrEqual(high)
      expect(op === '>=' ? said.detectable > boundOf(fn) : said.detectable < boundOf(fn)).toBe(true)
    }
  })

  it.each(ESTIMATES)(
    '%s has one on the other side, of two models, over groups, of clusters and weights, or a reason',
    (fn) => {
      const count = classesOnly(fn) ? OF_CLASSES : COUNT
      const at: RowsAtHand = { count, group: () => count }
      const bad = TABLE[fn].better === 'lower' ? '>=' : '<='
      const term = termOf(fn)
      const pair = [termOf(fn), termOf(fn, { model: 'other', expression: `${fn}(other)` })]
      const apart: Expr = { node: 'call', fn: 'sub_double', args: [ref(0), ref(1)], type: number }
      const groups = [0, 1, 2].map((code) => {
        const element = { node: 'literal', type: { kind: 'int' }, value: String(code) } as const
        const where: Expr = { node: 'in-list', type: { kind: 'bool' }, operand: column, elements: [element] }
        return termOf(fn, { where, expression: `${fn}() where ${code}` })
      })
      const over = (op: 'gap' | 'ratio' | 'min'): Expr => ({
        node: 'reduce',
        op,
        args: [0, 1, 2].map(ref),
        type: number,
      })
      const asked: readonly MustClause[] = [
        clauseOf([term], ref(0), bad, boundOf(fn)),
        clauseOf(pair, apart, '>=', -0.05),
        clauseOf(groups, over('gap'), '<=', 0.3),
        clauseOf(groups, over('ratio'), '>=', 0.6),
        clauseOf(groups, over('min'), '>=', 0.5),
        clauseOf([termOf(fn, { cluster: 'c' })], ref(0), '>=', boundOf(fn)),
        clauseOf([termOf(fn, { weights: 'w' })], ref(0), '>=', boundOf(fn)),
        clauseOf([termOf(fn, { cluster: 'nobody' })], ref(0), '>=', boundOf(fn)),
      ]
      for (const [i, clause] of asked.entries()) {
        const [said] = decidabilityOf(clause, at)
        expect(said, String(i)).toBeDefined()
        if (said === undefined) continue
        const isSaid = hasFigure(said) || said.unknown !== undefined || said.given !== undefined || !said.canHold
        expect(isSaid || !said.canFail, `${i} ${JSON.stringify(said)}`).toBe(true)
        expect(Number.isNaN(said.detectable ?? said.effect?.size ?? 0)).toBe(false)
      }
    },
  )
})

describe('groups of a query', () => {
  const asked = (groups: number, bound: number): Decidability | undefined =>
    decidabilityOf(clauseOf([termOf('ndcg')], ref(0), '>=', bound), {
      count: { rows: 50 * groups, groups: new Map([['g', { groups, relevant: groups, largest: 50 }]]) },
    })[0]

  it('are what is counted: with a dozen there is no interval at all, whatever their rows', () => {
    expect(asked(12, 0.99)).toMatchObject({ canHold: false, canFail: false, rows: 12, rowsToHold: 20, onlyBy: 'rows' })
    expect(asked(12, 0.99)?.unit).toBe('groups of g')
    expect(asked(20, 0.99)?.canHold).toBe(true)
  })

  it('so few that nothing is sure to be shown are told how many would do, at most', () => {
    const { detectable, enough, atMost } = asked(30, 0.95) ?? {}
    expect(detectable).toBeUndefined()
    expect(atMost).toBe(true)
    const { detectable: then = Number.NaN } = asked(enough?.rows ?? 0, 0.95) ?? {}
    expect(then).toBeLessThanOrEqual((enough?.value ?? 0) + 1e-9)
    expect(asked((enough?.rows ?? 0) - 1, 0.95)?.detectable ?? 1).toBeGreaterThan(enough?.value ?? 0)
  })
})
