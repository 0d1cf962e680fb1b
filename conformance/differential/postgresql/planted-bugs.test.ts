import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { simple as one } from '../../../packages/core/src/targets/sql/spelling.ts'
import * as pg from '../../../packages/core/src/targets/sql/postgresql/index.ts'
import { multiplyFloats } from '../../../packages/core/src/targets/sql/postgresql/floats.ts'
import { identifier, render, type Sql, sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { createExpressionGenerator } from '../expressions.ts'
import { findDisagreement } from '../find.ts'
import { generateGroup, type Group } from '../group.ts'
import { edgeGroups } from './edges.ts'
import { heldExpr, heldRow } from './held.ts'
import { openPostgresql, type PostgresqlRunner } from './runner.ts'
import { describeWithServer } from './with-server.ts'

type Tables = Pick<pg.PostgresqlOptions, 'functions' | 'nodes'>

const fn = (change: Partial<pg.PostgresqlFunctions>): Tables => ({
  functions: { ...pg.postgresqlFunctions, ...change },
})
const node = (change: Partial<pg.PostgresqlNodes>): Tables => ({ nodes: { ...pg.postgresqlNodes, ...change } })
const unary = (write: (a: Sql) => Sql) => one((a) => write(a.sql))
const binary = (write: (a: Sql, b: Sql) => Sql) => pg.repeating((a, b) => write(a.sql, b.sql))
const texts = (written: (a: Sql, b: Sql, op: Sql) => Sql): Partial<pg.PostgresqlFunctions> => {
  const op = (name: Sql) => binary((a, b) => written(a, b, name))
  return { lt_string: op(sql`<`), le_string: op(sql`<=`), gt_string: op(sql`>`), ge_string: op(sql`>=`) }
}
const double = pg.doubleLiteral
const int64 = sql`bigint '-9223372036854775808'`

/** The product, with another condition for a small one not being 0. */
const product = (nonzero: Sql): Tables =>
  fn({
    mul_double: binary(
      (a, b) =>
        sql`(CASE WHEN ${multiplyFloats(a, b)} <> ${double(0)} OR ${a} = ${double(0)} OR ${b} = ${double(0)} THEN ${multiplyFloats(a, b)} ELSE (SELECT CASE WHEN ${nonzero} THEN ${double(5e-324)} * sign(p.a) * sign(p.b) ELSE ${double(0)} END FROM (SELECT ${a} AS a, ${b} AS b OFFSET 0) AS p, LATERAL (SELECT least(abs(p.a), abs(p.b)) * ${double(2 ** 500)} AS l, least(greatest(abs(p.a), abs(p.b), ${double(2 ** -538)}), ${double(1)}) * ${double(2 ** 500)} AS h) AS q) END)`,
    ),
  })

/** Mistakes that people make in PostgreSQL, one at a time. */
const bugs: Readonly<Record<string, Tables>> = {
  '<= written as <': fn({ le_int: pg.postgresqlFunctions.lt_int }),
  'texts in the order of the database': fn(texts((a, b, op) => sql`(${a} ${op} ${b})`)),
  'lower case in the language of the database': fn({ lower_ascii: unary((s) => sql`lower(${s})`) }),
  'bytes counted': fn({ size_string: unary((s) => sql`CAST(octet_length(${s}) AS bigint)`) }),
  'the width of size': fn({ size_string: unary((s) => sql`char_length(${s})`) }),
  'an end as a pattern': fn({ ends_with: binary((s, t) => sql`(${s} LIKE '%' || ${t})`) }),
  'a beginning as a pattern': fn({ starts_with: binary((s, t) => sql`(${s} LIKE ${t} || '%')`) }),
  'int and double compared through rounding': fn({
    lt_int_double: binary((a, b) => sql`(${a} < ${b})`),
    le_int_double: binary((a, b) => sql`(${a} <= ${b})`),
    eq_int_double: binary((a, b) => sql`(${a} = ${b})`),
  }),
  'int and double compared as decimals of 15 digits': fn({
    lt_int_double: binary((a, b) => sql`(CAST(${a} AS numeric) < CAST(${b} AS numeric))`),
    eq_int_double: binary((a, b) => sql`(CAST(${a} AS numeric) = CAST(${b} AS numeric))`),
  }),
  'overflow not guarded': fn({ add_int: binary((a, b) => sql`(${a} + ${b})`) }),
  'a guard that overflows itself': fn({
    add_int: binary(
      (a, b) =>
        sql`(CASE WHEN (${a} <= 9223372036854775807 - ${b} AND ${b} >= 0) OR (${a} >= ${int64} - ${b} AND ${b} < 0) THEN ${a} + ${b} END)`,
    ),
  }),
  'a guard that is not folded with what it guards': fn({
    div_int: binary(
      (a, b) =>
        sql`(CASE WHEN (SELECT b <> 0 AND (b <> -1 OR a > ${int64}) FROM (SELECT ${a} AS a, ${b} AS b OFFSET 0) AS p) THEN ${a} / ${b} END)`,
    ),
  }),
  'the quotient of -2^63 and -1': fn({ div_int: binary((a, b) => sql`(CASE WHEN ${b} <> 0 THEN ${a} / ${b} END)`) }),
  'remainder with the sign of the divisor': fn({
    mod_int: binary((a, b) => sql`(CASE WHEN ${b} <> 0 AND ${b} <> -1 THEN (${a} % ${b} + ${b}) % ${b} END)`),
  }),
  'float overflow not guarded': fn({ add_double: pg.float((a, b) => sql`(${a.sql} + ${b.sql})`) }),
  'float underflow not guarded': fn({ mul_double: pg.float((a, b) => sql`(${a.sql} * ${b.sql})`) }),
  'float division by zero': fn({ div_double: pg.float((a, b) => sql`(${a.sql} / ${b.sql})`) }),
  'a divisor that arithmetic made infinite': fn({
    div_double: { ...(pg.postgresqlFunctions.div_double as pg.Spelling), operands: 'raw' },
    mul_double: {
      ...pg.repeating(
        (a, b) =>
          sql`(CASE WHEN abs(${a.sql}) < ${double(1e100)} AND abs(${b.sql}) < ${double(1e100)} THEN ${multiplyFloats(a.sql, b.sql)} ELSE ${double(Infinity)} END)`,
      ),
      result: 'raw',
    },
  }),
  'non-finite results are values': node({ finite: (number) => number }),
  'NaN is a value': node({
    finite: (number) =>
      sql`(CASE WHEN ${number} <> ${double(Infinity)} AND ${number} <> ${double(-Infinity)} THEN ${number} END)`,
  }),
  'a product just above half of the least number is 0': product(sql`l * h > ${double(2 ** -75)}`),
  'a product of half of the least number is not 0': product(sql`l * h >= ${double(2 ** -75)}`),
  'halves rounded to even': fn({ round: pg.float((a) => sql`round(${a.sql})`) }),
  'the root of a negative number': fn({ sqrt: pg.float((a) => sql`sqrt(${a.sql})`) }),
  'conversion rounds': fn({
    int_of_double: binary((d) => sql`(CASE WHEN abs(${d}) < ${double(2 ** 63)} THEN CAST(${d} AS bigint) END)`),
  }),
  'conversion takes spaces': fn({
    int_of_string: binary((s) => sql`(CASE WHEN ${s} ~ '^ *[+-]?[0-9]{1,18} *$' THEN CAST(${s} AS bigint) END)`),
  }),
  'conversion of what float64 does not hold': fn({
    double_of_string: binary(
      (s) => sql`(CASE WHEN ${s} ~ '^[+-]?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?$' THEN CAST(${s} AS double precision) END)`,
    ),
  }),
  'a double by way of the text of a decimal': fn({ double_of_int: unary((a) => sql`CAST(${a} AS real)`) }),
  'seconds rounded': fn({ int_of_timestamp: unary((t) => sql`CAST(extract(epoch FROM ${t}) AS bigint)`) }),
  'seconds of the minute rounded': fn({ get_seconds: unary((t) => sql`CAST(extract(second FROM ${t}) AS bigint)`) }),
  'milliseconds of the minute': fn({
    get_milliseconds: unary((t) => sql`CAST(floor(extract(milliseconds FROM ${t})) AS bigint)`),
  }),
  'no year 0': fn({ get_full_year: unary((t) => sql`CAST(extract(year FROM ${t}) AS bigint)`) }),
  'Sunday is 7': fn({ get_day_of_week: unary((t) => sql`CAST(extract(isodow FROM ${t}) AS bigint)`) }),
  'a duration as a float': fn({
    add_timestamp_duration: binary((t, d) => sql`(${t} + ${d} * interval '1 microsecond')`),
  }),
  'norm of none is missing': fn({
    norm_list: unary(
      (list) => sql`(SELECT sqrt(sum(x * x)) FROM unnest(${list}) AS of (x) WHERE abs(x) BETWEEN 1e-150 AND 1e150)`,
    ),
  }),
  'greatest skips NULL': fn({ greatest_int: binary((a, b) => sql`greatest(${a}, ${b})`) }),
  'error in a condition takes the else branch': node({
    conditional: (c, a, b) => sql`(CASE WHEN ${c} THEN ${a} ELSE ${b} END)`,
  }),
  'and does not keep errors': node({ and: (l, r) => sql`COALESCE(${l} AND ${r}, false)` }),
  'or absorbs nothing': node({ or: (l, r) => sql`(CASE WHEN ${l} IS NOT NULL THEN ${l} OR ${r} END)` }),
  'missing test inverted': node({ isMissing: (cell, negated) => pg.postgresqlNodes.isMissing(cell, !negated) }),
  'last element of a list forgotten': node({
    inList: (operand, kind, elements) => pg.postgresqlNodes.inList(operand, kind, elements.slice(0, -1)),
  }),
  'unknown code has an empty label': node({
    lookup: (operand, entries) => sql`COALESCE(${pg.postgresqlNodes.lookup(operand, entries)}, '')`,
  }),
}

describeWithServer('a planted bug is found in PostgreSQL', (server) => {
  let postgresql: PostgresqlRunner
  const groups: Group[] = []
  beforeAll(async () => {
    postgresql = await openPostgresql(server())
    const random = createRandom('p2', 'differential')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    for (let i = 0; i < 200; i++) {
      const { exprs, rows } = generateGroup(random, generator, distinct)
      groups.push({ exprs: exprs.map((expr) => heldExpr(expr)), rows: rows.map(heldRow) })
    }
    for (let i = 0; i < 10; i++) groups.push(...edgeGroups(random))
  })
  afterAll(() => postgresql.close())

  const sqlOf = (expr: Expr, tables: Tables) => render(pg.compileRow(expr, { ...tables, column: identifier }).value)
  it.each(Object.entries(bugs))('%s', async (_, postgresqlTables) => {
    const changed = (expr: Expr) => sqlOf(expr, postgresqlTables) !== sqlOf(expr, {})
    const found = await findDisagreement(groups, { postgresql, postgresqlTables, javascript: false }, changed)
    expect(found).toBeTypeOf('object')
  })
})
