import type { Column, Expr, Literal } from '../expr.ts'
import { cellFunctions, type RowFunction, type RowFunctionName } from '../functions/row-functions.ts'
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../time.ts'
import { BOOL, type ScalarKind, STRING } from '../type.ts'
import type { RecordValue, Value } from '../value.ts'
import { accountColumns } from './accounts.ts'
import type { Random } from './random.ts'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const table = Object.entries(cellFunctions) as unknown as readonly (readonly [RowFunctionName, RowFunction])[]
const TEXTS = [
  '',
  'a',
  'abc',
  'ABC xyz',
  'Zoë',
  '😀',
  '\uffff',
  '12',
  '-7',
  '+5',
  '1e5',
  '0.1',
  '"quoted"',
  "o'clock",
  'a\\b\n',
  'İ',
  '9223372036854775808',
]
const PATTERNS = ['^a', 'b+c?$', '[0-9]{2,}', '(?i)zoë', '^(a+)+$', '.', '\\pL', '^$']
const KINDS: readonly ScalarKind[] = ['bool', 'int', 'double', 'string', 'timestamp', 'duration']

function intOf(random: Random): bigint {
  return random.pick([
    () => random.bigint(INT64_MIN, INT64_MAX),
    () => random.bigint(-9n, 9n),
    () => random.bigint(-9n, 9n),
    () => random.pick([INT64_MIN, INT64_MAX, 2n ** 53n + 1n]),
  ])()
}

function doubleOf(random: Random): number {
  return random.pick([
    () => random.below(19) - 9,
    () => (random.below(2 ** 30) - 2 ** 29) / 1024,
    () => (random.below(2 ** 30) - 2 ** 29) * 10 ** (random.below(560) - 280),
    () => random.pick([0.5, -1.5, 2 ** 53, 2 ** 63, 5e-324, 1.7976931348623157e308]),
  ])()
}

function textOf(random: Random): string {
  const letters = ['a', 'b', 'c', 'Z', '0', '7', ' ', 'ë', '😀', '\u0000', '"', '\\']
  return random.below(2) === 0
    ? random.pick(TEXTS)
    : Array.from({ length: random.below(6) }, () => random.pick(letters)).join('')
}

const timestampOf = (random: Random): bigint =>
  random.below(3) === 0 ? random.bigint(MIN_TIMESTAMP, MAX_TIMESTAMP) : random.bigint(-(10n ** 15n), 2n * 10n ** 15n)
const durationOf = (random: Random): bigint =>
  random.below(8) === 0 ? random.pick([0n, INT64_MAX, INT64_MIN]) : random.bigint(-(10n ** 13n), 10n ** 13n)

/** A literal of a kind, encoded as the tree keeps it. `-0.0` has no literal of its own. */
export function literalOf(random: Random, kind: ScalarKind): Literal {
  const make = (value: Literal['value']): Literal => ({ node: 'literal', type: { kind }, value })
  switch (kind) {
    case 'bool':
      return make(random.below(2) === 0)
    case 'int':
      return make(String(intOf(random)))
    case 'double': {
      const value = doubleOf(random)
      return make(value === 0 ? 0 : value)
    }
    case 'string':
      return make(textOf(random))
    case 'timestamp':
      return make(String(timestampOf(random)))
    case 'duration':
      return make(String(durationOf(random)))
  }
}

/** A cell of a kind, hostile ones included; null and NaN are missing. */
export function cellOf(random: Random, kind: ScalarKind): Value | null {
  if (random.below(8) === 0) return null
  switch (kind) {
    case 'bool':
      return random.below(2) === 0
    case 'int':
      return intOf(random)
    case 'double':
      return random.below(4) === 0 ? random.pick([NaN, Infinity, -Infinity, -0]) : doubleOf(random)
    case 'string':
      return textOf(random)
    case 'timestamp':
      return { timestamp: timestampOf(random) }
    case 'duration':
      return { duration: durationOf(random) }
  }
}

/** A row of the example's columns. */
export function rowOf(random: Random): RecordValue {
  return new Map(
    accountColumns.map((column) => {
      const codes = column.values?.map(({ code }) => (typeof code === 'number' ? BigInt(code) : code))
      return [
        column.name,
        codes === undefined ? cellOf(random, column.type.kind as ScalarKind) : random.pick([...codes, null]),
      ] as const
    }),
  )
}

/** A typed tree of a kind over the example's columns, as the type-checker would make it: every tree is legal. */
export function exprOf(random: Random, kind: ScalarKind, depth = 3): Expr {
  if (depth <= 0 || random.below(5) === 0) return leafOf(random, kind)
  const calls = table.filter(([, row]) => row.result.kind === kind)
  const choice = random.below(calls.length + (kind === 'bool' ? 14 : 2))
  const call = calls[choice]
  if (call !== undefined) return callOf(random, call[0], call[1], depth)
  if (kind !== 'bool') return kind === 'string' && random.below(3) === 0 ? label() : conditional(random, kind, depth)
  const makers: readonly ((random: Random, depth: number) => Expr)[] = [
    logic,
    logic,
    logic,
    missing,
    inList,
    matches,
    ofCategory,
    (r, d) => conditional(r, 'bool', d),
  ]
  return random.pick(makers)(random, depth)
}

function leafOf(random: Random, kind: ScalarKind): Expr {
  const fitting = accountColumns.filter((c) => c.type.kind === kind && c.columnType !== 'category')
  if (fitting.length === 0 || random.below(3) === 0) return literalOf(random, kind)
  const column = random.pick(fitting)
  return { node: 'column', name: column.name, type: column.type }
}

function callOf(random: Random, fn: RowFunctionName, row: RowFunction, depth: number): Expr {
  for (;;) {
    const args = row.args.map((type) => exprOf(random, type.kind as ScalarKind, depth - 1))
    if (isCanonical(fn, row, args)) return { node: 'call', fn, args, type: row.result }
  }
}

/** False for what the checker would have made otherwise: folded signs, int literals beside doubles, zero divisors. */
function isCanonical(fn: RowFunctionName, row: RowFunction, args: readonly Expr[]): boolean {
  const isLiteral = (expr: Expr | undefined, kind: string): boolean =>
    expr?.node === 'literal' && expr.type.kind === kind
  if (fn === 'neg_int' || fn === 'neg_double') return !isLiteral(args[0], 'int') && !isLiteral(args[0], 'double')
  const kinds = row.args.map((type) => type.kind)
  if (kinds.includes('int') && kinds.includes('double') && args.some((arg) => isLiteral(arg, 'int'))) return false
  // Labels are compared with declared labels only.
  if (args.some((arg) => arg.node === 'lookup') && args.some((arg) => arg.node === 'literal')) return false
  const divisor = args[1]
  const divides = row.syntax.name === '/' || row.syntax.name === '%'
  return !(divides && divisor?.node === 'literal' && Number(divisor.value) === 0)
}

function conditional(random: Random, kind: ScalarKind, depth: number): Expr {
  const args = [
    exprOf(random, 'bool', depth - 1),
    exprOf(random, kind, depth - 1),
    exprOf(random, kind, depth - 1),
  ] as const
  return { node: 'conditional', args, type: { kind } }
}

function logic(random: Random, depth: number): Expr {
  return {
    node: random.pick(['and', 'or']),
    args: [exprOf(random, 'bool', depth - 1), exprOf(random, 'bool', depth - 1)],
    type: BOOL,
  }
}

function missing(random: Random): Expr {
  const { name, type } = random.pick(accountColumns)
  return { node: 'is-missing', operand: { node: 'column', name, type }, negated: random.below(2) === 0, type: BOOL }
}

function inList(random: Random, depth: number): Expr {
  const kind = random.pick(KINDS)
  const operand = exprOf(random, kind, depth - 1)
  const elements =
    operand.node === 'lookup' ? [] : Array.from({ length: random.below(4) }, () => literalOf(random, kind))
  return { node: 'in-list', operand, elements, type: BOOL }
}

function matches(random: Random, depth: number): Expr {
  return { node: 'matches', operand: exprOf(random, 'string', depth - 1), pattern: random.pick(PATTERNS), type: BOOL }
}

const sex: Column = { node: 'column', name: 'sex', type: { kind: 'int', category: true } }
const code = (value: string): Literal => ({ node: 'literal', type: { kind: 'int' }, value })

function ofCategory(random: Random): Expr {
  return {
    node: 'call',
    fn: random.pick<RowFunctionName>(['eq_int', 'ne_int']),
    args: [sex, code(random.pick(['1', '2']))],
    type: BOOL,
  }
}

function label(): Expr {
  return {
    node: 'lookup',
    operand: sex,
    entries: [
      { key: code('1'), value: 'male' },
      { key: code('2'), value: 'female' },
    ],
    type: STRING,
  }
}
