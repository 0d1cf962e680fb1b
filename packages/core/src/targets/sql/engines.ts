import type { Expr } from '../../expr/expr.ts'
import type { DatabaseDialect } from '../../language/spec.ts'
import type { Support } from '../unsupported.ts'
import { bigquerySupport } from './bigquery/compile.ts'
import { clickhouseSupport } from './clickhouse/compile.ts'
import { duckdbSupport } from './duckdb/compile.ts'
import { postgresqlSupport } from './postgresql/compile.ts'
import { snowflakeSupport } from './snowflake/compile.ts'
import { sparkSupport } from './spark/compile.ts'
import { trinoSupport } from './trino/compile.ts'

/** The databases that are asked of rows. Files are read by DuckDB. */
export type SqlEngine = 'duckdb' | DatabaseDialect

/** What each can express: the first place where it cannot, and why. A further dialect is a line here. */
export const sqlSupport: Readonly<Record<SqlEngine, (expr: Expr) => Support>> = {
  duckdb: (expr) => duckdbSupport(expr),
  postgresql: (expr) => postgresqlSupport(expr),
  spark: (expr) => sparkSupport(expr),
  trino: (expr) => trinoSupport(expr),
  clickhouse: (expr) => clickhouseSupport(expr),
  snowflake: (expr) => snowflakeSupport(expr),
  bigquery: (expr) => bigquerySupport(expr),
}
