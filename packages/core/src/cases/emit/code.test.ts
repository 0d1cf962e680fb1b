import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compile } from '../../compile.ts'
import { evaluate } from '../../expr/evaluate/evaluate.ts'
import type { Expr } from '../../expr/expr.ts'
import { isError, type RecordValue, type Value } from '../../expr/value.ts'
import { createRandom } from '../../stats/prng.ts'
import type { CaseCell } from '../case.ts'
import { JAVASCRIPT, PYTHON, printCode } from './code.ts'
import { JAVASCRIPT_RUNTIME } from './javascript-runtime.ts'
import { PYTHON_RUNTIME } from './python-runtime.ts'

/** Conditions over `i j` (integers), `x y` (numbers), `s t` (texts), `b` (boolean), `w` (a moment), `c` (a category). */
const CONDITIONS = [
  'i < j',
  'i + j * 2 - 3 <= 10',
  'i / j == 2',
  'i % j != 1',
  '-i > j',
  'i < x',
  'x >= double(j)',
  'x + y > 1.5',
  'x * y <= 1e300',
  'x / y > 0.0 || y == 0.0',
  'x - y != 0.1 && x < y',
  '-x >= y',
  's < t',
  's + t == "ab"',
  's.contains("a") || t.startsWith("b") && !s.endsWith("z")',
  's.size() >= 2',
  'b == (i > 0)',
  'b ? x > 0.0 : y > 0.0',
  'has(x) && has(y) && x > y',
  's == null || t != null',
  'i in [1, 2, 3] || s in ["a", "ü"]',
  'c in [1, 2]',
  'w > timestamp("2026-01-01T00:00:00Z")',
  '!(i > 0 && x > 0.0) || b',
  'i > 0 || j / i > 1',
  'math.abs(x) > math.abs(y)',
  'math.sign(x) == 1.0 || math.sign(i) == -1',
  'math.sqrt(x) < 1.5',
  'math.sqrt(i) >= math.sqrt(x)',
  'math.round(x) == math.trunc(x)',
  'math.floor(x) < math.ceil(y)',
  'math.least(x, y, 1.0) > -1.0 && math.greatest(i, j) < 12',
  'int(x) >= i || int(i) == j',
  'int(x) / j == 0',
  'i * 1_048_576 + j > 0 && i * i * j != 12',
  '(i * 1_048_576) % 7 == j || int(x) == i * 4096',
  'string(i) == "12" || string(int(x)) == "9007199254740991" || string(s) == "a"',
  's.lowerAscii() == t.upperAscii() || s.upperAscii() == "ÜA"',
  'w.getFullYear() == 1970 || w.getFullYear() == 2026 && w.getMonth() == 0 && w.getDate() == 1',
  'w.getDayOfWeek() == 4 || w.getDayOfMonth() == 1 || w.getDayOfWeek() == 6',
  'w.getHours() == 23 && w.getMinutes() == 59 || w.getSeconds() == 0',
]

const program = (() => {
  const clauses = CONDITIONS.map((each, i) => `  c${i}: { says: a, of: rows, every: ${JSON.stringify(each)} }`)
  const text = `plumbline: 1
system: { name: rows, version: 0.1.0 }
data:
  rows:
    source: rows.csv
    columns:
      i: { type: integer, optional: true }
      j: { type: integer, optional: true }
      x: { type: number, optional: true }
      y: { type: number, optional: true }
      s: { type: text, optional: true }
      t: { type: text, optional: true }
      b: { type: boolean, optional: true }
      w: { type: timestamp, optional: true }
      c: { type: category, values: [1, 2, 5] }
clauses:
${clauses.join('\n')}
`
  return compile({ main: { path: 'plumb.yaml', text }, others: [] })
})()

const exprs: readonly (readonly [string, Expr])[] = CONDITIONS.map((text, i) => {
  const clause = program.value?.clauses.find(({ id }) => id === `c${i}`)
  if (clause?.form !== 'every' || clause.condition.kind !== 'expr')
    throw new Error(`${text}: ${JSON.stringify(program.diagnostics)}`)
  return [text, clause.condition.expr]
})

const NUMBERS = [null, 0, 1, -1, 2, 3, 0.1, -2.5, 0.5, 0.49999999999999994, 1e18, 1e300, 9007199254740991]
const WHOLE = [null, 0, 1, -1, 2, 3, -7, 12, 2 ** 40]
const TEXTS = [null, '', 'a', 'A', 'b', 'aB', 'ab', 'üa', 'ü', 'z', '\u{1F600}', '￿']

/** Rows of interesting cells. */
const ROWS: readonly Readonly<Record<string, CaseCell>>[] = (() => {
  const random = createRandom('rows', 'test')
  const of = <T>(values: readonly T[]): T => values[random.int(values.length)] as T
  return Array.from({ length: 400 }, () => ({
    i: of(WHOLE),
    j: of(WHOLE),
    x: of(NUMBERS),
    y: of(NUMBERS),
    s: of(TEXTS),
    t: of(TEXTS),
    b: of([null, true, false]),
    w: of([null, 0, -1, 951_825_599_999_999, 1_767_225_600_000_000, 1_767_225_600_000_001]),
    c: of([1, 2, 5]),
  }))
})()

const recordOf = (row: Readonly<Record<string, CaseCell>>): RecordValue =>
  new Map(
    Object.entries(row).map(([name, cell]): [string, Value | null] => {
      if (cell === null) return [name, null]
      if (name === 'w') return [name, { timestamp: BigInt(cell) }]
      return [name, ['i', 'j', 'c'].includes(name) ? BigInt(cell) : cell]
    }),
  )

/** What the reference says: a truth value, or why there is none. */
const EXPECTED = exprs.map(([, expr]) =>
  ROWS.map((row) => {
    const value = evaluate(expr, { row: recordOf(row) })
    return isError(value) ? (value.error === 'missing' ? 'missing' : 'error') : value
  }),
)

function printed(expr: Expr, syntax: typeof PYTHON): string {
  const found = printCode(expr, syntax)
  if ('why' in found) throw new Error(found.why)
  return found.code
}

describe('printed conditions', () => {
  it('end on these rows in true, false, missing cells and other errors', () => {
    const seen = new Set(EXPECTED.flat())
    expect(seen).toEqual(new Set([true, false, 'missing', 'error']))
  })

  it('mean in JavaScript what the reference evaluator says', () => {
    for (const [i, [text, expr]] of exprs.entries()) {
      const code = `${JAVASCRIPT_RUNTIME}
return (row) => { try { return ${printed(expr, JAVASCRIPT)} } catch (error) { return error.missing ? 'missing' : error instanceof NoValue ? 'error' : error } }`
      // oxlint-disable-next-line no-implied-eval -- running what is printed is the test.
      const judge = new Function(code)() as (row: unknown) => unknown
      for (const [r, row] of ROWS.entries())
        expect(judge(row), `${text} on ${JSON.stringify(row)}`).toBe(EXPECTED[i]?.[r])
    }
  })

  const there = spawnSync('python3', ['--version']).status === 0
  it.skipIf(!there)(`mean in Python what the reference evaluator says${there ? '' : ' (skipped: no python3)'}`, () => {
    const conditions = exprs.map(([, expr]) => `lambda row: ${printed(expr, PYTHON)}`).join(',\n    ')
    const script = `import datetime, json, math, sys
${PYTHON_RUNTIME}
def outcome(condition, row):
    try:
        return condition(row)
    except NoValue as error:
        return "missing" if error.missing else "error"
conditions = [
    ${conditions}
]
rows = json.load(sys.stdin)
print(json.dumps([[outcome(condition, row) for row in rows] for condition in conditions]))
`
    const done = spawnSync('python3', ['-c', script], { input: JSON.stringify(ROWS), encoding: 'utf8' })
    expect(done.stderr).toBe('')
    const found = JSON.parse(done.stdout) as readonly (readonly unknown[])[]
    for (const [i, [text]] of exprs.entries())
      for (const [r, row] of ROWS.entries())
        expect(found[i]?.[r], `${text} on ${JSON.stringify(row)}`).toBe(EXPECTED[i]?.[r])
  })

  it('are refused where there is no equal', () => {
    const matches: Expr = {
      node: 'matches',
      type: { kind: 'bool' },
      operand: { node: 'column', type: { kind: 'string' }, name: 's' },
      pattern: 'a+',
    }
    expect(printCode(matches, PYTHON)).toEqual({ why: expect.stringContaining('RE2') as string })
    const large: Expr = { node: 'literal', type: { kind: 'int' }, value: '9007199254740993' }
    expect(printCode(large, JAVASCRIPT)).toEqual({ why: expect.stringContaining('2^53') as string })
  })

  it('hold names and texts of the spec as strings, whatever is in them', () => {
    const name = '"); process.exit() //'
    const expr: Expr = { node: 'column', type: { kind: 'string' }, name }
    expect(printCode(expr, JAVASCRIPT)).toEqual({ code: `cell(row, ${JSON.stringify(name)})` })
  })
})
