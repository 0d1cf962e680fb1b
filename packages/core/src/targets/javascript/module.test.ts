import { describe, expect, it } from 'vitest'
import { evaluate } from '../../expr/evaluate/evaluate.ts'
import type { Expr } from '../../expr/expr.ts'
import { type RowFunctionName, rowFunctions } from '../../expr/functions/row-functions.ts'
import { BOOL, DOUBLE, INT, STRING, type Type } from '../../expr/type.ts'
import { javascriptSupport } from './compile.ts'
import { compileModule, type ModuleClause } from './module.ts'

interface Loaded {
  readonly clauses: readonly { readonly id: string; readonly missing: string; evaluate(row: unknown): unknown }[]
  violations(row: unknown): unknown
}
const load = async (clauses: readonly ModuleClause[]): Promise<Loaded> =>
  (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(compileModule(clauses))}`)) as Loaded

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const literal = (type: Type, value: string | number): Expr => ({ node: 'literal', type, value })
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const adult = call('ge_int', column('age', INT), literal(INT, '18'))
const ratio = call('lt_double', call('div_double', column('x', DOUBLE), column('y', DOUBLE)), literal(DOUBLE, 1))

describe('a generated module', () => {
  it('lists the violated clauses of a row, with the error where there is one', async () => {
    const { clauses, violations } = await load([
      { id: 'adult', expr: adult },
      { id: 'ratio', expr: ratio },
    ])
    expect(clauses.map(({ id, missing }) => [id, missing])).toEqual([
      ['adult', 'fail'],
      ['ratio', 'fail'],
    ])
    expect(violations({ age: 20, x: 1, y: 2 })).toBeUndefined()
    expect(violations({ age: 17, x: 1, y: 0 })).toEqual([{ id: 'adult' }, { id: 'ratio', error: 'division-by-zero' }])
    expect(violations({ age: 2n ** 60n, x: NaN, y: 0 })).toEqual([{ id: 'ratio', error: 'missing' }])
    expect(violations({})).toEqual([
      { id: 'adult', error: 'missing' },
      { id: 'ratio', error: 'missing' },
    ])
  })

  it.each(['pass', 'exclude'] as const)('missing: %s forgives missing cells and no other error', async (missing) => {
    const { violations } = await load([{ id: 'ratio', expr: ratio, missing }])
    expect(violations({ x: null, y: 1 })).toBeUndefined()
    expect(violations({ x: 1, y: 0 })).toEqual([{ id: 'ratio', error: 'division-by-zero' }])
  })

  it('cannot be left by ids, names or texts, and does not read inherited properties', async () => {
    const evil = '"]; globalThis.broken = true; //\u2028</script>'
    const text = call('eq_string', column(evil, STRING), literal(STRING, evil))
    const inherited = call('eq_string', column('constructor', STRING), literal(STRING, 'x'))
    const code = compileModule([{ id: evil, expr: text }])
    expect(code).not.toContain('</script>')
    const { violations } = await load([
      { id: evil, expr: text },
      { id: 'inherited', expr: inherited },
    ])
    expect(violations({ [evil]: evil })).toEqual([{ id: 'inherited', error: 'missing' }])
    expect(violations(JSON.parse('{"__proto__": {"constructor": "x"}}'))).toHaveLength(2)
    expect('broken' in globalThis).toBe(false)
  })

  it('writes only the helpers it uses, imports nothing and evaluates nothing', () => {
    const code = compileModule([{ id: 'adult', expr: adult }])
    expect(code).not.toMatch(/\bimport\b|\beval\b|\bFunction\b|addInt|calendar/)
    expect(compileModule([{ id: 'ratio', expr: ratio }])).toContain('const DIVISION_BY_ZERO')
  })

  it('orders ill-formed texts, which JSON can carry, as the reference does', async () => {
    const texts = [
      '\ud83d',
      '\ude00',
      '\ud83d\ude00',
      '\ud83da',
      '\ue000',
      '\uffff',
      'a\ud83d\ude00',
      'a\ud83d\ud83d',
      '\ud83d\ud83d\ude00',
      '',
    ]
    const less = call('lt_string', column('s', STRING), column('t', STRING))
    const { clauses } = await load([{ id: 'less', expr: less }])
    for (const s of texts) {
      for (const t of texts) {
        const expected = evaluate(less, {
          row: new Map([
            ['s', s],
            ['t', t],
          ]),
        })
        expect([s, t, clauses[0]?.evaluate({ s, t })]).toEqual([s, t, expected])
      }
    }
  })

  it('answers for a category with thousands of labels', async () => {
    const entries = Array.from({ length: 3_000 }, (_, i) => ({
      key: { node: 'literal', type: INT, value: String(i) } as const,
      value: `label ${i}`,
    }))
    const label: Expr = { node: 'lookup', type: STRING, operand: column('code', INT), entries }
    const { clauses } = await load([{ id: 'label', expr: call('eq_string', label, literal(STRING, 'label 2999')) }])
    expect(clauses[0]?.evaluate({ code: 2999 })).toBe(true)
    expect(clauses[0]?.evaluate({ code: 3000 })).toEqual({ error: 'no-such-key' })
  })
})

describe('javascriptSupport', () => {
  it('refuses what has no meaning for one request, with the place', () => {
    const bound: Expr = { node: 'local', type: BOOL, name: 'b', at: [4, 20] }
    expect(javascriptSupport(call('not', bound))).toEqual({
      supported: false,
      reason: expect.stringContaining('no meaning for one request'),
      at: [4, 20],
    })
    expect(javascriptSupport(adult)).toEqual({ supported: true })
    expect(() => compileModule([{ id: 'm', expr: bound }])).toThrow(/static check/)
  })
})
