import {
  type Expr,
  identifier,
  type Implementation,
  literalOf,
  type ScalarKind,
  type Sql,
  spark,
  sql,
  type Value,
} from '@plumbline/core'
import type { SqlCell } from './sql-database.ts'
import { type SqlEffort, sqlImplementation } from './sql-implementation.ts'
import { noUtf8 } from './utf8.ts'

/** A session of Spark, set as `sparkSettings` says; whoever opened it closes it. Cells come as `SqlCell` says. */
export interface SparkConnection {
  query(statement: Sql): Promise<readonly (readonly SqlCell[])[]>
}

/** The target's own tables, in which a test plants a bug. */
export type SparkTables = Pick<spark.SparkOptions, 'functions' | 'nodes'>

function literal(kind: ScalarKind, cell: Value | null): Sql {
  if (kind === 'double' && Number.isNaN(cell)) return sql`double('NaN')`
  return spark.literal(literalOf({ kind }, cell))
}

/** Spark over stored tables of rows, which its workers read. */
export function sparkImplementation(
  connection: SparkConnection,
  effort: SqlEffort = { folded: 1 },
  tables: SparkTables = {},
): Implementation {
  return sqlImplementation(
    {
      name: 'spark',
      support: (expr: Expr) => spark.sparkSupport(expr, tables.functions),
      cannotHold: noUtf8,
      value: (expr, { column }) => spark.compileRow(expr, { ...tables, column }).value,
      endsInMissing: (expr, { column }) => spark.endsInMissing(expr, { ...tables, column }),
      literal,
      list: (elements) => sql`array(${elements})`,
      types: spark.sparkTypes,
      listOf: (type) => sql`ARRAY<${type}>`,
      stored: (rows) => sql`CREATE TABLE stored USING parquet AS ${rows}`,
      identifier,
      cell: spark.sparkCell,
      shown: (value, kind) => (kind === 'timestamp' ? spark.microsOf(value) : value),
      query: (statement) => connection.query(statement),
    },
    effort,
  )
}
