import { DuckDBInstance } from '@duckdb/node-api'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { type List, literalOf } from '../../../packages/core/src/expr/value.ts'
import type { ScalarKind } from '../../../packages/core/src/expr/type.ts'
import { aggregateSql, duplicatesSql } from '../../../packages/core/src/targets/sql/aggregates.ts'
import { compilerOf } from '../../../packages/core/src/targets/sql/compile.ts'
import type { Dialect } from '../../../packages/core/src/targets/sql/dialect.ts'
import { duckdb, duckdbTypes } from '../../../packages/core/src/targets/sql/duckdb/index.ts'
import { postgresql, postgresqlTypes } from '../../../packages/core/src/targets/sql/postgresql/index.ts'
import { identifier, join, render, type Sql, sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { connect } from '../postgresql/client.ts'
import type { PostgresqlServer } from '../postgresql/server.ts'
import { kindOf, type Question } from './questions.ts'
import { columns, lists, type Row } from './tables.ts'

/** A cell of an answer. */
export type Cell = bigint | number | string | boolean | null

/** A database that aggregates are asked of. */
export interface Engine {
  readonly name: string
  readonly dialect: Dialect
  readonly types: Readonly<Record<ScalarKind, Sql>>
  /** A list of literals, which is then cast to its type. */
  readonly list: (elements: Sql) => Sql
  /** The type of a list; default `type[]`. */
  readonly listOf?: (type: Sql) => Sql
  /** Microseconds since 1970 of a timestamp. */
  readonly micros: (timestamp: Sql) => Sql
  /** Keeps the rows of a query as the table `r`; default a temporary table. */
  readonly stored?: (rows: Sql) => Sql
  query(statement: Sql): Promise<readonly (readonly Cell[])[]>
  close(): Promise<void>
}

/** DuckDB in memory. */
export async function duckdbEngine(): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  return {
    name: 'duckdb',
    dialect: duckdb,
    types: duckdbTypes,
    list: (elements) => sql`[${elements}]`,
    micros: (timestamp) => sql`epoch_us(${timestamp})`,
    query: async (statement) => (await connection.runAndReadAll(render(statement))).getRows() as Cell[][],
    close: async () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** PostgreSQL on the server of the test. */
export async function postgresqlEngine(server: PostgresqlServer): Promise<Engine> {
  const client = await connect(server)
  return {
    name: 'postgresql',
    dialect: postgresql,
    types: postgresqlTypes,
    list: (elements) => sql`ARRAY[${elements}]`,
    micros: (timestamp) => sql`CAST(extract(epoch FROM ${timestamp}) * 1000000 AS bigint)`,
    query: client.query,
    close: client.close,
  }
}

const entries = Object.entries(columns)
const listEntries = Object.entries(lists)

/** Loads tables into one relation `r`, told apart by the column `t`. */
export async function load(engine: Engine, tables: readonly (readonly Row[])[]): Promise<void> {
  const { literal } = engine.dialect.literals
  const cell = (row: Row, name: string, kind: ScalarKind): Sql => {
    const value = row.get(name) ?? null
    return sql`CAST(${value === null ? sql`NULL` : literal(literalOf({ kind }, value))} AS ${engine.types[kind]})`
  }
  const listCell = (row: Row, name: string, kind: ScalarKind): Sql => {
    const value = row.get(name) ?? null
    const elements = value === null ? [] : (value as List).list.map((each) => literal(literalOf({ kind }, each)))
    return sql`CAST(${value === null ? sql`NULL` : engine.list(join(elements, sql`, `))} AS ${engine.listOf?.(engine.types[kind]) ?? sql`${engine.types[kind]}[]`})`
  }
  const rows = tables.flatMap((table, t) =>
    table.map(
      (row) =>
        sql`(${join([literal(literalOf({ kind: 'int' }, BigInt(t))), ...entries.map(([name, kind]) => cell(row, name, kind)), ...listEntries.map(([name, kind]) => listCell(row, name, kind))], sql`, `)})`,
    ),
  )
  const names = join(
    ['t', ...Object.keys(columns), ...Object.keys(lists)].map((name) => identifier(name)),
    sql`, `,
  )
  await engine.query(sql`DROP TABLE IF EXISTS r`)
  const kept = sql`SELECT * FROM (VALUES ${join(rows, sql`, `)}) AS v(${names})`
  await engine.query(engine.stored?.(kept) ?? sql`CREATE TEMP TABLE r AS ${kept}`)
}

const valueOf = (engine: Engine, expr: Expr): Sql =>
  compilerOf(engine.dialect, expr, { column: identifier }).value(expr)

/** The SQL of a question about the rows of a slice. */
export function aggregateOf(engine: Engine, { fn, args, q }: Question, slice: Expr | undefined): Sql {
  const given = args.map((arg) => ({ value: valueOf(engine, arg), kind: kindOf(arg) }))
  const rows = slice === undefined ? undefined : valueOf(engine, slice)
  const found = aggregateSql(engine.dialect, { fn, args: given, ...(q === undefined ? {} : { q }) }, rows)
  return (fn === 'min' || fn === 'max') && given[0]?.kind === 'timestamp' ? engine.micros(found) : found
}

/** The answers to every question, by the key of each group: `table` or `table/group`. */
export async function ask(
  engine: Engine,
  questions: readonly Question[],
  slices: readonly (Expr | undefined)[],
  byGroup: boolean,
): Promise<ReadonlyMap<string, readonly Cell[]>> {
  const asked = slices.flatMap((slice) => questions.map((question) => aggregateOf(engine, question, slice)))
  const keys = byGroup ? sql`t, g` : sql`t`
  const answers = new Map<string, readonly Cell[]>()
  for (const row of await engine.query(sql`SELECT ${keys}, ${join(asked, sql`, `)} FROM r GROUP BY ${keys}`)) {
    const width = byGroup ? 2 : 1
    answers.set(row.slice(0, width).join('/'), row.slice(width))
  }
  return answers
}

/** Rows in groups larger than one, of one table. */
export async function askDuplicates(
  engine: Engine,
  names: readonly string[],
  table: number,
  slice: Expr | undefined,
): Promise<Cell | undefined> {
  const cells = names.map((name) => ({ value: identifier(name), kind: columns[name as keyof typeof columns] }))
  const number = engine.dialect.literals.literal(literalOf({ kind: 'int' }, BigInt(table)))
  const from = sql`(SELECT * FROM r WHERE t = ${number}) AS one`
  const rows = slice === undefined ? undefined : valueOf(engine, slice)
  const [found] = await engine.query(duplicatesSql(engine.dialect, from, cells, rows))
  return found?.[0]
}
