import { describe, expect, it } from 'vitest'
import { readPlain, readRow } from '../../packages/core/src/expr/check/check.ts'
import { createEvaluator } from '../../packages/core/src/expr/evaluate/evaluate.ts'
import { printExpr } from '../../packages/core/src/expr/print/typed.ts'
import { place, rowEnvironment } from '../../packages/core/src/expr/testing/accounts.ts'
import { isError } from '../../packages/core/src/expr/value.ts'
import { createRandom, type Random } from '../../packages/core/src/stats/prng.ts'
import { duckdbSupport } from '../../packages/core/src/targets/sql/duckdb/compile.ts'
import { compileRow } from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { compileEvaluators, javascriptSupport } from '../../packages/core/src/targets/javascript/index.ts'
import { identifier } from '../../packages/core/src/targets/sql/sql.ts'
import { vectors } from './vectors.ts'
import { cpuMs } from '../../tests/support/cpu.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const count = Number(process.env['PLUMB_FUZZ_CEL'] ?? 6_000)
const evaluator = createEvaluator()
const NOTHING = { scope: 'plain', variables: new Map() } as const

/** Parts of official expressions put together anew, and bent. */
function soup(random: Random, pool: readonly string[]): string {
  const one = () => pool[random.int(pool.length)] ?? ''
  const cut = (text: string) => text.slice(random.int(text.length + 1), random.int(text.length + 1))
  switch (random.int(6)) {
    case 0:
      return cut(one())
    case 1:
      return `${one()} ${['+', '==', '&&', '?', 'in', '.', '<', '%'][random.int(8)]} ${one()}`
    case 2:
      return `(${one()}).${['map(x, x)', 'all(x, x == x)', 'size()', 'format([x])', '?a', 'orValue(1)', 'sort()'][random.int(7)]}`
    case 3:
      return `[${one()}, ${one()}, age, limit_bal].exists(x, dyn(x) == ${one()})`
    case 4:
      return `cel.bind(x, ${one()}, [x, x].${['filter(y, y)', 'flatten()', 'distinct()', 'join("")', 'transformMap(k, v, v)'][random.int(5)]})`
    default: {
      const text = one()
      const at = random.int(text.length + 1)
      return (
        text.slice(0, at) +
        ['"', '(', ']', '?', '\\', '\u0000', '😀', '.', '0u', 'b"', '`'][random.int(11)] +
        text.slice(at)
      )
    }
  }
}

describe('no expression', () => {
  it(`crashes parser, checker, printer, evaluator or targets (seed ${seed})`, () => {
    const random = createRandom(seed, 'robust')
    const pool = vectors().map(({ expression }) => expression)
    const read = { plain: 0, unchecked: 0, row: 0 }
    for (let i = 0; i < count; i++) {
      const text = soup(random, pool)
      const context = JSON.stringify(text)
      for (const unchecked of [false, true]) {
        const { value } = readPlain(text, { ...NOTHING, unchecked }, place)
        if (value === undefined) continue
        read[unchecked ? 'unchecked' : 'plain'] += 1
        expect(printExpr(value), context).toBeTypeOf('string')
        expect(evaluator.evaluate(value, { plain: true }), context).toBeDefined()
      }
      const { value } = readRow(text, rowEnvironment(), place)
      if (value === undefined) continue
      read.row += 1
      expect(evaluator.evaluate(value, { row: new Map() }), context).toBeDefined()
      if (duckdbSupport(value).supported) expect(compileRow(value, { column: identifier }), context).toBeDefined()
      if (javascriptSupport(value).supported) expect(compileEvaluators([value]), context).toBeTypeOf('string')
    }
    expect(Object.values(read).every((n) => n > count / 60)).toBe(true)
  })

  const nested = (n: number, name: string, first: string, last: string): string =>
    Array.from({ length: n }, (_, i) => {
      const value = i === 0 ? first : `${name}${i - 1} + ${name}${i - 1}`
      return `cel.bind(${name}${i}, ${value}, `
    }).join('') + `${last}${')'.repeat(n)}`
  const zeros = `[${'0,'.repeat(1000)}]`

  it.each([
    ['lists in a list', 'lists.range(1000000).map(x, lists.range(1000000))'],
    ['a long list', 'lists.range(100000000)'],
    ['three lists in one another', `${zeros}.map(a, ${zeros}.map(b, ${zeros}.map(c, c)))`],
    ['texts doubled', nested(60, 'v', '"aaaaaaaa"', 'size(v59)')],
    ['lists doubled', nested(40, 'l', '[1]', 'size(l39)')],
    [
      'texts compared',
      'lists.range(2000).map(x, "a").join("").split("").map(x, lists.range(2000).filter(y, y != x.size()))',
    ],
    ['lists sorted', 'lists.range(3000).map(x, string(x)).sortBy(x, x).map(x, lists.range(3000).sort())'],
    [
      'texts replaced',
      `["a"].map(x, x.replace("a", "${'b'.repeat(10_000)}").replace("b", "${'c'.repeat(10_000)}").replace("c", "${'d'.repeat(10_000)}"))`,
    ],
  ])('runs away: %s', (_, text) => {
    const { value, diagnostics } = readPlain(text, NOTHING, place)
    expect(diagnostics).toEqual([])
    const before = cpuMs()
    const outcome = value === undefined ? undefined : evaluator.evaluate(value, { plain: true })
    expect(outcome).toEqual({ error: 'too-costly' })
    expect(cpuMs() - before).toBeLessThan(10_000)
  })

  it.each([
    ['[', `${'['.repeat(5000)}1${']'.repeat(5000)}`],
    ['{', `${'{1:'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['map', `${'[1].map(x, '.repeat(500)}x${')'.repeat(500)}`],
    ['.?', `x${'.?a'.repeat(5000)}`],
    ['[?', `x${'[?0]'.repeat(5000)}`],
    ['-', `${'-'.repeat(5000)}1`],
    ['+', `${'1 + '.repeat(5000)}1`],
  ])('goes too deep: %s', (_, text) => {
    const { diagnostics } = readPlain(text, NOTHING, place)
    expect(diagnostics.map(({ code }) => code)).toEqual(['expr/too-large'])
  })

  it('is written out for a target beyond a bound', () => {
    const text = `${Array.from({ length: 30 }, (_, i) => `cel.bind(v${i}, ${i === 0 ? 'age' : `v${i - 1} + v${i - 1}`}, `).join('')}v29 > 1${')'.repeat(30)}`
    const { value } = readRow(text, rowEnvironment(), place)
    if (value === undefined) throw new Error('not read')
    expect(duckdbSupport(value)).toMatchObject({ supported: false, reason: expect.stringContaining('too large') })
    expect(isError(evaluator.evaluate(value, { row: new Map([['age', 1n]]) }))).toBe(false)
  })
})
