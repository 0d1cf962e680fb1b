import {
  type GuardColumn,
  identifier,
  join,
  type Program,
  type RecordValue,
  sql,
  stats,
  type Value,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { valueOfCell } from '../plan/cells.ts'
import { picks, rowFilter, scopeOf, where } from '../plan/scope.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { rowOf } from './cells.ts'
import type { RealRow } from './requests.ts'

/**
 * The relation that actual rows are taken from: the split that clauses on the champion are asked of (held-out rows), or
 * all rows of its dataset where there is no such split.
 */
export function realRelation(program: Program, model: string): string | undefined {
  const declared = program.models.find(({ name }) => name === model)
  if (declared === undefined) return undefined
  const roles = new Set([model, 'challenger'])
  for (const { of } of program.clauses) {
    for (const { relation } of of) {
      const named = program.relations.find(({ name }) => name === relation)
      if (
        named?.kind === 'model' &&
        roles.has(named.model) &&
        named.dataset === declared.from &&
        named.split !== undefined
      )
        return `${named.dataset}.${named.split}`
    }
  }
  return declared.from
}

const SAMPLE = 'release_sample'

/**
 * At most `count` rows of a relation that a request can carry exactly, drawn without replacement, in the order of the
 * source. Equal seeds draw equal rows of equal data.
 */
export async function sampleRealRows(
  session: Session,
  relation: OpenRelation,
  columns: readonly GuardColumn[],
  count: number,
  seed: string,
): Promise<Read<readonly RealRow[]>> {
  const scope = scopeOf(relation)
  const names = columns.map(({ name }) => name)
  const failure = scope.failureOf(names)
  if (failure !== undefined) return { ok: false, failure }
  const all = await session.numbers(
    sql`SELECT "row" FROM ${relation.numbered}${where(scope, rowFilter())} ORDER BY "row"`,
  )
  if (!all.ok) return unreadable('source-unreadable', all.error.cause)
  const positions = stats.createRandom(seed, 'release:rows').shuffle(all.value[0] ?? new Float64Array(0))
  const chosen = BigInt64Array.from(positions.slice(0, count), BigInt)
  const loaded = await session.load(SAMPLE, [{ name: 'position', type: 'bigint', values: chosen }])
  if (!loaded.ok) return unreadable('source-unreadable', loaded.error.cause)
  const cells = names.map((name, i) => sql`${scope.column(name).cell} AS ${identifier(`v${i}`)}`)
  const drawn = picks(scope, rowFilter(), sql`"row" IN (SELECT "position" FROM ${identifier(SAMPLE)})`) ?? sql`true`
  const result = await session.query(
    sql`SELECT ${join([sql`"row"`, ...cells], sql`, `)} FROM ${relation.numbered} WHERE ${drawn} ORDER BY "row"`,
  )
  if (!result.ok) return unreadable('source-unreadable', result.error.cause)
  const cell = (name: string, i: number, row: number): readonly [string, Value | null] => [
    name,
    valueOfCell(result.value.columns.get(`v${i}`)?.[row] ?? null, scope.column(name).type),
  ]
  return found(
    Array.from({ length: result.value.rows }, (_, at) => at).flatMap((at): readonly RealRow[] => {
      const record: RecordValue = new Map(names.map((name, i) => cell(name, i, at)))
      const row = rowOf(columns, record)
      return row === undefined ? [] : [{ position: Number(result.value.columns.get('row')?.[at]), row }]
    }),
  )
}
