import {
  clickhouse,
  type Expr,
  identifier,
  type Implementation,
  type List,
  literalOf,
  type ScalarKind,
  type Sql,
  sql,
  type Value,
} from '@plumbline/core'
import type { SqlCell } from './sql-database.ts'
import { type SqlEffort, sqlImplementation } from './sql-implementation.ts'

/** ClickHouse with tables that may be made; whoever opened it closes it. Cells come as `SqlCell` says. */
export interface ClickhouseConnection {
  query(statement: Sql): Promise<readonly (readonly SqlCell[])[]>
}

/** The target's own tables, in which a test plants a bug. */
export type ClickhouseTables = Pick<clickhouse.ClickhouseOptions, 'functions' | 'nodes'>

function literal(kind: ScalarKind, cell: Value | null): Sql {
  if (kind === 'double' && Number.isNaN(cell)) return sql`nan`
  return clickhouse.literal(literalOf({ kind }, cell))
}

/** The first and the last microsecond of the years 1 to 9999. */
const [FIRST, LAST] = [-62_135_596_800_000_000n, 253_402_300_799_999_999n]

function cannotHold(cell: Value): string | undefined {
  if (typeof cell === 'object' && 'list' in cell)
    return (cell as List).list.map(cannotHold).find((reason) => reason !== undefined)
  if (typeof cell === 'string' && !cell.isWellFormed()) return 'a text with half a surrogate pair is no UTF-8'
  if (typeof cell !== 'object' || !('timestamp' in cell)) return undefined
  return cell.timestamp < FIRST || cell.timestamp > LAST
    ? 'DateTime64 holds no time outside the years 1 to 9999'
    : undefined
}

/** Elements of lists are never missing. */
const PLAIN: ReadonlyMap<Sql, Sql> = new Map([
  [clickhouse.clickhouseTypes.bool, sql`Bool`],
  [clickhouse.clickhouseTypes.int, sql`Int64`],
  [clickhouse.clickhouseTypes.double, sql`Float64`],
  [clickhouse.clickhouseTypes.string, sql`String`],
  [clickhouse.clickhouseTypes.timestamp, sql`DateTime64(6, 'UTC')`],
])

/** A truth as the client reads it: a comparison gives a number there. */
const truth = (value: Sql): Sql => sql`CAST(${value} AS Nullable(Bool))`

/** ClickHouse over stored tables of rows, in which no list is missing. */
export function clickhouseImplementation(
  connection: ClickhouseConnection,
  effort: SqlEffort = { folded: 1 },
  tables: ClickhouseTables = {},
): Implementation {
  return sqlImplementation(
    {
      name: 'clickhouse',
      support: (expr: Expr) => clickhouse.clickhouseSupport(expr, tables.functions),
      cannotHold,
      value: (expr, { column }) => clickhouse.compileRow(expr, { ...tables, column }).value,
      endsInMissing: (expr, { column }) => truth(clickhouse.endsInMissing(expr, { ...tables, column })),
      literal,
      list: (elements) => sql`[${elements}]`,
      types: clickhouse.clickhouseTypes,
      listOf: (type) => sql`Array(${PLAIN.get(type) ?? type})`,
      stored: (rows) => sql`CREATE TABLE stored ENGINE = Memory AS ${rows}`,
      viewed: (rows) => sql`CREATE VIEW r AS ${rows}`,
      identifier,
      cell: clickhouse.clickhouseCell,
      shown: (value, kind) =>
        kind === 'timestamp' ? clickhouse.microsOf(value) : kind === 'bool' ? truth(value) : value,
      query: (statement) => connection.query(statement),
    },
    effort,
  )
}
