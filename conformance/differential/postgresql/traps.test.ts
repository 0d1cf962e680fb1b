import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { literalOf } from '../../../packages/core/src/expr/value.ts'
import { type RowFunctionName, rowFunctions } from '../../../packages/core/src/expr/functions/row-functions.ts'
import { BOOL, DOUBLE, INT, STRING, TIMESTAMP, type Type } from '../../../packages/core/src/expr/type.ts'
import {
  compileRow,
  literal,
  type PostgresqlRestriction,
  postgresql,
  postgresqlCell,
  postgresqlFits,
  postgresqlIdentifier,
  postgresqlSupport,
} from '../../../packages/core/src/targets/sql/postgresql/index.ts'
import { aggregateSql } from '../../../packages/core/src/targets/sql/aggregates.ts'
import { escapedTextLiteral, identifier, render, type Sql, sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { compareAll } from '../compare.ts'
import { connect, type PostgresqlClient } from './client.ts'
import { openPostgresql } from './runner.ts'
import { describeWithServer } from './with-server.ts'

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const [a, x, s] = [column('a', INT), column('x', DOUBLE), column('s', STRING)]
const value = (expr: Expr): Sql => compileRow(expr, { column: identifier }).value
const text = (of: string) => literalOf(STRING, of)
const int = (of: bigint) => literalOf(INT, of)

describeWithServer('PostgreSQL', (server) => {
  let client: PostgresqlClient
  const ask = async (statement: Sql) => (await client.query(statement)).flat()
  beforeAll(async () => {
    client = await connect(server())
    await client.query(sql`CREATE TEMP TABLE t AS SELECT * FROM (VALUES
      (bigint '9223372036854775807', double precision 'Infinity', text 'ab'), (9007199254740993, 1e308, 'B'), (1, 0, 'a%'), (NULL, NULL, NULL)) AS v(a, x, s)`)
  })
  afterAll(() => client.close())

  describe('what a straightforward spelling would get wrong', () => {
    it('a constant that raises does so when planned, in a branch that no row takes; ours does not', async () => {
      await expect(ask(sql`SELECT CASE WHEN a < 0 THEN 1 / 0 ELSE 2 END FROM t`)).rejects.toThrow('division by zero')
      const never: Expr = {
        node: 'conditional',
        type: INT,
        args: [call('lt_int', a, int(0n)), call('div_int', int(1n), int(0n)), int(2n)],
      }
      expect(await ask(sql`SELECT ${value(never)} FROM t`)).toEqual([2n, 2n, 2n, null])
    })

    it('underflow raises; ours is 0', async () => {
      await expect(ask(sql`SELECT double precision '1e-200' * double precision '1e-200'`)).rejects.toThrow('underflow')
      const tiny = literalOf(DOUBLE, 1e-200)
      expect(await ask(sql`SELECT ${value(call('mul_double', tiny, tiny))}`)).toEqual([0])
      expect(await ask(sql`SELECT ${value(call('double_of_string', text('1e-400')))}`)).toEqual([0])
    })

    it('texts sort as the language of the database has it; ours by code point', async () => {
      expect(await ask(sql`SELECT 'a' < 'B', 'a%' < 'ab'`)).toEqual([true, true])
      expect(await ask(sql`SELECT ${value(call('lt_string', s, text('a')))} FROM t`)).toEqual([
        false,
        true,
        false,
        null,
      ])
    })

    it('a cast of a float to numeric keeps 15 digits; a double is compared with an int exactly', async () => {
      expect(await ask(sql`SELECT CAST(double precision '9007199254740994' AS numeric) = 9007199254740990`)).toEqual([
        true,
      ])
      const below = call('lt_double_int', literalOf(DOUBLE, 2 ** 53), a)
      expect(await ask(sql`SELECT ${value(below)} FROM t`)).toEqual([true, true, false, null])
    })

    it('no setting of the session changes an answer', async () => {
      const exprs = [
        call('eq_string', s, text('a\\b')),
        call('eq_string', s, text("it's \\' -- ")),
        call('get_hours', literalOf(TIMESTAMP, { timestamp: 1709210096789012n })),
      ]
      const answer = sql`SELECT ${value(exprs[0] as Expr)}, ${value(exprs[1] as Expr)}, ${value(exprs[2] as Expr)} FROM (VALUES (text 'x')) AS v(s)`
      for (const setting of [sql`on`, sql`off`]) {
        await client.query(sql`SET standard_conforming_strings = ${setting}`)
        expect(await ask(answer)).toEqual([false, false, 12n])
      }
    })

    it('nothing but a name or a value comes of a name or a value', async () => {
      const evil = '"; DROP TABLE t; --'
      const cell = "\\'; DROP TABLE t; --"
      await client.query(sql`CREATE TEMP TABLE h AS SELECT ${literal(text(cell))} AS ${postgresqlIdentifier(evil)}`)
      const same = call('eq_string', column(evil, STRING), text(cell))
      expect(await ask(sql`SELECT ${value(same)} FROM h`)).toEqual([true])
      expect(await ask(sql`SELECT count(*) FROM t`)).toEqual([4n])
    })

    it('SQL stays linear in the expression, and a large one agrees with the reference', async () => {
      const nested = (depth: number): Expr =>
        depth === 0
          ? x
          : call('div_double', call('mul_double', nested(depth - 1), x), call('add_double', literalOf(DOUBLE, 1.5), x))
      const size = (depth: number) => render(value(nested(depth))).length
      expect(size(20)).toBeLessThan(size(10) * 2.5)
      const runner = await openPostgresql(server())
      const rows = [2.5, 0, -1.5, 1e300].map((cell) => ({ cells: new Map([['x', cell]]), hostile: true }))
      const found = await compareAll([nested(12)], rows, { postgresql: runner, javascript: false })
      await runner.close()
      expect(found.disagreements).toEqual([])
    })
  })

  /** One demonstration for each restriction that the documentation lists. */
  const shown: Readonly<Record<PostgresqlRestriction, () => Promise<void>>> = {
    matches: async () => {
      expect(postgresqlSupport({ node: 'matches', type: BOOL, operand: s, pattern: 'a' })).toMatchObject({
        supported: false,
      })
      // RE2's \d is ASCII; this one is not.
      expect(await ask(sql`SELECT '٣' ~ ${escapedTextLiteral('^\\d$')}`)).toEqual([true])
    },
    nul: async () => {
      const support = postgresqlSupport({ ...call('eq_string', s, { ...text('a\0b'), at: [5, 9] }) })
      expect(support).toMatchObject({ supported: false, at: [5, 9] })
      await expect(ask(sql`SELECT chr(0)`)).rejects.toThrow('null character')
    },
    'long-names': async () => {
      const [long, cut] = ['é'.repeat(32), 'é'.repeat(31)]
      expect(postgresqlSupport(column(long, INT))).toMatchObject({ supported: false })
      expect(postgresqlSupport(column(cut, INT))).toEqual({ supported: true })
      expect(() => postgresqlIdentifier(long)).toThrow('63 bytes')
      expect(await ask(sql`SELECT ${identifier(long)} FROM (SELECT bigint '1' AS ${identifier(cut)}) AS v`)).toEqual([
        1n,
      ])
    },
    'far-times': async () => {
      const far = (micros: bigint) => postgresqlSupport(literalOf(TIMESTAMP, { timestamp: micros })).supported
      const [first, last] = [-210_866_803_200_000_000n, 8_640_000_000_000_000_000n]
      expect([first - 1n, first, last, last + 1n].map(far)).toEqual([false, true, true, false])
      await expect(ask(sql`SELECT timestamp '4714-11-23 23:59:59 BC'`)).rejects.toThrow('out of range')
      const between = call('sub_timestamp', column('b', TIMESTAMP), column('a', TIMESTAMP))
      const ends = sql`(VALUES (timestamp '4714-11-24 BC', timestamp '294276-12-31'), (timestamp '4714-11-24 BC', timestamp '9999-12-31')) AS v(a, b)`
      expect(await ask(sql`SELECT ${value(between)} FROM ${ends}`)).toEqual([null, 464_269_017_600_000_000n])
    },
    infinity: async () => {
      const [time, number] = [postgresqlCell(sql`a`, 'timestamp'), postgresqlCell(sql`b`, 'double')]
      const stored = sql`(VALUES (timestamp 'infinity', double precision 'NaN'), (timestamp '-infinity', double precision 'Infinity')) AS v(a, b)`
      const relation = sql`(SELECT ${time} AS a, ${number} AS b FROM ${stored}) AS r`
      const year = call('get_full_year', column('a', TIMESTAMP))
      expect(await client.query(sql`SELECT ${value(year)}, b FROM ${relation}`)).toEqual([
        [null, null],
        [null, Infinity],
      ])
    },
    encoding: async () => {
      expect(await ask(postgresqlFits)).toEqual([true])
      await client.query(sql`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
      const latin = await connect(server(), 'latin')
      const fits = await latin.query(postgresqlFits)
      const size = latin.query(sql`SELECT ${value(call('size_string', text('😀')))}`)
      await expect(size).rejects.toThrow('LATIN1')
      await latin.close()
      expect(fits).toEqual([[false]])
    },
    version: async () => {
      expect(await ask(sql`SELECT CAST(pg_typeof(extract(epoch FROM timestamp '2024-01-01')) AS text)`)).toEqual([
        'numeric',
      ])
    },
    'sum-order': async () => {
      const cells = sql`(VALUES (1, double precision '1e308'), (2, 1e308), (3, -1e308)) AS v(i, x)`
      await expect(ask(sql`SELECT sum(x) FROM ${cells}`)).rejects.toThrow('overflow')
      const sum = { fn: 'sum', args: [{ value: identifier('x'), kind: 'double' }] } as const
      expect(await ask(sql`SELECT ${aggregateSql(postgresql, sum)} FROM ${cells}`)).toEqual([1e308])
    },
    moments: async () => {
      const cells = sql`(VALUES (double precision '1e200', bigint '1'), (1, 2), (2, 4)) AS v(x, a)`
      await expect(ask(sql`SELECT var_samp(x) FROM ${cells}`)).rejects.toThrow('overflow')
      const args = [
        { value: identifier('x'), kind: 'double' },
        { value: identifier('a'), kind: 'int' },
      ] as const
      const of = (fn: 'variance' | 'correlation') => aggregateSql(postgresql, { fn, args })
      expect(await ask(sql`SELECT ${of('variance')}, ${of('correlation')} FROM ${cells}`)).toEqual([null, null])
      expect(await ask(sql`SELECT ${of('variance')} FROM ${cells} WHERE x < 1e9`)).toEqual([0.5])
    },
  }
  it.each(Object.entries(shown))('restriction: %s', (_, show) => show())
})
