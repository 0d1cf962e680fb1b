import { describe, expect, it } from 'vitest'
import type { ProgramColumn } from '../clause/program.ts'
import { evaluate } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import { type RowFunctionName, rowFunctions } from '../expr/functions/row-functions.ts'
import { patternProgram } from '../expr/pattern/program.ts'
import { BOOL, DOUBLE, INT, type Type } from '../expr/type.ts'
import { literalOf, type Value } from '../expr/value.ts'
import { createRandom } from '../stats/prng.ts'
import { borderBetween } from './border.ts'
import { caseOf, expectedAnswer, rowOf } from './case.ts'
import { compare, type Disagreement } from './compare.ts'
import { constantsByColumn } from './constants.ts'
import { ofRank, rankOf, stepped } from './float64.ts'
import type { Implementation } from './implementation.ts'
import { minimise } from './minimise.ts'
import { referenceAnswers } from './reference.ts'
import { generateRows } from './rows.ts'
import { textForPattern } from './text-for-pattern.ts'
import { RE2JS } from 're2js'

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const declared = (name: string, type: Type, more: Partial<ProgramColumn> = {}): ProgramColumn => ({
  name,
  type,
  columnType: 'integer',
  optional: false,
  protected: false,
  ...more,
})
const age = column('age', INT)
const limit = column('limit', DOUBLE)
const adult = call('ge_int', age, literalOf(INT, 18n))
const columns = [
  declared('age', INT, { low: '16', high: '100' }),
  declared('limit', DOUBLE, { low: 0, high: 1000 }),
  declared('sex', { kind: 'int', category: true }, { values: [{ code: 1 }, { code: 2 }] }),
]

function rows(seed: string, count: number) {
  const generator = generateRows(createRandom(seed, 'rows'), columns, constantsByColumn([adult]))
  return Array.from({ length: count }, () => generator.next().value)
}

describe('rows', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(rows('a', 20)).toEqual(rows('a', 20))
    expect(rows('a', 20)).not.toEqual(rows('b', 20))
  })

  it('are hostile by a third or more, and otherwise as declared or next to a constant', () => {
    const drawn = rows('a', 900)
    expect(drawn.filter(({ hostile }) => hostile).length).toBeGreaterThan(300)
    const plain = drawn.filter(({ hostile }) => !hostile).map(({ cells }) => cells)
    for (const cells of plain) {
      expect(Number(cells.get('age'))).toBeGreaterThanOrEqual(16)
      expect(cells.get('sex') === 1n || cells.get('sex') === 2n).toBe(true)
      expect(Number(cells.get('limit'))).toBeLessThanOrEqual(1000)
    }
    for (const near of [17n, 18n, 19n])
      expect(plain.filter((cells) => cells.get('age') === near).length).toBeGreaterThan(20)
    const cells = drawn.flatMap((row) => [...row.cells.values()])
    expect(cells).toContain(null)
    expect(cells).toContain(-(2n ** 63n))
    expect(cells.some((cell) => Object.is(cell, -0))).toBe(true)
    expect(cells.some(Number.isNaN)).toBe(true)
  })
})

describe('borders', () => {
  it('are the two neighbours between which a condition turns', () => {
    const whole = borderBetween(adult, new Map([['age', -(2n ** 63n)]]), new Map([['age', 2n ** 63n - 1n]]))
    expect(whole.map((row) => row.get('age'))).toEqual([17n, 18n])
    const below = call('lt_double', call('mul_double', limit, limit), literalOf(DOUBLE, 2))
    const number = borderBetween(below, new Map([['limit', 0]]), new Map([['limit', 1e9]]))
    const [inside, outside] = number.map((row) => row.get('limit') as number)
    expect(outside).toBe(stepped(inside as number, 1))
    expect(inside).toBeCloseTo(Math.SQRT2, 12)
  })

  it('are none where both rows answer alike', () => {
    expect(borderBetween(adult, new Map([['age', 20n]]), new Map([['age', 30n]]))).toEqual([])
  })

  it('floats stand in their order', () => {
    const ordered = [-Infinity, -1, -5e-324, 0, 5e-324, 1, 1 + Number.EPSILON, Infinity]
    const ranks = ordered.map(rankOf)
    expect(ranks).toEqual(ranks.toSorted((a, b) => (a < b ? -1 : 1)))
    expect(ranks.map(ofRank)).toEqual(ordered)
    expect(stepped(0, -1)).toBe(-5e-324)
    expect(stepped(Infinity, 1)).toBe(Infinity)
  })
})

it.each(['^[a-z]{2,4}-\\d+$', '(?i)straße|k+', '^(\\pL|😀)*$', 'a.c'])(
  'texts for %s match it often, and not always',
  (pattern) => {
    const random = createRandom(pattern, 'texts')
    const program = patternProgram(pattern)
    const oracle = RE2JS.compile(pattern)
    const texts = Array.from({ length: 400 }, () => textForPattern(program, random))
    const matching = texts.filter((text) => oracle.test(text)).length
    expect(matching).toBeGreaterThan(60)
    expect(matching).toBeLessThan(400)
    expect(texts.every((text) => text.isWellFormed())).toBe(true)
  },
)

/** An implementation that takes `>=` for `>`. */
const strict: Implementation = {
  name: 'strict',
  errors: 'code',
  refuses: () => undefined,
  cannotHold: (cell: Value) => (cell === 'unheld' ? 'it holds no such text' : undefined),
  code: () => 'code',
  answers: async ({ exprs, rows: asked }) => {
    const wrong = (expr: Expr): Expr => {
      const args = 'args' in expr && expr.node === 'call' ? expr.args.map(wrong) : []
      if (expr.node === 'and') return { ...expr, args: [wrong(expr.args[0]), wrong(expr.args[1])] }
      return expr.node === 'call' ? { ...expr, fn: expr.fn === 'ge_int' ? 'gt_int' : expr.fn, args } : expr
    }
    return exprs.map((expr) => referenceAnswers(wrong(expr), asked))
  },
}

const involved: Expr = {
  node: 'and',
  type: BOOL,
  args: [
    call('lt_double', call('add_double', limit, literalOf(DOUBLE, 17.25)), literalOf(DOUBLE, 1e9)),
    call('ge_int', call('add_int', age, column('years', INT)), literalOf(INT, 1234n)),
  ],
}
const rowColumns = [
  { name: 'age', kind: 'int' },
  { name: 'years', kind: 'int' },
  { name: 'limit', kind: 'double' },
  { name: 'unread', kind: 'string' },
] as const
const row = new Map<string, Value | null>([
  ['age', 1200n],
  ['years', 34n],
  ['limit', 12.5],
  ['unread', 'x'],
])

async function found(): Promise<Disagreement> {
  const { disagreements } = await compare({ columns: rowColumns, exprs: [involved], rows: [row] }, [strict])
  if (disagreements[0] === undefined) throw new Error('nothing differs')
  return disagreements[0]
}

describe('a disagreement', () => {
  it('is minimised to the comparison that differs, on the simplest row', async () => {
    const least = await minimise(await found(), [strict])
    expect(least.expr).toMatchObject({ node: 'call', fn: 'ge_int' })
    expect(JSON.stringify(least.expr)).not.toContain('double')
    expect([...least.row.keys()]).not.toContain('unread')
    expect([...least.row.values()].every((cell) => cell === 0n)).toBe(true)
    expect(least.answers).toEqual([{ name: 'strict', answer: { value: false }, agrees: false }])
  })

  it('becomes a case that repeats it', async () => {
    const { name, case: made } = caseOf(await minimise(await found(), [strict]))
    const read = JSON.parse(JSON.stringify(made)) as typeof made
    expect(name).toMatch(/^ge-int-[0-9a-f]{8}$/)
    expect(referenceAnswers(read.tree, [rowOf(read)])).toEqual([expectedAnswer(read)])
    const again = await compare({ columns: read.columns, exprs: [read.tree], rows: [rowOf(read)] }, [strict])
    expect(again.disagreements).toHaveLength(1)
  })

  it('is none on a row that an implementation cannot hold, or for what it refuses', async () => {
    const unheld = new Map(row).set('unread', 'unheld')
    const asked = await compare({ columns: rowColumns, exprs: [involved], rows: [unheld] }, [strict])
    expect(asked.disagreements).toEqual([])
    expect(asked.tallies[0]?.asked).toEqual({})
    const refusing = { ...strict, refuses: () => 'not in this dialect' }
    const refused = await compare({ columns: rowColumns, exprs: [involved], rows: [row] }, [refusing])
    expect(refused.disagreements).toEqual([])
    expect(refused.tallies).toEqual([{ pairs: 1, errors: 0, asked: {}, undecided: {} }])
  })

  it('keeps −0, infinities and odd names', () => {
    const odd = column('__proto__', DOUBLE)
    const cells = new Map<string, Value | null>([['__proto__', -0]])
    const expr = call('is_inf', odd)
    const made = caseOf({
      columns: [{ name: '__proto__', kind: 'double' }],
      expr,
      row: cells,
      reference: { value: false },
      answers: [],
    }).case
    const read = JSON.parse(JSON.stringify(made)) as typeof made
    expect(Object.is(rowOf(read).get('__proto__'), -0)).toBe(true)
    expect(evaluate(read.tree, { row: rowOf(read) })).toBe(false)
  })
})
