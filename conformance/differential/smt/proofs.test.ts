import { afterAll, describe, expect, it } from 'vitest'
import { satisfiable } from '../../../packages/core/src/deep/index.ts'
import { readRow } from '../../../packages/core/src/expr/index.ts'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import type { RelationInfo } from '../../../packages/core/src/expr/environment.ts'
import type { ColumnType, Type } from '../../../packages/core/src/expr/type.ts'
import type { Demand, SmtColumn } from '../../../packages/core/src/targets/smt/index.ts'
import { createSolver } from '../../../packages/solver/src/index.ts'

const solver = createSolver()
afterAll(() => solver.close())

const column = (name: string, columnType: ColumnType, kind: Type['kind']) => ({
  name,
  columnType,
  type: { kind } as Type,
  optional: true,
})
const declared = [
  column('a', 'integer', 'int'),
  column('b', 'integer', 'int'),
  column('x', 'number', 'double'),
  column('y', 'number', 'double'),
  column('s', 'text', 'string'),
  column('t', 'text', 'string'),
  column('p', 'boolean', 'bool'),
  column('at', 'timestamp', 'timestamp'),
]
const columns = new Map(declared.map((each) => [each.name, each]))
const relation: RelationInfo = { name: 'rows', kind: 'data', columns }

function read(text: string): Expr {
  const span = (start: number, end: number) => ({ file: 'test', start, end })
  const { value, diagnostics } = readRow(text, { scope: 'row', relation }, { span })
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return value
}

const answer = (demands: readonly Partial<Demand>[], domain: ReadonlyMap<string, SmtColumn> = columns) =>
  satisfiable(
    demands.map((each, i) => ({ name: `d${i}`, expr: read('true'), missing: 'fail', holds: true, ...each })),
    domain,
    { solver, limits: { milliseconds: 100_000 }, cores: true },
  )

describe('no row makes it true', () => {
  it.each([
    'a < b && b < a',
    'a + b != b + a',
    'x + y != y + x',
    'x * y != y * x',
    'x + 0.0 != x',
    'x * 2.0 / 2.0 > 0.0 && x < 0.0',
    'x >= 1.0 && x + y < y',
    'x > y && x - y <= 0.0',
    'x >= 0.0 && y >= 0.0 && x + y < x',
    'math.isInf(x + y)',
    'x > 0.1 && x < 0.10000000000000002',
    'a / 7 * 7 + a % 7 != a',
    'a > 9223372036854775806 && a + 1 > 0',
    'math.abs(a) < 0',
    '!has(x) && x > 0.0',
    '!has(x) && (x > 0.0 || x <= 0.0)',
    'int(x) > 3 && x < 4.0',
    'math.floor(x) > x',
    's < t && t < s',
    's.startsWith("ab") && size(s) < 2',
    's.matches("^[a-c]+$") && s.contains("d")',
    's.matches("^\\\\d{3}$") && size(s) != 3',
    's.lowerAscii().contains("A")',
    's.trim().startsWith(" ")',
    'string(a) == "07"',
    'at.getMinutes() > 59',
    'at.getHours() > 23',
    'at > timestamp("2024-03-01T00:00:00Z") && at.getFullYear() < 2024',
    'p && !p',
  ])('%s', async (text) => {
    expect(await answer([{ expr: read(text) }])).toMatchObject({ kind: 'unsatisfiable' })
  })
})

describe('a row makes it true, confirmed by the reference evaluator', () => {
  it.each([
    '!(a + 1 > a) || a > 5',
    'x + 1.0 == x',
    'x > 0.1 && x < 0.10000000000000004',
    's.matches("\\\\bab\\\\b") && size(s) > 3',
    'x + y == 0.3 && x > 0.1 && y > 0.1',
    'math.isInf(x) && y < x',
    '9007199254740993 == a && double(a) == 9007199254740992.0',
    's < t && t.startsWith("\\U0010FFFF")',
    's.matches("^[A-Z]{2}[0-9]{2}$") && s > "X"',
    'at.getDayOfWeek() == 0 && at.getHours() == 23',
    'int(s) == -12',
    's.lowerAscii() == "zoë" && s.endsWith("ë")',
    '!has(x) || x > 1.0',
  ])('%s', async (text) => {
    expect(await answer([{ expr: read(text) }])).toMatchObject({ kind: 'satisfiable' })
  })
})

it('missing cells follow the policy of each condition', async () => {
  const missing: Partial<Demand> = { expr: read('x == null') }
  const positive = read('x > 0.0')
  expect(await answer([missing, { expr: positive }])).toMatchObject({ kind: 'unsatisfiable', core: ['d0', 'd1'] })
  expect(await answer([missing, { expr: positive, missing: 'exclude' }])).toMatchObject({ kind: 'satisfiable' })
  expect(await answer([missing, { expr: positive, holds: false }])).toMatchObject({ kind: 'satisfiable' })
})

it('a condition within a slice asks nothing of the rows outside of it', async () => {
  const young: Partial<Demand> = { expr: read('a < 0'), within: read('b < 25') }
  expect(await answer([young, { expr: read('a > 0') }])).toMatchObject({ kind: 'satisfiable' })
  expect(await answer([young, { expr: read('a > 0') }, { expr: read('b == 3') }])).toMatchObject({
    kind: 'unsatisfiable',
    core: ['d0', 'd1', 'd2'],
  })
})

it('what is taken for granted of a column is not left, and not blamed', async () => {
  const domain = new Map<string, SmtColumn>([
    ...columns,
    ['x', { name: 'x', type: { kind: 'double' }, optional: false, low: 0, high: 1 }],
    ['a', { name: 'a', type: { kind: 'int' }, optional: false, values: [{ code: 1 }, { code: 2 }] }],
  ])
  expect(await answer([{ expr: read('x == null') }], domain)).toMatchObject({ kind: 'unsatisfiable', core: ['d0'] })
  expect(await answer([{ expr: read('x > 1.0') }, { expr: read('p') }], domain)).toMatchObject({
    kind: 'unsatisfiable',
    core: ['d0'],
  })
  expect(await answer([{ expr: read('a > 2') }], domain)).toMatchObject({ kind: 'unsatisfiable' })
  const found = await answer([{ expr: read('a > 1 && x > 0.5') }], domain)
  expect(found.kind === 'satisfiable' && found.row.get('a')).toBe(2n)
})
