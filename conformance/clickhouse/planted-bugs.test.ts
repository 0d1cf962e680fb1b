import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { INT, STRING } from '../../packages/core/src/expr/type.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import * as ch from '../../packages/core/src/targets/sql/clickhouse/index.ts'
import { binary, unary } from '../../packages/core/src/targets/sql/spelling.ts'
import { identifier, render, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { type ClickhouseTables, clickhouseImplementation } from '../../packages/engine/src/fuzz/clickhouse.ts'
import { createExpressionGenerator } from '../differential/expressions.ts'
import { findDisagreement } from '../differential/find.ts'
import { generateGroup, type Group } from '../differential/group.ts'
import { type ClickhouseEngine, describeWithClickhouse, startClickhouse, storedRow } from './engine.ts'

const fn = (change: Partial<ch.ClickhouseFunctions>): ClickhouseTables => ({
  functions: { ...ch.clickhouseFunctions, ...change },
})
const node = (change: Partial<ch.ClickhouseNodes>): ClickhouseTables => ({
  nodes: { ...ch.clickhouseNodes, ...change },
})

/** Mistakes that people make in ClickHouse, one at a time. */
const bugs: Readonly<Record<string, ClickhouseTables>> = {
  '<= written as <': fn({ le_int: ch.clickhouseFunctions.lt_int }),
  'integers that go round': fn({ add_int: binary((a, b) => sql`(${a} + ${b})`) }),
  'a quotient that is a float': fn({ div_int: binary((a, b) => sql`toInt64(${a} / ${b})`) }),
  'bytes counted': fn({ size_string: unary((s) => sql`toInt64(length(${s}))`) }),
  'places of bytes': fn({ index_of: binary((s, t) => sql`(toInt64(position(${s}, ${t})) - 1)`) }),
  'letters of every language lowered': fn({ lower_ascii: unary((s) => sql`lowerUTF8(${s})`) }),
  'bytes reversed': fn({ reverse: unary((s) => sql`reverse(${s})`) }),
  'halves to even': fn({ round: unary((a) => sql`round(${a})`) }),
  'greatest skips NULL': fn({ greatest_int: binary((a, b) => sql`coalesce(greatest(${a}, ${b}), ${a}, ${b})`) }),
  'months from 1': fn({ get_month: unary((t) => sql`toInt64(toMonth(${t}))`) }),
  'weeks from Monday': fn({ get_day_of_week: unary((t) => sql`toInt64(toDayOfWeek(${t}) - 1)`) }),
  'int and double compared through rounding': fn({
    lt_int_double: binary((a, b) => sql`(toFloat64(${a}) < ${b})`),
    eq_int_double: binary((a, b) => sql`(toFloat64(${a}) = ${b})`),
  }),
  'error in a condition takes the else branch': node({
    conditional: (condition, then, otherwise) => sql`(CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END)`,
  }),
  'and does not keep errors': node({ and: (left, right) => sql`coalesce(${left} AND ${right}, false)` }),
  'missing test inverted': node({ isMissing: (cell, negated) => ch.clickhouseNodes.isMissing(cell, !negated) }),
  'last element of a list forgotten': node({
    inList: (operand, kind, elements) => ch.clickhouseNodes.inList(operand, kind, elements.slice(0, -1)),
  }),
  'unknown code has an empty label': node({
    lookup: (operand, entries) => sql`coalesce(${ch.clickhouseNodes.lookup(operand, entries)}, '')`,
  }),
  'infinity is a number': node({ finite: (number) => number }),
  'elements from 1': fn({ index_list: binary((list, i) => sql`arrayElement(${list}, ${i})`) }),
  'an element of none is the empty one': fn({
    index_list: binary((list, i) => sql`arrayElement(${list}, coalesce(greatest(${i}, 0), 0) + 1)`),
  }),
  'what is missing is sought': fn({ in_list: binary((element, list) => sql`has(${list}, ${element})`) }),
  'an error among elements is false': node({
    decide: (op, truths) => (op === 'exists' ? sql`has(${truths}, true)` : ch.clickhouseNodes.decide(op, truths)),
  }),
  'one that exists beside an error': node({
    decide: (op, truths) =>
      op === 'exists-one' ? sql`(countEqual(${truths}, true) = 1)` : ch.clickhouseNodes.decide(op, truths),
  }),
}

/** Where a text stands behind characters of several bytes: generated texts are found at the beginning, or nowhere. */
function behindOthers({ rows }: Group): Group {
  const sought: Expr = {
    node: 'call',
    type: INT,
    fn: 'index_of',
    args: [
      { node: 'column', type: STRING, name: 's' },
      { node: 'literal', type: STRING, value: 'b' },
    ],
  }
  const texts = ['éb', '😀b', 'b', 'é', '']
  return {
    exprs: [sought],
    rows: rows
      .slice(0, texts.length)
      .map((row, i) => ({ ...row, cells: new Map([...row.cells, ['s', texts[i] ?? '']]) })),
  }
}

describeWithClickhouse('a planted bug is found in ClickHouse', () => {
  let engine: ClickhouseEngine
  const groups: Group[] = []
  beforeAll(() => {
    engine = startClickhouse()
    const random = createRandom('planted', 'clickhouse')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    for (let i = 0; i < 120; i++) {
      const { exprs, rows } = generateGroup(random, generator, distinct)
      groups.push({ exprs: exprs.filter((expr) => ch.clickhouseSupport(expr).supported), rows: rows.map(storedRow) })
    }
    groups.push(...groups.slice(0, 1).map(behindOthers))
  })
  afterAll(() => engine.close())

  it('none is found where none is', async () => {
    const as = { javascript: false, others: [clickhouseImplementation(engine, { folded: 0, filtered: 1 })] } as const
    expect(await findDisagreement(groups.slice(-1), as, () => true)).toBe('not found in 1 expressions')
  })

  const sqlOf = (expr: Expr, tables: ClickhouseTables) =>
    render(ch.compileRow(expr, { ...tables, column: identifier }).value)
  it.each(Object.entries(bugs))('%s', async (_, tables) => {
    const planted = clickhouseImplementation(engine, { folded: 0, filtered: 1, atOnce: 8 }, tables)
    const changed = (expr: Expr) => sqlOf(expr, tables) !== sqlOf(expr, {})
    expect(await findDisagreement(groups, { javascript: false, others: [planted] }, changed)).toBeTypeOf('object')
  })
})
