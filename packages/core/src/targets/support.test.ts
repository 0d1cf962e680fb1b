import { expect, it } from 'vitest'
import { cellFunctions, rowFunctions } from '../expr/functions/row-functions.ts'
import { decisiveColumns, possibleErrors } from './errors.ts'
import { javascriptSupport } from './javascript/compile.ts'
import { duckdbSupport } from './sql/duckdb/compile.ts'
import { postgresqlSupport } from './sql/postgresql/compile.ts'
import { sparkSupport } from './sql/spark/compile.ts'
import { type Answers, matchesSupport, supportTable } from './support.ts'
import { BOOL, DOUBLE, INT, STRING } from '../expr/type.ts'
import type { Expr } from '../expr/expr.ts'

/** Functions of lists, which Snowflake and BigQuery, which are compiled only, refuse. */
const lists = new Set(['size_list', 'in_list', 'index_list'])
/** The answers of the targets that compile them. */
const run = ({ clickhouse, duckdb, postgresql, spark, trino, javascript }: Answers) => ({
  clickhouse,
  duckdb,
  postgresql,
  spark,
  trino,
  javascript,
})

it('the support table has a line for every function; those of cells are supported by every target', () => {
  const table = supportTable()
  expect(table.map(({ fn }) => fn)).toEqual(Object.keys(rowFunctions))
  for (const { fn, targets, smt } of table) {
    if (Object.hasOwn(cellFunctions, fn))
      expect(
        Object.values(lists.has(fn) ? run(targets) : targets).every((answer) => answer === true),
        fn,
      ).toBe(true)
    for (const answer of [...Object.values(targets), smt])
      expect(answer === true || /^[a-z].*[a-z]$/.test(answer), fn).toBe(true)
  }
})

it('regular expressions are compiled where the engine has RE2, and refused with the reason elsewhere', () => {
  const matches: Expr = {
    node: 'matches',
    type: BOOL,
    operand: { node: 'column', type: STRING, name: 's' },
    pattern: '',
  }
  expect(duckdbSupport(matches)).toEqual({ supported: true })
  expect(javascriptSupport(matches)).toEqual({ supported: true })
  const { postgresql, spark } = matchesSupport()
  expect(sparkSupport(matches)).toEqual({ supported: false, reason: spark })
  expect(postgresql).toContain('no RE2')
  expect(postgresqlSupport({ ...matches, at: [2, 5] })).toEqual({
    supported: false,
    reason: postgresql,
    at: [2, 5],
  })
})

it('knows the errors an expression can end in, and which missing cell decides it', () => {
  const x: Expr = { node: 'column', type: DOUBLE, name: 'x' }
  const a: Expr = { node: 'column', type: INT, name: 'a' }
  const quotient: Expr = { node: 'call', type: DOUBLE, fn: 'div_double', args: [x, x] }
  const less: Expr = { node: 'call', type: BOOL, fn: 'lt_double_int', args: [quotient, a] }
  expect([...possibleErrors(less)].sort()).toEqual(['division-by-zero', 'missing', 'non-finite'])
  expect([...possibleErrors(less, new Set(['x', 'a']))].sort()).toEqual(['division-by-zero', 'non-finite'])
  expect([...decisiveColumns(less)]).toEqual(['x'])
  const both: Expr = {
    node: 'and',
    type: BOOL,
    args: [less, { node: 'is-missing', type: BOOL, operand: a, negated: true }],
  }
  expect([...decisiveColumns(both)]).toEqual([])
})
