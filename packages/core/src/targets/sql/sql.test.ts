import { describe, expect, it } from 'vitest'
import { floatLiteral, identifier, integerLiteral, join, render, type Sql, sql, textLiteral } from './sql.ts'

describe('sql', () => {
  it('takes fragments only: a string, an object that looks like one, or a plain call throws', () => {
    const forged = { text: 'DROP TABLE x' } as unknown as Sql
    expect(() => sql`SELECT ${'1' as unknown as Sql}`).toThrow(TypeError)
    expect(() => sql`SELECT ${forged}`).toThrow(TypeError)
    expect(() => sql`SELECT ${Object.create(Object.getPrototypeOf(sql``)) as Sql}`).toThrow(TypeError)
    expect(() => sql(['DROP TABLE x'] as unknown as TemplateStringsArray)).toThrow(TypeError)
    expect(() => render(forged)).toThrow(TypeError)
  })

  it('quotes every name', () => {
    expect(render(identifier('"; DROP TABLE x; --'))).toBe('"""; DROP TABLE x; --"')
    expect(render(identifier(''))).toBe('""')
    expect(() => identifier('a\0b')).toThrow(RangeError)
  })

  it('spells literals so that they read back as the same value', () => {
    expect(render(textLiteral("it's"))).toBe("'it''s'")
    expect(render(integerLiteral(-(2n ** 63n)))).toBe('(-9223372036854775808)')
    expect([0.1, 2, -0, 1e300, -5e-324].map((n) => render(floatLiteral(n)))).toEqual([
      '0.1e0',
      '2e0',
      '(-0e0)',
      '1e+300',
      '(-5e-324)',
    ])
    expect(() => floatLiteral(Number.NaN)).toThrow(RangeError)
  })

  it('joins fragments', () => {
    expect(render(sql`(${join([sql`1`, sql`2`], sql`, `)})`)).toBe('(1, 2)')
    expect(render(join([], sql`, `))).toBe('')
  })
})
