import { describe, expect, it } from 'vitest'
import type { Expr } from '../../../expr/expr.ts'
import { type RowFunctionName, rowFunctions } from '../../../expr/functions/row-functions.ts'
import { BOOL, DOUBLE, INT, STRING, type Type } from '../../../expr/type.ts'
import { unsupported } from '../../unsupported.ts'
import { identifier, render } from '../sql.ts'
import { compileRow, duckdbSupport, endsInMissing } from './compile.ts'
import { duckdbFunctions } from './functions.ts'

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const literal = (type: Type, value: string | number) => ({ node: 'literal', type, value }) as const
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const [a, x, s] = [column('a', INT), column('x', DOUBLE), column('s', STRING)]
const value = (expr: Expr) => render(compileRow(expr, { column: identifier }).value)
const missing = (expr: Expr) => render(endsInMissing(expr, { column: identifier }))

describe('DuckDB SQL of simple conditions is as plain as if written by hand', () => {
  it.each([
    ['a >= 0', call('ge_int', a, literal(INT, '0')), '("a" >= 0)'],
    ['x <= 2.5', call('le_double', x, literal(DOUBLE, 2.5)), '("x" <= 2.5e0)'],
    ['a < 18.5, an int beside a number', call('lt_int_double', a, literal(DOUBLE, 18.5)), '("a" < 19)'],
    ['18 <= x', call('le_int_double', literal(INT, '18'), x), '("x" >= 18e0)'],
    [
      '2^53 + 1 <= x, which no double is',
      call('le_int_double', literal(INT, '9007199254740993'), x),
      '("x" > 9007199254740992e0)',
    ],
    ['a < 1e300, always true of an int', call('lt_int_double', a, literal(DOUBLE, 1e300)), '("a" IS NOT NULL OR NULL)'],
    ['a + 1 > 0', call('gt_int', call('add_int', a, literal(INT, '1')), literal(INT, '0')), '(TRY("a" + 1) > 0)'],
    ['s == "it\'s"', call('eq_string', s, literal(STRING, "it's")), `("s" = 'it''s')`],
    ['NUL in a text', call('eq_string', s, literal(STRING, 'a\0b')), `("s" = ('a' || chr(0) || 'b'))`],
    ['a in []', { node: 'in-list', type: BOOL, operand: a, elements: [] } satisfies Expr, '("a" IS NULL AND NULL)'],
    [
      'a in [1, 2.0, 2.5]',
      {
        node: 'in-list',
        type: BOOL,
        operand: a,
        elements: [literal(INT, '1'), literal(DOUBLE, 2), literal(DOUBLE, 2.5)],
      } satisfies Expr,
      '("a" IN (1, 2))',
    ],
  ])('%s', (_, expr, expected) => expect(value(expr)).toBe(expected))

  it('checks a chain of float operations once, at its end', () => {
    const sum = call('add_double', call('mul_double', x, x), x)
    expect(value(call('ge_double', sum, literal(DOUBLE, 0))).match(/isfinite/g)).toHaveLength(1)
  })
})

describe('endsInMissing', () => {
  it('is "no value" where no other error is possible, and false where nothing is read', () => {
    expect(missing(call('ge_int', a, literal(INT, '0')))).toBe('(("a" >= 0) IS NULL)')
    expect(
      missing({ node: 'is-missing', type: BOOL, operand: { node: 'column', type: INT, name: 'a' }, negated: false }),
    ).toBe('false')
  })
  it('asks an argument only after those before it have values', () => {
    expect(missing(call('lt_int', call('int_of_string', s), a))).toMatch(
      /^\(\("s" IS NULL\) OR \(.* IS NOT NULL AND \("a" IS NULL\)\)\)$/,
    )
  })
})

describe('duckdbSupport', () => {
  it('names the first node it cannot express, with its place and reason', () => {
    expect(duckdbSupport(call('ge_int', a, a))).toEqual({ supported: true })
    const functions = { ...duckdbFunctions, ge_int: unsupported('not in this dialect') }
    const node: Expr = { ...call('ge_int', a, a), at: [3, 9] }
    expect(duckdbSupport(call('not', node), functions)).toEqual({
      supported: false,
      reason: 'not in this dialect',
      at: [3, 9],
    })
    expect(duckdbSupport({ node: 'local', type: INT, name: 'x' })).toMatchObject({ supported: false })
    expect(() => compileRow({ node: 'local', type: INT, name: 'x' }, { column: identifier })).toThrow(/static check/)
  })
})
