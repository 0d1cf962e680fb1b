import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import type { Type } from '../../packages/core/src/expr/type.ts'
import {
  compileRow,
  type DuckdbOptions,
  duckdbColumnType,
  duckdbTypes,
  endsInMissing,
  literal,
} from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { identifier, join, render, type Sql, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { literalOf } from './expressions.ts'
import type { SqlOutcome } from './outcome.ts'
import type { GeneratedRow } from './rows.ts'
import { type ColumnSpec, schema } from './schema.ts'

/** DuckDB over tables of generated rows. */
export interface DuckdbRunner {
  /** Answers by expression and row. */
  answers(
    exprs: readonly Expr[],
    rows: readonly GeneratedRow[],
    tables?: Pick<DuckdbOptions, 'functions' | 'nodes'>,
  ): Promise<readonly (readonly SqlOutcome[])[]>
  close(): void
}

const sqlType = (spec: ColumnSpec): Sql =>
  spec.type.kind === 'duration' ? duckdbTypes.duration : duckdbColumnType('category', spec.type.kind as 'int')
const name = (row: string): Sql => sql`r.${identifier(row)}`
const number = (index: number): Sql => identifier(`e${index}`)

/** The cell as the reader of a relation gives it: NaN is NULL. */
function cellSql(spec: ColumnSpec, row: GeneratedRow): Sql {
  const cell = row.cells.get(spec.name) ?? null
  if (cell === null || Number.isNaN(cell)) return sql`CAST(NULL AS ${sqlType(spec)})`
  return sql`CAST(${literal(literalOf(spec.type, cell))} AS ${sqlType(spec)})`
}

function tableSql(rows: readonly GeneratedRow[]): Sql {
  const header = join([sql`"row number"`, ...schema.map((spec) => identifier(spec.name))], sql`, `)
  const values = rows.map(
    (row, i) =>
      sql`(${join([literal(literalOf({ kind: 'int' }, BigInt(i))), ...schema.map((spec) => cellSql(spec, row))], sql`, `)})`,
  )
  return sql`CREATE OR REPLACE TEMP TABLE r AS SELECT * FROM (VALUES ${join(values, sql`, `)}) t(${header})`
}

function outcome(value: unknown, missing: unknown, type: Type): SqlOutcome {
  if (typeof missing !== 'boolean') return { broken: `endsInMissing is ${String(missing)}` }
  if (value === null) return { error: missing ? 'missing' : 'other' }
  if (missing) return { broken: 'a value that ends in missing' }
  const plain = type.kind === 'timestamp' && typeof value === 'object' ? (value as { micros: bigint }).micros : value
  const expected = {
    bool: 'boolean',
    double: 'number',
    string: 'string',
    int: 'bigint',
    timestamp: 'bigint',
    duration: 'bigint',
  }
  if (typeof plain !== expected[type.kind as 'int'])
    return { broken: `${type.kind} came as ${typeof plain} ${String(plain)}` }
  return { value: plain as bigint }
}

/** Opens a database in memory. One thread: the machine runs other tests beside it. */
export async function openDuckdb(): Promise<DuckdbRunner> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  return {
    answers: async (exprs, rows, tables = {}) => {
      await connection.run(render(tableSql(rows)))
      const options: DuckdbOptions = { ...tables, column: name }
      return answersOf(connection, exprs, rows.length, options)
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function answersOf(
  connection: DuckDBConnection,
  exprs: readonly Expr[],
  rows: number,
  options: DuckdbOptions,
): Promise<SqlOutcome[][]> {
  const columns = exprs.flatMap((expr, i) => [
    sql`${compileRow(expr, options).value} AS ${number(i)}`,
    sql`${endsInMissing(expr, options)} AS ${identifier(`m${i}`)}`,
  ])
  try {
    const result = await connection.runAndReadAll(
      render(sql`SELECT ${join(columns, sql`, `)} FROM r ORDER BY "row number"`),
    )
    const found = result.getColumns()
    const answers = exprs.map((expr, i) =>
      Array.from({ length: rows }, (_, row) => outcome(found[2 * i]?.[row], found[2 * i + 1]?.[row], expr.type)),
    )
    await countsAgree(connection, exprs, answers, options)
    return answers
  } catch (cause) {
    // One expression threw: find it, so that the others are still compared.
    if (exprs.length > 1) {
      const halves = [exprs.slice(0, exprs.length >> 1), exprs.slice(exprs.length >> 1)]
      const answers: SqlOutcome[][] = []
      for (const half of halves) answers.push(...(await answersOf(connection, half, rows, options)))
      return answers
    }
    return [Array.from({ length: rows }, () => ({ broken: String(cause).slice(0, 300) }))]
  }
}

/** The same conditions where an engine uses them, in FILTER and WHERE: there DuckDB's optimizer has other rules. */
async function countsAgree(
  connection: DuckDBConnection,
  exprs: readonly Expr[],
  answers: SqlOutcome[][],
  options: DuckdbOptions,
): Promise<void> {
  const conditions = exprs.flatMap((expr, i) =>
    expr.type.kind === 'bool' ? [{ i, condition: compileRow(expr, options).value }] : [],
  )
  if (conditions.length === 0) return
  const filters = conditions.flatMap(({ condition }) => [
    sql`count(*) FILTER (${condition})`,
    sql`count(*) FILTER (NOT ${condition})`,
  ])
  const wheres = conditions.map(({ condition }, k) => {
    const place = literal(literalOf({ kind: 'int' }, BigInt(k)))
    return sql`SELECT ${place} AS place, count(*) AS n FROM r WHERE ${condition}`
  })
  const filtered = await connection.runAndReadAll(render(sql`SELECT ${join(filters, sql`, `)} FROM r`))
  const selected = await connection.runAndReadAll(render(sql`${join(wheres, sql` UNION ALL `)} ORDER BY place`))
  const [counts] = filtered.getRows()
  const rows = selected.getRows()
  conditions.forEach(({ i }, k) => {
    const column = answers[i] ?? []
    const count = (truth: boolean) => BigInt(column.filter((row) => 'value' in row && row.value === truth).length)
    const expected = [count(true), count(false), count(true)].join('/')
    const found = [counts?.[2 * k], counts?.[2 * k + 1], rows[k]?.[1]].join('/')
    if (found === expected) return
    answers[i] = column.map(() => ({ broken: `FILTER, FILTER NOT, WHERE count ${found}; SELECT ${expected}` }))
  })
}
