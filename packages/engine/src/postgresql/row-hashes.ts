import { identifier, join, type Sql, sql } from '@plumbline/core'
import type { TableColumn } from '../engines/table-dialect.ts'

/** Types whose values PostgreSQL hashes itself; those of another are hashed as their texts. */
const HASHED =
  /^(smallint|integer|bigint|numeric|real|double precision|boolean|text|character varying|character|uuid|date|timestamp (with|without) time zone|enum)$/

const SEEDS: readonly Sql[] = [sql`0`, sql`7046029254386353131`]

/** Twice the sum of a 64-bit hash of each row, with two seeds. */
export function rowHashes(columns: readonly TableColumn[]): readonly Sql[] {
  const row = sql`ROW(${join(columns.map(hashed), sql`, `)})`
  return SEEDS.map((seed) => sql`CAST(sum(hash_record_extended(${row}, ${seed})) AS text)`)
}

const hashed = ({ name, type }: TableColumn): Sql =>
  HASHED.test(type) ? identifier(name) : sql`CAST(${identifier(name)} AS text)`
