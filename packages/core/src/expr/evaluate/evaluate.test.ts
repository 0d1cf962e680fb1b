import { describe, expect, it } from 'vitest'
import { readBinder, readRow } from '../check/check.ts'
import type { EvaluationErrorCode, Expr } from '../expr.ts'
import { type RowFunctionName, cellFunctions } from '../functions/row-functions.ts'
import { binderEnvironment, place, rowEnvironment } from '../testing/accounts.ts'
import { exprOf, rowOf } from '../testing/generate.ts'
import { randomOf } from '../testing/random.ts'
import { parseTimestamp } from '../time.ts'
import { isError, type RecordValue, type Value } from '../value.ts'
import { createEvaluator, evaluate } from './evaluate.ts'

const at = (text: string): Value => {
  const reading = parseTimestamp(text)
  if ('problem' in reading) throw new Error(reading.problem)
  return { timestamp: reading.value }
}
const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

/** Ints are age and pay_0, doubles limit_bal and bill_amt1, texts name and note, timestamps opened and closed. */
const cells: RecordValue = new Map<string, Value | null>([
  ['age', 7n],
  ['pay_0', -2n],
  ['limit_bal', 2.5],
  ['bill_amt1', -0.5],
  ['name', 'Zoë😀'],
  ['note', 'abc'],
  ['opened', at('2024-02-29T23:59:58.123456Z')],
  ['closed', at('2024-03-01T00:00:00Z')],
  ['active', true],
  ['default', false],
  ['sex', 2n],
  ['status', 'open'],
])

/** Expressions of any type, not only conditions. */
function typed(text: string): Expr {
  for (const kind of ['bool', 'int', 'double', 'string', 'timestamp', 'duration'] as const) {
    const { value } = readRow(text, rowEnvironment(), place, { kind })
    if (value !== undefined && value.type.kind === kind) return value
  }
  throw new Error(`${text} has no type`)
}

const run = (text: string, changed: Readonly<Record<string, Value | null>> = {}): unknown =>
  evaluate(typed(text), { row: new Map([...cells, ...Object.entries(changed)]) })
const failsWith = (error: EvaluationErrorCode): unknown => ({ error })

const functions = new Set<RowFunctionName>()
function collect(expr: Expr): void {
  if (expr.node === 'call') functions.add(expr.fn)
  const parts = 'args' in expr ? expr.args : 'operand' in expr ? [expr.operand] : []
  for (const part of parts) collect(part)
}

type Row = readonly [text: string, result: unknown, row?: Readonly<Record<string, Value | null>>]

const TABLE: readonly Row[] = [
  // int64
  ['-age', -7n],
  ['-age', failsWith('overflow'), { age: MIN }],
  ['age + pay_0', 5n],
  ['age + pay_0', failsWith('overflow'), { age: MAX, pay_0: 1n }],
  ['age + pay_0', failsWith('overflow'), { age: MIN, pay_0: -1n }],
  ['age - pay_0', 9n],
  ['age - pay_0', failsWith('overflow'), { age: MIN, pay_0: 1n }],
  ['age * pay_0', -14n],
  ['age * pay_0', failsWith('overflow'), { age: 2n ** 32n, pay_0: 2n ** 31n }],
  ['age / pay_0', -3n],
  ['age / pay_0', failsWith('division-by-zero'), { pay_0: 0n }],
  ['age / pay_0', failsWith('overflow'), { age: MIN, pay_0: -1n }],
  ['age % pay_0', 1n],
  ['age % pay_0', -1n, { age: -7n }],
  ['age % pay_0', failsWith('division-by-zero'), { pay_0: 0n }],
  ['age % pay_0', failsWith('overflow'), { age: MIN, pay_0: -1n }],
  ['math.abs(pay_0)', 2n],
  ['math.abs(pay_0)', failsWith('overflow'), { pay_0: MIN }],
  ['math.greatest(age, pay_0)', 7n],
  ['math.least(age, pay_0)', -2n],
  ['math.least(age, pay_0, -9)', -9n],
  ['-9223372036854775808', MIN],
  // double
  ['-limit_bal', -2.5],
  ['-limit_bal', failsWith('non-finite'), { limit_bal: Infinity }],
  ['limit_bal + bill_amt1', 2],
  ['limit_bal + bill_amt1', failsWith('non-finite'), { limit_bal: 1.7e308, bill_amt1: 1.7e308 }],
  ['limit_bal - bill_amt1', 3],
  ['limit_bal - bill_amt1', failsWith('non-finite'), { limit_bal: Infinity, bill_amt1: Infinity }],
  ['limit_bal * bill_amt1', -1.25],
  ['limit_bal * 1e308', failsWith('non-finite'), { limit_bal: 10 }],
  ['limit_bal / bill_amt1', -5],
  ['limit_bal / bill_amt1', failsWith('division-by-zero'), { bill_amt1: -0 }],
  ['limit_bal / bill_amt1', failsWith('non-finite'), { limit_bal: Infinity }],
  ['limit_bal / bill_amt1', 0, { limit_bal: 1, bill_amt1: Infinity }],
  ['math.abs(bill_amt1)', 0.5],
  ['math.abs(bill_amt1)', failsWith('non-finite'), { bill_amt1: -Infinity }],
  ['math.ceil(limit_bal)', 3],
  ['math.floor(limit_bal)', 2],
  ['math.trunc(bill_amt1)', -0],
  ['math.ceil(limit_bal)', failsWith('non-finite'), { limit_bal: Infinity }],
  ['math.round(limit_bal)', 3],
  ['math.round(limit_bal)', -3, { limit_bal: -2.5 }],
  ['math.round(limit_bal)', 0, { limit_bal: 0.49999999999999994 }],
  ['math.round(limit_bal)', 4503599627370497, { limit_bal: 4503599627370497 }],
  ['math.sqrt(limit_bal)', 2, { limit_bal: 4 }],
  ['math.sqrt(limit_bal)', failsWith('non-finite'), { limit_bal: -1 }],
  ['math.greatest(limit_bal, bill_amt1)', Infinity, { limit_bal: Infinity }],
  ['math.least(limit_bal, 1)', 1],
  ['math.isInf(limit_bal)', false],
  ['math.isInf(limit_bal)', true, { limit_bal: -Infinity }],
  // comparisons
  ['age < 8', true],
  ['age <= 6', false],
  ['age > 7', false],
  ['age >= 7', true],
  ['age == 7', true],
  ['age != 7', false],
  ['limit_bal < 3', true],
  ['limit_bal <= 2.5', true],
  ['limit_bal > 2.5', false],
  ['limit_bal >= bill_amt1', true],
  ['limit_bal == bill_amt1', true, { limit_bal: 0, bill_amt1: -0 }],
  ['limit_bal != 2.5', false],
  ['age < limit_bal', true, { age: 2n ** 53n, limit_bal: 2 ** 53 + 2 }],
  ['age <= limit_bal', false, { age: 2n ** 53n + 1n, limit_bal: 2 ** 53 }],
  ['age > limit_bal', true, { age: 2n ** 53n + 1n, limit_bal: 2 ** 53 }],
  ['age >= limit_bal', true, { limit_bal: -Infinity }],
  ['age == limit_bal', false, { age: MAX, limit_bal: 2 ** 63 }],
  ['age != limit_bal', true],
  ['limit_bal < age', true],
  ['limit_bal <= age', false, { limit_bal: Infinity }],
  ['limit_bal > age', true, { age: MAX, limit_bal: 2 ** 63 }],
  ['limit_bal >= age', false],
  ['limit_bal == age', true, { limit_bal: 7 }],
  ['limit_bal != age', true],
  ['name < note', true],
  ['name <= note', true],
  ['name > note', true, { name: '😀', note: '\uffee' }],
  ['name >= note', false],
  ['name == note', false],
  ['name != "Zoë😀"', false],
  ['name < note', true, { name: 'ab' }],
  ['active < default', false],
  ['active <= default', false],
  ['active > default', true],
  ['active >= default', true],
  ['active == default', false],
  ['active != default', true],
  ['opened < closed', true],
  ['opened <= closed', true],
  ['opened > closed', false],
  ['opened >= closed', false],
  ['opened == closed', false],
  ['opened != closed', true],
  ...(['<', '<=', '>', '>=', '==', '!='] as const).map(
    (op) => [`closed - opened ${op} duration("2s")`, op === '<' || op === '<=' || op === '!='] as const,
  ),
  // texts
  ['name + note', 'Zoë😀abc'],
  ['size(name)', 4n],
  ['name.size()', 4n],
  ['note.contains("bc")', true],
  ['note.contains("")', true],
  ['note.startsWith("ab")', true],
  ['note.endsWith("ab")', false],
  ['name.lowerAscii()', 'zoË', { name: 'ZOË' }],
  ['name.upperAscii()', 'ZOë', { name: 'zoë' }],
  ['name.matches("(?i)^zo")', true],
  ['name.matches("o$")', false],
  // conversions
  ['int(limit_bal)', 2n],
  ['int(limit_bal)', -2n, { limit_bal: -2.9 }],
  ['int(limit_bal)', failsWith('overflow'), { limit_bal: -(2 ** 63) }],
  ['int(limit_bal)', failsWith('overflow'), { limit_bal: Infinity }],
  ['int(note)', 12n, { note: '+012' }],
  ['int(note)', failsWith('invalid-conversion'), { note: ' 1' }],
  ['int(note)', failsWith('overflow'), { note: '9223372036854775808' }],
  ['int(note)', MIN, { note: '-9223372036854775808' }],
  ['int(opened)', -1n, { opened: { timestamp: -1n } }],
  ['double(age)', 9007199254740992, { age: 2n ** 53n + 1n }],
  ['double(note)', 1250, { note: '+12.5e2' }],
  ['double(note)', failsWith('invalid-conversion'), { note: '1.' }],
  ['double(note)', failsWith('invalid-conversion'), { note: 'NaN' }],
  ['double(note)', failsWith('non-finite'), { note: '1e400' }],
  ['string(age)', '-7', { age: -7n }],
  ['string(active)', 'true'],
  // time
  ['opened + duration("1s")', at('2024-02-29T23:59:59.123456Z')],
  ['duration("24h") + opened', at('2024-03-01T23:59:58.123456Z')],
  ['opened + duration("24h")', failsWith('overflow'), { opened: at('9999-12-31T23:59:59Z') }],
  ['opened - duration("24h")', failsWith('overflow'), { opened: at('0001-01-01T00:00:00Z') }],
  ['closed - opened', { duration: 1_876_544n }],
  ['duration("1h") + duration("1m")', { duration: 3_660_000_000n }],
  ['duration("1h") - duration("1m")', { duration: 3_540_000_000n }],
  ['duration("2562047788h") + duration("2562047788h")', failsWith('overflow')],
  ['opened.getFullYear()', 2024n],
  ['opened.getMonth()', 1n],
  ['opened.getDate()', 29n],
  ['opened.getDayOfMonth()', 28n],
  ['opened.getDayOfWeek()', 4n],
  ['opened.getDayOfYear()', 59n],
  ['opened.getHours()', 23n],
  ['opened.getMinutes()', 59n],
  ['opened.getSeconds()', 58n],
  ['opened.getMilliseconds()', 123n],
  ['opened.getMilliseconds()', 999n, { opened: { timestamp: -1n } }],
  // logic and missing
  ['!active', false],
  ['!active', failsWith('missing'), { active: null }],
  ['active && default', failsWith('missing'), { active: null, default: true }],
  ['active && default', false, { active: null }],
  ['default && active', false, { active: null }],
  ['active || default', true, { default: null }],
  ['default || active', true, { default: null }],
  ['age / (age - age) == 1 || pay_0 == 1', failsWith('division-by-zero'), { pay_0: null }],
  ['pay_0 == 1 || age / (age - age) == 1', failsWith('missing'), { pay_0: null }],
  ['pay_0 == 1 ? age : 3', failsWith('missing'), { pay_0: null }],
  ['active ? age : pay_0', 7n, { pay_0: null }],
  ['limit_bal > 1', failsWith('missing'), { limit_bal: NaN }],
  ['pay_0 == null', true, { pay_0: null }],
  ['limit_bal != null', false, { limit_bal: NaN }],
  ['has(limit_bal)', true, { limit_bal: Infinity }],
  ['age in [1, 7]', true],
  ['age in [6.5, 7.0]', true],
  ['age in []', false],
  ['pay_0 in []', failsWith('missing'), { pay_0: null }],
  ['limit_bal in [1, 2.5]', true],
  ['name in ["a"]', false],
  ['active in [true]', true],
  ['label(sex)', 'female'],
  ['label(sex)', failsWith('no-such-key'), { sex: 9n }],
  ['sex == 2', true],
  ['opened in [timestamp("2024-03-01T00:00:00Z")]', false],
  ['closed - opened in [duration("1876544us")]', true],
]

describe('evaluate', () => {
  it.each(TABLE.map(([text, result, row]) => ({ text, result, row })))('$text', ({ text, result, row }) => {
    expect(run(text, row)).toEqual(result)
  })

  it('the table above uses every row of the function table', () => {
    for (const [text] of TABLE) collect(typed(text))
    expect([...functions].sort()).toEqual(Object.keys(cellFunctions).sort())
  })

  it('answers every generated expression with a value of its type or an error, never an exception', () => {
    const evaluator = createEvaluator()
    const errors = new Set<string>()
    let values = 0
    for (let seed = 0; seed < 4000; seed++) {
      const random = randomOf(seed)
      const expr = exprOf(random, random.pick(['bool', 'int', 'double', 'string', 'timestamp', 'duration']), 3)
      const outcome = evaluator.evaluate(expr, { row: rowOf(random) })
      if (isError(outcome)) errors.add(outcome.error)
      else {
        values += 1
        expect(kindOf(outcome), `seed ${seed}`).toBe(expr.type.kind)
      }
    }
    expect(values).toBeGreaterThan(1000)
    expect([...errors].sort()).toEqual(['division-by-zero', 'invalid-conversion', 'missing', 'non-finite', 'overflow'])
  })

  it('takes time linear in the text for a pattern that backtracking engines never finish', () => {
    const evaluator = createEvaluator()
    const expr = typed('note.matches(r"^(a+)+$")')
    const note = `${'a'.repeat(100_000)}b`
    expect(evaluator.evaluate(expr, { row: new Map([['note', note]]) })).toBe(false)
  })
})

describe('evaluate with bound variables', () => {
  const x: RecordValue = new Map<string, Value | null>([
    ['age', 30n],
    ['limit_bal', 1],
    ['sex', 1n],
    ['pay_0', null],
  ])
  const predict = (_: string, record: RecordValue): RecordValue =>
    new Map<string, Value | null>([
      ['risk', Number(record.get('age')) / 100],
      ['decision', null],
    ])
  const compute = (text: string): unknown => {
    const { value, diagnostics } = readBinder(text, binderEnvironment(), place)
    if (value === undefined) throw new Error(diagnostics[0]?.message)
    return evaluate(value, {
      locals: new Map<string, Value | null>([
        ['x', x],
        ['s', null],
      ]),
      predict,
    })
  }

  it('replaces fields, asks models, and finds what is missing', () => {
    expect(compute("champion(x.with({'age': x.age + 10})).risk")).toBe(0.4)
    expect(compute("champion(x.with({'age': x.age + 10})).risk > champion(x).risk")).toBe(true)
    expect(compute('champion(x).decision')).toEqual({ error: 'missing' })
    expect(compute('has(champion(x).decision)')).toBe(false)
    expect(compute('x.pay_0 == null && has(x.age)')).toBe(true)
    expect(compute("x.with({'sex': s})")).toEqual({ error: 'missing' })
    expect(compute("x.with({'pay_0': 1}).pay_0 + x.age")).toBe(31n)
    expect(x.get('pay_0')).toBe(null)
  })
})

function kindOf(value: Value): string {
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return 'timestamp' in value ? 'timestamp' : 'duration'
}
