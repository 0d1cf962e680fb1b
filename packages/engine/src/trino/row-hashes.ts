import { identifier, join, type Sql, sql } from '@plumbline/core'
import type { TableColumn } from '../engines/table-dialect.ts'

/** Types that are compared, and so hashed; another is hashed as JSON. */
const HASHED =
  /^(tinyint|smallint|integer|bigint|decimal\(.*\)|real|double|boolean|varchar.*|char\(.*\)|varbinary|date|time.*|uuid|array\([\w()]+\))$/

/** The sum of a 64-bit hash (xxHash64) of each row that `checksum` makes. */
export const rowHashes = (columns: readonly TableColumn[]): readonly Sql[] => [
  sql`to_hex(checksum(ROW(${join([sql`1`, ...columns.map(hashed)], sql`, `)})))`,
]

const hashed = ({ name, type }: TableColumn): Sql =>
  HASHED.test(type) ? identifier(name) : sql`json_format(CAST(${identifier(name)} AS JSON))`
