import { describe, expect, it } from 'vitest'
import { integerLiteral, js, type Js, jsonLiteral, name, numberLiteral, render } from './js.ts'

describe('js', () => {
  it('takes fragments only', () => {
    expect(() => js`return ${'alert(1)' as unknown as Js}`).toThrow(TypeError)
    expect(() => js(['alert(1)'] as unknown as TemplateStringsArray)).toThrow(TypeError)
    expect(() => name('a; alert(1)')).toThrow(RangeError)
  })

  it('escapes a text so that it stays one in a script element and in any engine', () => {
    const evil = '"</script>\u2028\u2029`${1}\\\0\ud800'
    const code = render(jsonLiteral(evil))
    expect(code).not.toMatch(/[<>\u2028\u2029\0\ud800]/)
    expect(JSON.parse(code)).toBe(evil)
  })

  it('spells numbers exactly', () => {
    expect([2n ** 53n - 1n, 2n ** 53n, -(2n ** 63n)].map((n) => render(integerLiteral(n)))).toEqual([
      '9007199254740991',
      '9007199254740992n',
      '(-9223372036854775808n)',
    ])
    expect([-0, Infinity, -Infinity, 5e-324].map((n) => render(numberLiteral(n)))).toEqual([
      '(-0)',
      'Infinity',
      '(-Infinity)',
      '5e-324',
    ])
  })
})
