import { assert as check, constantFrom, integer, letrec, oneof, property, tuple, uniqueArray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MissingPolicy } from '../../clause/clause.ts'
import { createEvaluator } from '../../expr/evaluate/evaluate.ts'
import { readRow } from '../../expr/index.ts'
import type { RowEnvironment } from '../../expr/environment.ts'
import type { Expr } from '../../expr/expr.ts'
import { column, place } from '../../expr/testing/accounts.ts'
import { isError, type Value } from '../../expr/value.ts'
import { compareConditions, type Condition, type Implied } from './compare-conditions.ts'
import type { ColumnFacts } from './leaves.ts'

const environment: RowEnvironment = {
  scope: 'row',
  relation: {
    name: 't',
    kind: 'data',
    columns: new Map(
      [
        column('a', 'integer'),
        column('b', 'integer'),
        column('c', 'boolean'),
        column('s', 'text'),
        column('x', 'number'),
        column('y', 'number'),
      ].map((c) => [c.name, c]),
    ),
  } as unknown as RowEnvironment['relation'],
}

function condition(text: string, missing: MissingPolicy = 'fail'): Condition {
  const read = readRow(text, environment, place)
  if (read.value === undefined) throw new Error(`${text}: ${read.diagnostics[0]?.message}`)
  return { expr: read.value, missing }
}

const unbounded = (): ColumnFacts => ({ nullable: true })

const INTEGERS = [null, -1n, 0n, 1n, 2n, 3n, 4n] as const
const BOOLEANS = [null, false, true] as const
const TEXTS = [null, '', 'p', 'p\u0000', 'q', 'q\u0000'] as const

function grade(expr: Expr, missing: MissingPolicy, row: ReadonlyMap<string, Value | null>): number {
  const outcome = createEvaluator().evaluate(expr, { row })
  if (outcome === true) return 2
  const isMissing = typeof outcome === 'object' && isError(outcome) && outcome.error === 'missing'
  return !isMissing || missing === 'fail' ? 0 : missing === 'pass' ? 2 : 1
}

/** What every row of a small domain says. */
function byBruteForce(before: Condition, after: Condition): { admitsAll: Implied; admitsNoMore: Implied } {
  let [lost, gained] = [false, false]
  for (const a of INTEGERS)
    for (const b of INTEGERS)
      for (const c of BOOLEANS)
        for (const s of TEXTS) {
          const row = new Map<string, Value | null>([
            ['a', a],
            ['b', b],
            ['c', c],
            ['s', s],
          ])
          const change = grade(after.expr, after.missing, row) - grade(before.expr, before.missing, row)
          lost ||= change < 0
          gained ||= change > 0
        }
  return { admitsAll: lost ? 'refuted' : 'proved', admitsNoMore: gained ? 'refuted' : 'proved' }
}

const atom = oneof(
  tuple(constantFrom('a', 'b'), constantFrom('<', '<=', '>', '>=', '==', '!='), integer({ min: 0, max: 3 })).map(
    ([n, op, k]) => `${n} ${op} ${k}`,
  ),
  tuple(integer({ min: 0, max: 3 }), constantFrom('<', '>='), constantFrom('a', 'b')).map(
    ([k, op, n]) => `${k} ${op} ${n}`,
  ),
  tuple(constantFrom('a', 'b'), uniqueArray(integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 })).map(
    ([n, ks]) => `${n} in [${ks.join(', ')}]`,
  ),
  constantFrom('c', 'c == true', 'a == null', 'b != null', 'has(c)', 'true', 'false'),
  tuple(constantFrom('<', '<=', '>', '==', '!='), constantFrom('p', 'q')).map(([op, k]) => `s ${op} "${k}"`),
)
const text = letrec<{ tree: string }>((tie) => ({
  tree: oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    tuple(tie('tree'), constantFrom('&&', '||'), tie('tree')).map(([l, op, r]) => `(${l} ${op} ${r})`),
    tie('tree').map((t) => `!(${t})`),
    tuple(tie('tree'), tie('tree'), tie('tree')).map(([i, t, e]) => `(${i} ? ${t} : ${e})`),
  ),
})).tree
const policy = constantFrom<MissingPolicy>('fail', 'pass', 'exclude')

describe('conditions of bounds on columns', () => {
  it('stand to each other as every row of a small domain says', () => {
    check(
      property(text, policy, text, policy, (before, first, after, second) => {
        const [old, now] = [condition(before, first), condition(after, second)]
        const { admitsAll, admitsNoMore } = compareConditions(old, now, unbounded)
        expect({ admitsAll, admitsNoMore }).toEqual(byBruteForce(old, now))
      }),
      { numRuns: 250 },
    )
  })

  it('show a row that tells them apart', () => {
    const found = compareConditions(condition('a >= 2'), condition('a >= 1'), unbounded)
    expect(found).toMatchObject({ admitsAll: 'proved', admitsNoMore: 'refuted' })
    expect(found.gained?.get('a')).toBe(1n)
    expect(found.lost).toBeUndefined()
  })
})

describe('conditions on sums', () => {
  const facts = (name: string): ColumnFacts =>
    name === 'y'
      ? { nullable: true, low: 10_000, high: 1_000_000 }
      : { nullable: true, low: -1_000_000, high: 2_000_000 }
  it.each([
    ['x <= 2.0 * y', 'x <= 3.0 * y', 'weaker'],
    ['x <= 3.0 * y', 'x <= 2.0 * y', 'stronger'],
    ['x <= 2.0 * y', 'x - 2.0 * y <= 0.0', 'same'],
    ['x <= 2.0 * y', '2.0 * y >= x', 'same'],
    ['x <= 2.0 * y', 'x <= 2.0 * y + 1.0', 'weaker'],
    ['x <= 2.0 * y && x >= 0.0', 'x <= 2.0 * y', 'weaker'],
    ['x * y <= 4.0', 'x * y <= 5.0', 'weaker'],
    ['x + y > 3.0', 'x - y > 3.0', 'stronger'],
    ['s.size() > 3', 's.size() > 2', 'weaker'],
    ['s.matches("^a")', 's.matches("^a") || x > 0.0', 'weaker'],
    ['x <= 2.0 * y', 'y <= 2.0 * x', 'neither'],
  ])('%s → %s is %s', (before, after, expected) => {
    const { admitsAll, admitsNoMore } = compareConditions(condition(before), condition(after), facts)
    const name =
      admitsAll === 'proved'
        ? admitsNoMore === 'proved'
          ? 'same'
          : 'weaker'
        : admitsNoMore === 'proved'
          ? 'stronger'
          : 'neither'
    expect(name).toBe(expected)
  })

  it('are not called equal where a constant swallows the rest', () => {
    const found = compareConditions(condition('x >= y'), condition('x + 1e300 >= y + 1e300'), () => ({
      nullable: true,
    }))
    expect(found.admitsNoMore).toBe('refuted')
  })

  it('prove nothing that a row of small integers contradicts', () => {
    const sum = tuple(
      integer({ min: -2, max: 2 }),
      integer({ min: -2, max: 2 }),
      constantFrom('<', '<=', '>', '>=', '==', '!='),
      integer({ min: -2, max: 3 }),
    ).map(([p, q, op, k]) => `${p} * a + ${q} * b ${op} ${k}`)
    const small = (): ColumnFacts => ({ nullable: true, low: -1, high: 4 })
    check(
      property(sum, sum, constantFrom('&&', '||'), sum, (one, two, op, three) => {
        const [old, now] = [condition(`${one} ${op} ${two}`), condition(three)]
        const found = compareConditions(old, now, small)
        const truth = byBruteForce(old, now)
        if (found.admitsAll !== 'unknown') expect(found.admitsAll).toBe(truth.admitsAll)
        if (found.admitsNoMore !== 'unknown') expect(found.admitsNoMore).toBe(truth.admitsNoMore)
      }),
      { numRuns: 150 },
    )
  })
})

it('asks the port where it finds nothing out itself', () => {
  const [before, after] = [condition('x * y > 3.0'), condition('y * x > 3.0')]
  const asked: unknown[] = []
  const found = compareConditions(
    before,
    after,
    unbounded,
    (premise, conclusion) => (asked.push([premise.expr, conclusion.expr]), { implied: 'proved' }),
  )
  expect(found).toMatchObject({ admitsAll: 'proved', admitsNoMore: 'proved' })
  expect(asked).toEqual([
    [before.expr, after.expr],
    [after.expr, before.expr],
  ])
})

it('decides a condition over many columns part by part', () => {
  const parts = [
    'a >= 0',
    'b >= 0',
    'x >= 0.0',
    'y >= 0.0',
    's != ""',
    'a <= 9',
    'b <= 9',
    'x <= 9.0',
    'y <= 9.0',
    'a != 5',
    'b != 5',
    'x != 5.0',
    's != "z"',
    's < "x"',
  ]
  const [wide, less] = [parts.join(' && '), parts.slice(1).join(' && ')]
  expect(compareConditions(condition(wide), condition(less), unbounded)).toMatchObject({
    admitsAll: 'proved',
    admitsNoMore: 'refuted',
  })
})
