import { identifier, integerLiteral, join, type Sql, sql } from '@plumbline/core'
import type { TableColumn } from '../engines/table-dialect.ts'

/** Types whose values Spark hashes itself; those of another are hashed as their texts. */
const HASHED =
  /^(tinyint|smallint|int|bigint|decimal\(.*\)|float|double|boolean|string|char\(.*\)|varchar\(.*\)|binary|date|timestamp|timestamp_ntz|array<\w+>)$/

const SEEDS: readonly bigint[] = [0n, 7046029254386353131n]

/** Twice the sum (modulo 2^64) of a 64-bit hash of each row, with two seeds. */
export function rowHashes(columns: readonly TableColumn[]): readonly Sql[] {
  const cells = columns.flatMap(hashed)
  return SEEDS.map(
    (seed) => sql`CAST(sum(xxhash64(${join([integerLiteral(seed, 'L'), ...cells], sql`, `)})) AS STRING)`,
  )
}

/** A missing cell leaves the hash as it is, so that it is missing is hashed, too. */
const hashed = ({ name, type }: TableColumn): readonly Sql[] => {
  const cell = identifier(name)
  return [HASHED.test(type) ? cell : sql`CAST(${cell} AS STRING)`, sql`(${cell} IS NULL)`]
}
