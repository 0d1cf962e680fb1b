import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from '../../compile.ts'
import { speakText } from '../../targets/english/index.ts'

const TEXT = readFileSync(
  new URL('../../../../../conformance/check/units-good/spec.plumb.yaml', import.meta.url),
  'utf8',
)

function compiled(text: string, params: Readonly<Record<string, string>> = {}) {
  const { value, diagnostics } = compile({ main: { path: 'p.yaml', text }, others: [] }, params)
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return value
}

/** The spec with another condition for its clause `a`. */
function withCondition(condition: string): string {
  return TEXT.replace(/ {2}a: .*\n/, `  a: { says: A., of: trips, every: '${condition}' }\n`)
}

function digestOf(text: string, params?: Readonly<Record<string, string>>): string | undefined {
  return compiled(text, params).clauses.find(({ id }) => id === 'a')?.digest
}

describe('quantities', () => {
  it('are plain numbers in the unit of the other side for every target', () => {
    const clauses = compiled(TEXT).clauses
    const numbers = (id: string): readonly unknown[] => {
      const found: unknown[] = []
      JSON.stringify(
        clauses.find((clause) => clause.id === id),
        (_key, value: unknown) => {
          if (
            typeof value === 'object' &&
            value !== null &&
            'node' in value &&
            value.node === 'literal' &&
            'value' in value
          )
            found.push(value.value)
          return value
        },
      )
      return found
    }
    expect(numbers('a')).toEqual(['18', '18', '100'])
    expect(numbers('b')).toEqual([30.5, 0])
    expect(numbers('c')).toEqual([0.001, 80.4672])
    expect(numbers('d')).toEqual(['7', '3', '20', '2', '9'])
    expect(numbers('e')).toEqual([20, 0.05, 2, '3'])
    expect(numbers('f')).toEqual(expect.arrayContaining(['18', 0.1, 100]))
    expect(numbers('g')).toEqual(expect.arrayContaining([200]))
    expect(numbers('h')).toEqual([40, 50])
    expect(JSON.stringify(clauses)).not.toContain('"fn":"q"')
  })

  it('ask the same as the number they stand for', () => {
    const plain = digestOf(withCondition('age >= 18'))
    expect(digestOf(withCondition('age >= q(216, "month")'))).toBe(plain)
    expect(digestOf(withCondition('age >= q(18.0, "years")'))).not.toBe(digestOf(withCondition('age >= 19')))
    expect(digestOf(withCondition('age >= q(217, "month")'))).not.toBe(plain)
    expect(digestOf(withCondition('age >= adult'))).toBe(plain)
    expect(digestOf(withCondition('age >= adult'), { adult: '228' })).not.toBe(plain)
    expect(digestOf(withCondition('age >= 18').replace('unit: year', 'unit: month'))).not.toBe(plain)
  })

  it.each([
    ['age > -q(6, "month")', [-0.5]],
    ['q(18, "year") > q(1, "month") || age > 3', [18, 1 / 12, '3']],
    ['age > q(1, "year") + q(6, "month")', [1, 0.5]],
    ['age % q(120, "month") == 0', ['10', '0']],
    ['[age, 3].all(v, v > q(6, "month"))', ['3', 0.5]],
    ['cel.bind(v, age, v > q(24, "month"))', ['2']],
    ['waited * q(24, "hour/day") > q(2, "day")', ['24', '48']],
  ])('%s', (condition, literals) => {
    const found: unknown[] = []
    JSON.stringify(
      compiled(withCondition(condition)).clauses.find(({ id }) => id === 'a'),
      (_key, value: unknown) => {
        if (
          typeof value === 'object' &&
          value !== null &&
          'node' in value &&
          value.node === 'literal' &&
          'value' in value
        )
          found.push(value.value)
        return value
      },
    )
    expect(found).toEqual(literals)
  })

  it.each([
    ['age + 1 > waited', 'double(age + 1) * q(365.25, "day/year")'],
    ['cel.bind(v, age, v > waited)', 'double(v) * q(365.25, "day/year")'],
    ['[age, waited].exists(v, v > 3)', 'double(age) * q(365.25, "day/year")'],
    ['math.greatest(age, waited) > 4', 'double(age) * q(365.25, "day/year")'],
    ['(age > 3 ? age : waited) > 4', 'double(age) * q(365.25, "day/year")'],
    ['distance > walked', 'distance * q(1000.0, "m/km")'],
  ])('%s is told how to be converted, and that compiles', (condition, written) => {
    const { diagnostics } = compile({ main: { path: 'p.yaml', text: withCondition(condition) }, others: [] })
    const found = diagnostics.find(({ code }) => code === 'expr/unit-differs')
    expect(found?.fix).toContain(`\`${written}\``)
    expect(() => compiled(withCondition(`${written} > 1.0`))).not.toThrow(/unit/)
  })

  it('are read aloud', () => {
    expect(speakText('age >= q(18, "year")')).toContain('18')
  })
})
