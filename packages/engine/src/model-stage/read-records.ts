import {
  identifier,
  integerLiteral,
  join,
  type ProgramDataset,
  type RecordValue,
  sql,
  type Value,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { valueOfCell } from '../plan/cells.ts'
import { picks, rowFilter, scopeOf } from '../plan/scope.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'

/** Rows of a relation as records, with their positions in the source, in its order. */
export interface Records {
  readonly rows: readonly number[]
  readonly records: readonly RecordValue[]
}

/** Reads the given columns of a relation's rows; at most `limit`, if given. */
export async function readRecords(
  session: Session,
  relation: OpenRelation,
  dataset: ProgramDataset,
  names: readonly string[],
  limit?: number,
): Promise<Read<Records>> {
  const scope = scopeOf(relation)
  const failure = scope.failureOf(names)
  if (failure !== undefined) return { ok: false, failure }
  const cells = names.map((name) => scope.column(name).cell)
  const filter = picks(scope, rowFilter(relation.filter))
  const where = filter === undefined ? sql`` : sql` WHERE ${filter}`
  const atMost = limit === undefined ? sql`` : sql` LIMIT ${integer(limit)}`
  const result = await session.query(
    sql`SELECT "row" AS "r", ${join(
      cells.map((cell, i) => sql`${cell} AS ${alias(i)}`),
      sql`, `,
    )} FROM ${relation.numbered}${where} ORDER BY "row"${atMost}`,
  )
  if (!result.ok) return unreadable('source-unreadable', result.error.cause)
  const { rows, columns } = result.value
  const positions = columns.get('r') ?? []
  const types = names.map((name) => dataset.columns.find((c) => c.name === name)?.type ?? { kind: 'double' as const })
  const values = names.map((_, i) => columns.get(`v${i}`) ?? [])
  const records = Array.from({ length: rows }, (_, row): RecordValue => {
    return new Map(
      names.map((name, i): [string, Value | null] => [
        name,
        valueOfCell(values[i]?.[row] ?? null, types[i] ?? { kind: 'double' }),
      ]),
    )
  })
  return found({ rows: positions.map(Number), records })
}

const alias = (i: number) => identifier(`v${i}`)
const integer = (n: number) => integerLiteral(BigInt(n))
