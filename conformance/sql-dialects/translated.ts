import { DuckDBInstance } from '@duckdb/node-api'
import {
  bigquery,
  duckdbLiterals,
  duckdbTypes,
  type Expr,
  identifier,
  type Implementation,
  literalOf,
  render,
  snowflake,
  type Sql,
  sql,
  type Support,
} from '@plumbline/core'
import { walk } from '../../packages/core/src/targets/children.ts'
import type { SqlCell } from '../../packages/engine/src/fuzz/sql-database.ts'
import { sqlImplementation } from '../../packages/engine/src/fuzz/sql-implementation.ts'
import type { Translator } from './translator.ts'

/** A dialect that no server is asked in. */
interface Compiled {
  readonly support: (expr: Expr) => Support
  readonly compileRow: (expr: Expr, options: { readonly column: (name: string) => Sql }) => { readonly value: Sql }
  readonly endsInMissing: (expr: Expr, options: { readonly column: (name: string) => Sql }) => Sql
  readonly render: (statement: Sql) => string
  readonly micros: (timestamp: Sql) => Sql
}

/** The dialects, by the names that sqlglot has for them. */
export const compiled = {
  bigquery: {
    support: (expr) => bigquery.bigquerySupport(expr),
    compileRow: bigquery.compileRow,
    endsInMissing: bigquery.endsInMissing,
    render: bigquery.renderBigquery,
    micros: bigquery.microsOf,
  },
  snowflake: {
    support: (expr) => snowflake.snowflakeSupport(expr),
    compileRow: snowflake.compileRow,
    endsInMissing: snowflake.endsInMissing,
    render,
    micros: snowflake.microsOf,
  },
} as const satisfies Readonly<Record<string, Compiled>>

/** What sqlglot leaves as it is, as the documentation of BigQuery says it. */
const MACROS = ['ADD', 'SUBTRACT', 'MULTIPLY'].map(
  (name, i) => `CREATE MACRO SAFE_${name}(a, b) AS TRY(a ${'+-*'[i]} b)`,
)

const TIMES: ReadonlySet<string> = new Set(['timestamp', 'duration'])
/** Characters that the other reader translates in no time: some words it repeats their arguments for, and again inside of them. */
const LONGEST = 3_000

/** Expressions of a dialect, read by another reader of SQL and asked of DuckDB in its translation. */
export async function translatedImplementation(
  name: keyof typeof compiled,
  translator: Translator,
): Promise<Implementation & { close(): void }> {
  const dialect: Compiled = compiled[name]
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  for (const macro of MACROS) await connection.run(macro)
  const implementation = sqlImplementation(
    {
      name,
      support: (expr) => {
        const support = dialect.support(expr)
        if (!support.supported) return support
        if (name === 'snowflake' && walk(expr).some((node) => TIMES.has(node.type.kind)))
          return { supported: false, reason: 'the translation of times knows integers of 64 bits only', at: expr.at }
        const { length } = render(dialect.compileRow(expr, { column: identifier }).value)
        return length <= LONGEST ? support : { supported: false, reason: 'the other reader takes minutes', at: expr.at }
      },
      cannotHold: (cell) =>
        typeof cell === 'string' && !cell.isWellFormed() ? 'a text with half a surrogate pair is no UTF-8' : undefined,
      value: (expr, { column }) => dialect.compileRow(expr, { column }).value,
      endsInMissing: (expr, { column }) => dialect.endsInMissing(expr, { column }),
      // Rows are made by DuckDB, whose values these are.
      literal: (kind, cell) => duckdbLiterals.literal(literalOf({ kind }, cell)),
      list: (elements) => sql`[${elements}]`,
      // Integers are decimals of 38 digits in Snowflake; what holds these is said there.
      types: name === 'snowflake' ? { ...duckdbTypes, int: sql`HUGEINT`, duration: sql`HUGEINT` } : duckdbTypes,
      identifier,
      cell: (stored, kind) => (kind === 'double' ? sql`CASE WHEN NOT isnan(${stored}) THEN ${stored} END` : stored),
      // A small integer has 32 bits in DuckDB.
      shown: (value, kind) =>
        kind === 'timestamp' ? dialect.micros(value) : kind === 'int' ? sql`CAST(${value} AS BIGINT)` : value,
      async query(statement) {
        const own = render(statement)
        const text = own.startsWith('SELECT') ? await translator.toDuckdb(name, dialect.render(statement)) : own
        return (await connection.runAndReadAll(text)).getRows() as SqlCell[][]
      },
    },
    { folded: 0, filtered: 0, atOnce: 8 },
  )
  return {
    ...implementation,
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
