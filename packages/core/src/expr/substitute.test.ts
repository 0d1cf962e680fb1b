import { expect, it } from 'vitest'
import { parseExpression } from './parse/parser.ts'
import { printSyntax } from './print/syntax.ts'
import { substitute } from './substitute.ts'

const place = { span: (start: number, end: number) => ({ file: 'x', start, end }) }
const values = new Map<string, number | string | boolean>([
  ['least', 18],
  ['cold', -3.5],
  ['kind', 'a"b'],
  ['strict', false],
])

it.each([
  ['age >= least && !strict', 'age >= 18 && !false'],
  ['least.least == row["least"]', '18.least == row["least"]'],
  ['f(least, [kind, cold], {"k": least}) ? cold : x.g(least)[least]', undefined],
  ['age >= 18', 'age >= 18'],
])('%s', (text, printed) => {
  const syntax = parseExpression(text, place).value
  if (syntax === undefined) throw new Error(text)
  const replaced = substitute(syntax, values)
  if (printed !== undefined) expect(printSyntax(replaced)).toBe(printed)
  expect(JSON.stringify(replaced, (_, item: unknown) => (typeof item === 'bigint' ? `${item}` : item))).not.toMatch(
    /"kind":"name","name":"(least|cold|kind|strict)"/,
  )
  expect([replaced.start, replaced.end]).toEqual([syntax.start, syntax.end])
})

it('keeps a minus an operator, so that -2^53 is written like other negative numbers', () => {
  const replaced = substitute({ kind: 'name', name: 'cold', start: 2, end: 6 }, values)
  expect(replaced).toMatchObject({ kind: 'unary', op: '-', start: 2, operand: { kind: 'double', value: 3.5 } })
})
