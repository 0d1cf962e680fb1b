import { expect, it } from 'vitest'
import { identifier, sql } from '../sql.ts'
import { double, literal, text } from './literals.ts'
import { renderSpark } from './render.ts'

it('names stand between backticks, and texts stay what they are', () => {
  const hostile = 'a"b`; DROP TABLE x; --'
  expect(renderSpark(sql`SELECT ${identifier(hostile)}, ${text(`it's "x" \\`)} AS "row"`)).toBe(
    'SELECT `a"b``; DROP TABLE x; --`, \'it\\\'s "x" \\\\\' AS `row`',
  )
  expect(renderSpark(sql`${text("'")}, ${identifier("'")}, ${text('"')}`)).toBe("'\\'', `'`, '\"'")
})

it('literals are of their type, and no text is replaced by a setting', () => {
  const int = (value: bigint) => renderSpark(literal({ node: 'literal', type: { kind: 'int' }, value: String(value) }))
  expect([int(5n), int(-(2n ** 63n))]).toEqual(['5L', '(-9223372036854775808L)'])
  expect([0.1, -0, 5e-324, Infinity].map((value) => renderSpark(double(value)))).toEqual([
    '0.1e0D',
    '(-0e0D)',
    '5e-324D',
    "double('Infinity')",
  ])
  expect(renderSpark(text('${env:HOME}\0'))).toBe(String.raw`'\u0024{env:HOME}\u0000'`)
})
