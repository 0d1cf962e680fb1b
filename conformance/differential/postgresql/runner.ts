import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import type { ScalarKind, Type } from '../../../packages/core/src/expr/type.ts'
import {
  compileRow,
  endsInMissing,
  literal,
  type PostgresqlOptions,
  postgresqlCell,
  postgresqlIdentifier,
  postgresqlTypes,
} from '../../../packages/core/src/targets/sql/postgresql/index.ts'
import { micros } from '../../../packages/core/src/targets/sql/postgresql/times.ts'
import { join, type Sql, sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { literalOf } from '../expressions.ts'
import { type SqlOutcome, sameValue } from '../outcome.ts'
import type { GeneratedRow } from '../rows.ts'
import { type ColumnSpec, schema } from '../schema.ts'
import { type Answer, connect, type PostgresqlClient } from './client.ts'
import type { PostgresqlServer } from './server.ts'

/** PostgreSQL over tables of generated rows. */
export interface PostgresqlRunner {
  /** Answers by expression and row. */
  answers(
    exprs: readonly Expr[],
    rows: readonly GeneratedRow[],
    tables?: Pick<PostgresqlOptions, 'functions' | 'nodes'>,
  ): Promise<readonly (readonly SqlOutcome[])[]>
  close(): Promise<void>
}

const kindOf = (spec: ColumnSpec): ScalarKind => spec.type.kind as ScalarKind
const name = (column: string): Sql => sql`r.${postgresqlIdentifier(column)}`
const number = (value: number): Sql => literal(literalOf({ kind: 'int' }, BigInt(value)))

/** A cell as it is stored: NaN is a value there. */
function storedSql(spec: ColumnSpec, row: GeneratedRow): Sql {
  const type = postgresqlTypes[kindOf(spec)]
  const cell = row.cells.get(spec.name) ?? null
  if (cell === null) return sql`CAST(NULL AS ${type})`
  if (Number.isNaN(cell)) return sql`double precision 'NaN'`
  return sql`CAST(${literal(literalOf(spec.type, cell))} AS ${type})`
}

/** The table as stored, and the relation `r` that expressions read. */
function tableSql(rows: readonly GeneratedRow[]): readonly Sql[] {
  const names = schema.map((spec) => postgresqlIdentifier(spec.name))
  const values = rows.map(
    (row, i) => sql`(${join([number(i), ...schema.map((spec) => storedSql(spec, row))], sql`, `)})`,
  )
  const cells = schema.map((spec, i) => sql`${postgresqlCell(names[i] as Sql, kindOf(spec))} AS ${names[i] as Sql}`)
  return [
    sql`DROP TABLE IF EXISTS stored CASCADE`,
    sql`CREATE TEMP TABLE stored AS SELECT * FROM (VALUES ${join(values, sql`, `)}) AS t(${join([sql`"row number"`, ...names], sql`, `)})`,
    sql`CREATE TEMP VIEW r AS SELECT "row number", ${join(cells, sql`, `)} FROM stored`,
  ]
}

function outcome(value: Answer | undefined, missing: Answer | undefined, type: Type): SqlOutcome {
  if (typeof missing !== 'boolean') return { broken: `endsInMissing is ${String(missing)}` }
  if (value === null) return { error: missing ? 'missing' : 'other' }
  if (missing) return { broken: 'a value that ends in missing' }
  const expected = {
    bool: 'boolean',
    double: 'number',
    string: 'string',
    int: 'bigint',
    timestamp: 'bigint',
    duration: 'bigint',
  }
  if (typeof value !== expected[type.kind as ScalarKind]) {
    return { broken: `${type.kind} came as ${typeof value} ${String(value)}` }
  }
  return { value: value as bigint }
}

/** A value as the client reads it: a timestamp as its microseconds. */
const shown = (value: Sql, type: Type): Sql =>
  type.kind === 'timestamp' ? sql`CAST(${micros(value)} AS bigint)` : value

const raised = (cause: unknown): SqlOutcome => ({ broken: String(cause).slice(0, 300) })

/** Opens a connection of its own. */
export async function openPostgresql(server: PostgresqlServer): Promise<PostgresqlRunner> {
  const client = await connect(server)
  return {
    answers: async (exprs, rows, tables = {}) => {
      for (const statement of tableSql(rows)) await client.query(statement)
      return answersOf(client, exprs, rows, { ...tables, column: name })
    },
    close: () => client.close(),
  }
}

async function answersOf(
  client: PostgresqlClient,
  exprs: readonly Expr[],
  rows: readonly GeneratedRow[],
  options: PostgresqlOptions,
): Promise<SqlOutcome[][]> {
  try {
    const found = await client.query(sql`SELECT ${columnsOf(exprs, options)} FROM r ORDER BY "row number"`)
    const answers = exprs.map((expr, i) =>
      rows.map((_, row) => outcome(found[row]?.[2 * i], found[row]?.[2 * i + 1], expr.type)),
    )
    await countsAgree(client, exprs, answers, options)
    await constantsAgree(client, exprs, answers, rows, options)
    return answers
  } catch (cause) {
    // One expression raised: find it, so that the others are still compared.
    if (exprs.length === 1) return [rows.map(() => raised(cause))]
    const middle = exprs.length >> 1
    const left = await answersOf(client, exprs.slice(0, middle), rows, options)
    return [...left, ...(await answersOf(client, exprs.slice(middle), rows, options))]
  }
}

const columnsOf = (exprs: readonly Expr[], options: PostgresqlOptions): Sql =>
  join(
    exprs.flatMap((expr) => [shown(compileRow(expr, options).value, expr.type), endsInMissing(expr, options)]),
    sql`, `,
  )

/** The same conditions where an engine uses them, in FILTER and WHERE. */
async function countsAgree(
  client: PostgresqlClient,
  exprs: readonly Expr[],
  answers: SqlOutcome[][],
  options: PostgresqlOptions,
): Promise<void> {
  const conditions = exprs.flatMap((expr, i) =>
    expr.type.kind === 'bool' ? [{ i, condition: compileRow(expr, options).value }] : [],
  )
  if (conditions.length === 0) return
  const counts = conditions.flatMap(({ condition }) => [
    sql`count(*) FILTER (WHERE ${condition})`,
    sql`count(*) FILTER (WHERE NOT ${condition})`,
    sql`(SELECT count(*) FROM r WHERE ${condition})`,
  ])
  const [found] = await client.query(sql`SELECT ${join(counts, sql`, `)} FROM r`)
  conditions.forEach(({ i }, k) => {
    const column = answers[i] ?? []
    const count = (truth: boolean) => column.filter((row) => 'value' in row && row.value === truth).length
    const expected = [count(true), count(false), count(true)].join('/')
    const counted = found?.slice(3 * k, 3 * k + 3).join('/')
    if (counted === expected || column.some((row) => 'broken' in row)) return
    answers[i] = column.map(() => ({ broken: `FILTER, FILTER NOT, WHERE count ${counted}; SELECT ${expected}` }))
  })
}

/**
 * The same rows with all, or every other, of their cells written into the statement: PostgreSQL evaluates what is
 * constant when it plans, also in branches that no row takes.
 */
async function constantsAgree(
  client: PostgresqlClient,
  exprs: readonly Expr[],
  answers: SqlOutcome[][],
  rows: readonly GeneratedRow[],
  options: PostgresqlOptions,
): Promise<void> {
  for (const [at, row] of rows.slice(0, 6).entries()) {
    const written = schema.filter((_, i) => at % 3 === 0 || i % 2 === at % 2)
    const constants = new Map(written.map((spec) => [spec.name, postgresqlCell(storedSql(spec, row), kindOf(spec))]))
    const column = (of: string): Sql => constants.get(of) ?? name(of)
    const [found] = await client.query(
      sql`SELECT ${columnsOf(exprs, { ...options, column })} FROM r WHERE "row number" = ${number(at)}`,
    )
    exprs.forEach((expr, i) => {
      const folded = outcome(found?.[2 * i], found?.[2 * i + 1], expr.type)
      const answer = answers[i]?.[at]
      if (answer === undefined || 'broken' in answer || sameOutcome(folded, answer)) return
      answers[i] = rows.map(() => ({
        broken: `constants give ${JSON.stringify(folded, plain)}, cells ${JSON.stringify(answer, plain)}`,
      }))
    })
  }
}

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)

function sameOutcome(a: SqlOutcome, b: SqlOutcome): boolean {
  if ('value' in a || 'value' in b) return 'value' in a && 'value' in b && sameValue(a.value, b.value)
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b && a.error === b.error
  return false
}
