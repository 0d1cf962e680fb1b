import { identifier, integerLiteral, join, type RecordValue, sql, type Value } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { valueOfCell } from '../plan/cells.ts'
import { picks, rowFilter, scopeOf } from '../plan/scope.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'

/** Reads the given columns of a relation's rows as records, in the order of the source; at most `limit`, if given. */
export async function readRecords(
  session: Session,
  relation: OpenRelation,
  names: readonly string[],
  limit?: number,
): Promise<Read<readonly RecordValue[]>> {
  const scope = scopeOf(relation)
  const failure = scope.failureOf(names)
  if (failure !== undefined) return { ok: false, failure }
  const columns = names.map((name) => scope.column(name))
  const filter = picks(scope, rowFilter(relation.filter))
  const where = filter === undefined ? sql`` : sql` WHERE ${filter}`
  const atMost = limit === undefined ? sql`` : sql` LIMIT ${integerLiteral(BigInt(limit))}`
  // The row's number keeps the list from being empty.
  const cells = [sql`"row"`, ...columns.map(({ cell }, i) => sql`${cell} AS ${identifier(`v${i}`)}`)]
  const result = await session.query(
    sql`SELECT ${join(cells, sql`, `)} FROM ${relation.numbered}${where} ORDER BY "row"${atMost}`,
  )
  if (!result.ok) return unreadable('source-unreadable', result.error.cause)
  const read = columns.map(({ name, type }, i) => ({ name, type, cells: result.value.columns.get(`v${i}`) ?? [] }))
  const record = (row: number): RecordValue =>
    new Map(read.map(({ name, type, cells }): [string, Value | null] => [name, valueOfCell(cells[row] ?? null, type)]))
  return found(Array.from({ length: result.value.rows }, (_, row) => record(row)))
}
