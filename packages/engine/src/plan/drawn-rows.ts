import {
  digestOf,
  type DrawnSample,
  floatLiteral,
  identifier,
  type Instance,
  integerLiteral,
  join,
  type Sql,
  sql,
  textLiteral,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { digestsOf, type OpenRelation } from '../relations/relation.ts'
import { rowFilter, scopeOf, where } from './scope.ts'

/** What rows are drawn by. */
export interface DrawRequest {
  readonly session: Session
  readonly relation: OpenRelation
  /** Another seed than that of the data. */
  readonly seed?: string
}

function sampleOf({ clause }: Instance): DrawnSample | undefined {
  return clause.form === 'every' || clause.form === 'must' ? clause.sample : undefined
}

/** Equal for instances that are asked of the same drawn rows; empty for those asked of all rows. */
export function sampleKey(instance: Instance): string {
  const sample = sampleOf(instance)
  return sample === undefined ? '' : JSON.stringify(sample)
}

/**
 * The rows that some instances, which all draw alike, are asked of: a uniform sample without replacement of the relation (its split, before
 * slices), kept in a table of its own. A row is drawn by the hash of its position and a seed that follows from the data, the relation
 * and the size alone, so that a new clause changes no other's sample, and clauses of one size share one.
 */
export async function drawRows(request: DrawRequest, instances: readonly Instance[]): Promise<Read<OpenRelation>> {
  const { session, relation } = request
  const [first] = instances
  const sample = first === undefined ? undefined : sampleOf(first)
  if (sample === undefined) return found(relation)
  if (relation.database !== undefined)
    return unreadable(
      'engine-failed',
      `The rows of ${relation.name} are in a database, where none are drawn by seed. Leave \`sample\` out, or ask it of a view of some rows.`,
    )
  const digests = await digestsOf(relation)
  if (!digests.ok) return digests
  const seed = digestOf({
    data: digests.value,
    relation: relation.name,
    sample,
    ...(request.seed === undefined ? {} : { seed: request.seed }),
  })
  const scope = scopeOf(relation)
  const rows = where(scope, rowFilter())
  const counted = await session.query(sql`SELECT count(*) AS "n" FROM ${relation.from}${rows}`)
  if (!counted.ok) return unreadable('engine-failed', counted.error.cause)
  const of = Number(counted.value.columns.get('n')?.[0] ?? 0)
  // 53 bits, so that the least of them is a float64 above which none is lost.
  const drawn = sql`(hash("row", ${textLiteral(seed)}) >> 11)`
  const limit = await greatestDrawn(session, relation, rows, drawn, sample, of)
  if (!limit.ok) return limit
  const table = identifier(`drawn_${digestOf({ seed, of }).slice(-16)}`)
  const condition = rowFilter(relation.filter)
  const picked = where({ ...scope, relation: { ...relation, filter: null } }, condition, sql`${drawn} < ${limit.value}`)
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${join(columnsOf(relation), sql`, `)} FROM ${relation.numbered}${picked}`,
  )
  if (!made.ok) return unreadable('engine-failed', made.error.cause)
  const count = Number(made.value.columns.get('Count')?.[0] ?? 0)
  return found({
    ...relation,
    from: table,
    numbered: table,
    columnar: false,
    columns: new Map(
      [...relation.columns].map(([name, { plain: _stored, bounds: _known, ...column }]) => [name, column]),
    ),
    filter: null,
    drawn: { rows: count, of, seed },
  })
}

/** The position, and every cell with its misfit, by the names they have. */
function columnsOf(relation: OpenRelation): readonly Sql[] {
  return [
    sql`"row"`,
    ...[...relation.columns.values()].flatMap(({ cell, misfit }) => (misfit === undefined ? [cell] : [cell, misfit])),
  ]
}

/** Rows whose number is below it are drawn: the share of all numbers, or the number after the last of the rows wanted. */
async function greatestDrawn(
  session: Session,
  relation: OpenRelation,
  rows: Sql,
  drawn: Sql,
  sample: DrawnSample,
  of: number,
): Promise<Read<Sql>> {
  const all = 2 ** 53
  if ('share' in sample) return found(floatLiteral(Number(sample.share) * all))
  if (sample.rows >= of) return found(floatLiteral(all))
  const last = await session.query(
    sql`SELECT max("number") AS "last" FROM (SELECT ${drawn} AS "number" FROM ${relation.numbered}${rows} ORDER BY "number" LIMIT ${integerLiteral(BigInt(sample.rows))})`,
  )
  if (!last.ok) return unreadable('engine-failed', last.error.cause)
  return found(floatLiteral(Number(last.value.columns.get('last')?.[0] ?? 0) + 1))
}
