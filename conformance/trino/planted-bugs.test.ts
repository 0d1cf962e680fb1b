import { beforeAll, expect, it } from 'vitest'
import type { ColumnInfo } from '../../packages/core/src/expr/environment.ts'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import type { ScalarKind, Type } from '../../packages/core/src/expr/type.ts'
import type { RecordValue, Value } from '../../packages/core/src/expr/value.ts'
import { compare } from '../../packages/core/src/fuzz/compare.ts'
import type { RowColumn } from '../../packages/core/src/fuzz/implementation.ts'
import { binary, float, repeating, unary } from '../../packages/core/src/targets/sql/spelling.ts'
import { identifier, render, sql } from '../../packages/core/src/targets/sql/sql.ts'
import * as tr from '../../packages/core/src/targets/sql/trino/index.ts'
import { type TrinoConnection, trinoImplementation, type TrinoTables } from '../../packages/engine/src/fuzz/trino.ts'
import { rowExpr } from '../../packages/engine/src/testing/program-builder.ts'
import { connectTrino } from './client.ts'
import { describeWithServer } from './with-server.ts'

// Random expressions would find these, too, and take an hour of planning: each mistake is asked of one that can tell.

const fn = (change: Partial<tr.TrinoFunctions>): TrinoTables => ({ functions: { ...tr.trinoFunctions, ...change } })
const node = (change: Partial<tr.TrinoNodes>): TrinoTables => ({ nodes: { ...tr.trinoNodes, ...change } })

/** Mistakes that people make in Trino, one at a time, each with an expression that tells. */
const bugs: Readonly<Record<string, readonly [asked: string, tables: TrinoTables]>> = {
  '<= written as <': ['a <= b', fn({ le_int: tr.trinoFunctions.lt_int })],
  'overflow not guarded': ['a + b > 0', fn({ add_int: binary((a, b) => sql`(${a} + ${b})`) })],
  'the quotient of -2^63 and -1': ['a / b > 0', fn({ div_int: binary((a, b) => sql`(${a} / nullif(${b}, 0))`) })],
  'remainder with the sign of the divisor': [
    'a % b >= 0',
    fn({
      mod_int: binary((a, b) => sql`try((${a} % ${b} + ${b}) % ${b})`),
    }),
  ],
  'int and double compared through rounding': [
    'a < x || a == x',
    fn({
      lt_int_double: binary((a, b) => sql`(${a} < ${b})`),
      le_int_double: binary((a, b) => sql`(${a} <= ${b})`),
      eq_int_double: binary((a, b) => sql`(${a} = ${b})`),
    }),
  ],
  'a divisor that arithmetic made infinite': [
    '1.0 / (x * x) < 1.0',
    fn({ div_double: float((a, b) => sql`(${a.sql} / ${b.sql})`) }),
  ],
  'halves rounded up': ['math.round(x) == 0.0', fn({ round: float((a) => sql`floor(${a.sql} + 0.5e0)`) })],
  'conversion rounds': ['int(x) == 0', fn({ int_of_double: unary((d) => sql`try(CAST(${d} AS BIGINT))`) })],
  'conversion takes spaces': ['int(s) == 7', fn({ int_of_string: unary((s) => sql`try_cast(trim(${s}) AS BIGINT)`) })],
  'a double by way of real': [
    'double(a) == 16777217.0',
    fn({ double_of_int: unary((a) => sql`CAST(CAST(${a} AS REAL) AS DOUBLE)`) }),
  ],
  'letters of every language lowered': ["s.lowerAscii() == 'é'", fn({ lower_ascii: unary((s) => sql`lower(${s})`) })],
  'bytes counted': ['size(s) == 1', fn({ size_string: unary((s) => sql`length(to_utf8(${s}))`) })],
  'an end as a pattern': ['s.endsWith(t)', fn({ ends_with: binary((s, t) => sql`(${s} LIKE concat('%', ${t}))`) })],
  'a part as a pattern': ['s.contains(t)', fn({ contains: binary((s, t) => sql`(${s} LIKE concat('%', ${t}, '%'))`) })],
  'greatest skips NULL': [
    'math.greatest(a, b) > 0',
    fn({
      greatest_int: repeating((a, b) => sql`coalesce(greatest(${a.sql}, ${b.sql}), ${a.sql}, ${b.sql})`),
    }),
  ],
  'months from 1': ['at.getMonth() == 1', fn({ get_month: unary((t) => sql`month(${t})`) })],
  'Sunday is 7': ['at.getDayOfWeek() == 0', fn({ get_day_of_week: unary((t) => sql`day_of_week(${t})`) })],
  'seconds rounded': ['int(at) == 0', fn({ int_of_timestamp: unary((t) => sql`CAST(to_unixtime(${t}) AS BIGINT)`) })],
  'elements from 1': [
    'tags[0] == 1',
    fn({ index_list: repeating((list, i) => sql`try(element_at(${list.sql}, ${i.sql}))`) }),
  ],
  'error in a condition takes the else branch': [
    '(a / b > 0 ? flag : s == s)',
    node({
      conditional: (c, a, b) => sql`(CASE WHEN ${c} THEN ${a} ELSE ${b} END)`,
    }),
  ],
  'and does not keep errors': ['flag && a < 100', node({ and: (l, r) => sql`coalesce(${l} AND ${r}, false)` })],
  'or absorbs nothing': [
    'flag || a < 100',
    node({ or: (l, r) => sql`(CASE WHEN ${l} IS NOT NULL THEN ${l} OR ${r} END)` }),
  ],
  'missing test inverted': [
    'a == null',
    node({ isMissing: (cell, negated) => tr.trinoNodes.isMissing(cell, !negated) }),
  ],
  'last element of a list forgotten': [
    'a in [1, 2, 5]',
    node({
      inList: (operand, kind, elements) => tr.trinoNodes.inList(operand, kind, elements.slice(0, -1)),
    }),
  ],
  'unknown code has an empty label': [
    "label(code) == ''",
    node({
      lookup: (operand, entries) => sql`coalesce(${tr.trinoNodes.lookup(operand, entries)}, '')`,
    }),
  ],
  'non-finite results are values': ['x * x > 1.0', node({ finite: (number) => number })],
  'all of none is unknown': [
    'tags.all(e, e > 0)',
    node({
      decide: (op, truths) =>
        op === 'all'
          ? sql`(CASE WHEN cardinality(${truths}) > 0 THEN all_match(${truths}, "one" -> "one") END)`
          : tr.trinoNodes.decide(op, truths),
    }),
  ],
  'one that exists beside an error': [
    'tags.exists_one(e, 10 / e == 10)',
    node({
      decide: (op, truths) =>
        op === 'exists-one'
          ? sql`(cardinality(filter(${truths}, "one" -> "one")) = 1)`
          : tr.trinoNodes.decide(op, truths),
    }),
  ],
}

const INT: Type = { kind: 'int' }
const TYPES: Readonly<Record<string, Type>> = {
  a: INT,
  b: INT,
  x: { kind: 'double' },
  s: { kind: 'string' },
  t: { kind: 'string' },
  at: { kind: 'timestamp' },
  flag: { kind: 'bool' },
  tags: { kind: 'list', element: { kind: 'int' } },
  code: { kind: 'int', category: true },
}
const infos = Object.entries(TYPES).map(
  ([name, type]): ColumnInfo => ({
    name,
    type,
    optional: true,
    columnType: name === 'code' ? 'category' : type.kind === 'list' ? 'list' : 'text',
    ...(name === 'code' ? { values: [{ code: 1, label: 'one' }] } : {}),
  }),
)
const columns: readonly RowColumn[] = Object.entries(TYPES).map(([name, type]) =>
  type.kind === 'list'
    ? { name, kind: type.element.kind as ScalarKind, list: true }
    : { name, kind: type.kind as ScalarKind },
)

const DAY = 86_400_000_000n
const row = (cells: Readonly<Record<string, Value | null>>): RecordValue => new Map(Object.entries(cells))
const rows: readonly RecordValue[] = [
  // A Thursday, a Sunday in February, before 1970.
  row({
    a: 5n,
    b: 5n,
    x: 0.5,
    s: 'É',
    t: '',
    at: { timestamp: 700_000n },
    flag: true,
    tags: { list: [1n, 2n] },
    code: 1n,
  }),
  row({
    a: 2n ** 63n - 1n,
    b: 1n,
    x: 1e200,
    s: 'ab',
    t: 'b',
    at: { timestamp: 31n * DAY },
    flag: false,
    tags: { list: [] },
    code: 2n,
  }),
  row({
    a: -(2n ** 63n),
    b: -1n,
    x: -0.5,
    s: ' 7',
    t: '_',
    at: { timestamp: -1n },
    flag: null,
    tags: { list: [1n, 0n] },
    code: null,
  }),
  row({
    a: 2n ** 53n + 1n,
    b: 0n,
    x: 2 ** 53,
    s: '',
    t: '%',
    at: { timestamp: 3n * DAY },
    flag: true,
    tags: null,
    code: 1n,
  }),
  row({ a: 16_777_217n, b: null, x: 0.7, s: '😀', t: '😀', at: null, flag: null, tags: { list: [2n, 1n] }, code: 9n }),
  row({
    a: -7n,
    b: 3n,
    x: null,
    s: 'a',
    t: 'A',
    at: { timestamp: 59n * DAY },
    flag: null,
    tags: { list: [5n] },
    code: 1n,
  }),
  row({
    a: null,
    b: 3n,
    x: -1.5,
    s: null,
    t: 'x',
    at: { timestamp: 1_500_000n },
    flag: false,
    tags: { list: [0n] },
    code: 1n,
  }),
]

describeWithServer('a planted bug is found in Trino', (address) => {
  let trino: TrinoConnection
  beforeAll(async () => {
    trino = await connectTrino(address)
  })
  const relation = { name: 'r', kind: 'data', columns: new Map(infos.map((info) => [info.name, info])) } as const
  const asked = async (exprs: readonly Expr[], tables: TrinoTables) => {
    const implementation = trinoImplementation(trino, { folded: 0, filtered: 0, atOnce: 6 }, tables)
    return (await compare({ columns, exprs, rows }, [implementation])).disagreements
  }

  it('none is found where none is', { timeout: 120_000 }, async () => {
    const exprs = Object.values(bugs).map(([text]) => rowExpr(text, relation))
    expect(exprs.filter((expr) => !tr.trinoSupport(expr).supported)).toEqual([])
    expect(await asked(exprs, {})).toEqual([])
  })

  const sqlOf = (expr: Expr, tables: TrinoTables) =>
    render(tr.compileRow(expr, { ...tables, column: identifier }).value)
  it.each(Object.entries(bugs))('%s', { timeout: 120_000 }, async (_, [text, tables]) => {
    const expr = rowExpr(text, relation)
    expect(sqlOf(expr, tables)).not.toBe(sqlOf(expr, {}))
    expect(await asked([expr], tables)).not.toEqual([])
  })
})
