import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { literalOf } from '../../packages/core/src/expr/value.ts'
import type { RowFunctionName } from '../../packages/core/src/expr/functions/row-functions.ts'
import { BOOL, DOUBLE, INT, STRING, type Type } from '../../packages/core/src/expr/type.ts'
import { compileRow, endsInMissing } from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { identifier, render } from '../../packages/core/src/targets/sql/sql.ts'
import { openDuckdb } from './duckdb.ts'
import { compareAll } from './compare.ts'

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const call = (fn: RowFunctionName, type: Type, ...args: readonly Expr[]): Expr => ({ node: 'call', type, fn, args })
const int = (value: bigint) => literalOf(INT, value)
const a = column('a', INT)
const x = column('x', DOUBLE)
const s = column('s', STRING)
const value = (expr: Expr) => render(compileRow(expr, { column: identifier }).value)

/** What DuckDB 1.5 does that a straightforward spelling would get wrong. Each would be silent. */
describe('traps of DuckDB', () => {
  let connection: DuckDBConnection
  let instance: DuckDBInstance
  const ask = async (query: string): Promise<unknown> => (await connection.runAndReadAll(query)).getRows().flat()
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' })
    connection = await instance.connect()
    await connection.run(`CREATE TABLE t AS SELECT * FROM (VALUES
      (CAST(9223372036854775807 AS BIGINT), CAST('inf' AS DOUBLE), 'ab'), (9007199254740993, 1e308, 'a'), (1, 0e0, 'b'), (NULL, NULL, NULL)) v(a, x, s)`)
  })
  afterAll(() => {
    connection.closeSync()
    instance.closeSync()
  })

  it('a narrowing TRY_CAST is moved into the constant of a comparison, and overflow is lost; TRY is not', async () => {
    expect(
      await ask('SELECT count(*) FROM t WHERE TRY_CAST(CAST(a AS HUGEINT) + 1 AS BIGINT) > 0'),
      'once DuckDB is right, the comment in the README can go',
    ).toEqual([3n])
    expect(
      await ask(
        `SELECT count(*) FROM t WHERE ${value(call('gt_int', BOOL, call('add_int', INT, a, int(1n)), int(0n)))}`,
      ),
    ).toEqual([2n])
  })

  it('an anchor in an odd place is lost when a pattern becomes a prefix or suffix; ours is kept', async () => {
    expect(await ask(`SELECT count(*) FROM t WHERE regexp_matches(s, 'a^')`)).toEqual([1n])
    expect(
      await ask(`SELECT count(*) FROM t WHERE ${value({ node: 'matches', type: BOOL, operand: s, pattern: 'a^' })}`),
    ).toEqual([0n])
  })

  it('a double is compared with an int beyond 2^53 exactly', async () => {
    const below = call('lt_double_int', BOOL, literalOf(DOUBLE, 2 ** 53), a)
    expect(await ask(`SELECT ${value(below)} FROM t`)).toEqual([true, true, false, null])
    expect(await ask('SELECT 9007199254740992e0 < a FROM t')).toEqual([true, false, false, null])
  })

  it('nothing throws in a branch that is not taken, nor beside AND', async () => {
    const root = call('ge_double', BOOL, call('sqrt', DOUBLE, call('neg_double', DOUBLE, x)), literalOf(DOUBLE, 0))
    const guarded: Expr = { node: 'and', type: BOOL, args: [call('le_double', BOOL, x, literalOf(DOUBLE, 0)), root] }
    expect(await ask(`SELECT ${value(guarded)} FROM t`)).toEqual([false, false, true, null])
  })

  it('division by zero is an error whatever the connection is set to', async () => {
    const quotient = value(call('div_double', DOUBLE, literalOf(DOUBLE, 1), x))
    for (const setting of ['true', 'false']) {
      await connection.run(`SET ieee_floating_point_ops = ${setting}`)
      expect(await ask(`SELECT ${quotient} FROM t`)).toEqual([0, 1e-308, null, null])
    }
    await connection.run('SET ieee_floating_point_ops = true')
  })

  it('SQL stays linear in the expression, and a large one agrees with the others', async () => {
    const nested = (depth: number): Expr => {
      const cond: Expr =
        depth === 0 ? call('lt_int_double', BOOL, a, x) : call('lt_int_double', BOOL, a, nestedNumber(depth - 1))
      return {
        node: 'conditional',
        type: BOOL,
        args: [
          cond,
          cond.node === 'call' ? call('gt_double', BOOL, x, literalOf(DOUBLE, 1)) : cond,
          { node: 'literal', type: BOOL, value: false },
        ],
      }
    }
    const nestedNumber = (depth: number): Expr =>
      call('div_double', DOUBLE, x, {
        node: 'conditional',
        type: DOUBLE,
        args: [nested(depth), call('div_double', DOUBLE, x, literalOf(DOUBLE, 3)), x],
      })
    const [short, long] = [value(nested(10)).length, value(nested(20)).length]
    expect(long).toBeLessThan(short * 3)
    const row = (...cells: readonly [string, number | bigint | null][]) => ({ cells: new Map(cells), hostile: true })
    const rows = [row(['a', 1n], ['x', 2.5]), row(['a', null], ['x', 2.5]), row(['a', 7n], ['x', 0])]
    const duckdb = await openDuckdb()
    const found = await compareAll([nested(12)], rows, { duckdb })
    duckdb.close()
    expect(found.disagreements).toEqual([])
  })

  it('a name from a spec cannot leave its quotes', async () => {
    const evil = '"; DROP TABLE t; --'
    await connection.run(`CREATE OR REPLACE TABLE h AS SELECT 1::BIGINT AS ${render(identifier(evil))}`)
    expect(await ask(`SELECT ${value(call('eq_int', BOOL, column(evil, INT), int(1n)))} FROM h`)).toEqual([true])
    expect(await ask('SELECT count(*) FROM t')).toEqual([4n])
  })

  it('missing is told from other errors, in the order of evaluation', async () => {
    const quotient = call('div_double', DOUBLE, literalOf(DOUBLE, 1), x)
    const first = call('lt_double_int', BOOL, quotient, a)
    const ends = render(endsInMissing(first, { column: identifier }))
    expect(await ask(`SELECT ${ends} FROM (VALUES (1, 1e0), (NULL, 1e0), (NULL, 0e0), (1, NULL)) v(a, x)`)).toEqual([
      false,
      true,
      false,
      true,
    ])
  })
})
