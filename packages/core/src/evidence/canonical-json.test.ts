import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CanonicalJsonError, canonicalJson, parseCanonical, reviveTags, type JsonValue } from './canonical-json.ts'

const fromBits = (hex: string): number => new DataView(BigUint64Array.of(BigInt(`0x${hex}`)).buffer).getFloat64(0, true)

describe('RFC 8785', () => {
  // Appendix B, "Number Serialization Samples".
  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('appendix B: %s is %s', (bits, text) => {
    expect(canonicalJson(fromBits(bits))).toBe(text)
  })

  test('section 3.2.2: literals, numbers and string escapes', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    expect(canonicalJson(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  test('section 3.2.3: members are sorted by UTF-16 code units', () => {
    const input = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
      "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
    const order = [...canonicalJson(JSON.parse(input)).matchAll(/:"([^"]+)"/g)].map((match) => match[1])
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  test('nested members are sorted, arrays keep their order', () => {
    expect(canonicalJson({ b: [{ z: 1, a: 2 }, 3], a: {} })).toBe('{"a":{},"b":[{"a":2,"z":1},3]}')
  })
})

describe('int64 and non-finite numbers', () => {
  test.each([
    [7n, '7'],
    [-9007199254740991n, '-9007199254740991'],
    [9007199254740992n, '{"$int64":"9007199254740992"}'],
    [9223372036854775807n, '{"$int64":"9223372036854775807"}'],
    [-9223372036854775808n, '{"$int64":"-9223372036854775808"}'],
    [Number.NaN, '{"$number":"NaN"}'],
    [Number.POSITIVE_INFINITY, '{"$number":"Infinity"}'],
    [Number.NEGATIVE_INFINITY, '{"$number":"-Infinity"}'],
  ])('%s', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
    const read = parseCanonical(text)
    expect(read).toEqual({
      ok: true,
      value: expectedAfterReading(value),
    })
  })

  test('an object that only looks like a tag stays an object', () => {
    for (const value of [
      { $int64: '7' },
      { $int64: 7 },
      { $int64: '9223372036854775808' },
      { $number: '1' },
      { $number: 'NaN', a: 1 },
    ]) {
      expect(reviveTags(value)).toEqual(value)
    }
  })
})

function expectedAfterReading(value: number | bigint): number | bigint {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

describe('what has no canonical form', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  test.each([
    ['undefined', { a: { 'b/c~d': undefined } }, '/a/b~1c~0d'],
    ['undefined', Object.assign([], { length: 2 }), '/0'],
    ['function', [1, () => 1], '/1'],
    ['symbol', { a: Symbol('x') }, '/a'],
    ['not-plain-object', { at: new Date(0) }, '/at'],
    ['not-plain-object', new Map(), ''],
    ['not-plain-object', new Uint8Array(1), ''],
    ['lone-surrogate', 'a\ud800', ''],
    ['lone-surrogate', { '\udc00': 1 }, '/\udc00'],
    ['int64-range', 2n ** 63n, ''],
    ['int64-range', -(2n ** 63n) - 1n, ''],
  ])('%s', (code, value, path) => {
    expect(errorOf(value)).toMatchObject({ code, path })
  })

  test('a cycle', () => {
    expect(errorOf(cycle).code).toBe('too-deep')
  })
})

function errorOf(value: unknown): CanonicalJsonError {
  try {
    canonicalJson(value)
  } catch (error) {
    if (error instanceof CanonicalJsonError) return error
    throw error
  }
  throw new Error('no error')
}

describe('reading', () => {
  test('JSON that is not canonical is refused', () => {
    for (const text of [
      '{"a":1 }',
      '{"b":1,"a":2}',
      '{"a":1,"a":1}',
      '1.0',
      '1e400',
      '-0',
      '9223372036854775807',
      String.raw`"\u0041"`,
      String.raw`"\ud800"`,
    ]) {
      expect(parseCanonical(text)).toMatchObject({ ok: false, code: 'not-canonical' })
    }
    expect(parseCanonical(`${'['.repeat(5000)}${']'.repeat(5000)}`)).toMatchObject({ ok: false, code: 'not-canonical' })
    expect(parseCanonical('{')).toMatchObject({ ok: false, code: 'not-json' })
  })

  test('names that look like numbers stand where the standard wants them, at any depth', () => {
    const text = String.raw`{"a":[{"10":1,"9":2}],"b":"\\ud800 is not a surrogate"}`
    expect(parseCanonical(text)).toMatchObject({ ok: true })
    expect(parseCanonical('{"a":[{"9":2,"10":1}]}')).toMatchObject({ ok: false, code: 'not-canonical' })
    expect(parseCanonical('{"a":[{"c":2,"b":1}]}')).toMatchObject({ ok: false, code: 'not-canonical' })
  })

  test('a member called __proto__ is a member', () => {
    const text = '{"__proto__":{"$int64":"9223372036854775807"},"a":1}'
    const read = parseCanonical(text)
    expect(read.ok && canonicalJson(read.value)).toBe(text)
    expect(read.ok && Object.getPrototypeOf(read.value)).toBe(Object.prototype)
  })

  test('laws: order of members does not matter, writing is idempotent, reading inverts writing', () => {
    const shuffled = (value: JsonValue): JsonValue =>
      Array.isArray(value)
        ? value.map(shuffled)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([k, v]) => [k, shuffled(v)]),
            )
          : value
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (generated) => {
        const value = generated as JsonValue
        const text = canonicalJson(value)
        expect(canonicalJson(shuffled(value))).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        const read = parseCanonical(text)
        expect(read.ok && canonicalJson(read.value)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})
