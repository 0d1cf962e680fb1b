import { integerLiteral, type Measured, type Sql, sql, stats, type Term, type Type } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { expanded, numberCounts } from './number-counts.ts'
import { failedTerm } from './row-terms.ts'
import { type RowFilter, rowFilter, type Scope, where } from './scope.ts'

/** What `approx_distinct` and `approx_quantile` are made of: states that merge exactly, so that parts of the rows say what all of them do. */
export type Sketch =
  | { readonly kind: 'registers'; readonly registers: stats.Registers }
  | { readonly kind: 'log-histogram'; readonly histogram: stats.LogHistogram }
  | { readonly kind: 'ranks'; readonly sketch: stats.RankSketch }

/** Whether a term is answered from a sketch. */
export const isSketched = ({ fn }: Pick<Term, 'fn'>): boolean =>
  fn === 'approx_distinct' || fn === 'approx_quantile' || fn === 'approx_quantile_by_rank'

/** Of the coins of all sketches of ranks: the same rows give the same sketch. */
export const RANK_SEED = 'ranks'

/** The value that a sketch gives; null where there is no cell. */
export function sketchValue(term: Term, sketch: Sketch): Measured {
  if (sketch.kind === 'registers') return stats.distinctOf(sketch.registers)
  const [, argument] = term.args
  const q = argument?.kind === 'value' ? argument.value : 0.5
  return (
    (sketch.kind === 'ranks' ? stats.rankQuantile(sketch.sketch, q) : stats.logQuantile(sketch.histogram, q)) ?? null
  )
}

/** The sketch of the term's column over the rows of a slice. */
export function sketchOf(session: Database, scope: Scope, term: Term, slice: RowFilter): Promise<Outcome<Sketch>> {
  const [column] = term.args
  if (column?.kind !== 'column') throw new Error(`${term.fn} takes a column.`)
  const { cell, type } = scope.column(column.name)
  const filter = rowFilter(...slice.conditions, term.where)
  const from = sql`FROM ${scope.relation.from}${where(scope, filter, sql`(${cell}) IS NOT NULL`)}`
  if (term.fn === 'approx_quantile_by_rank') return ranksOf(session, cell, from, type)
  return term.fn === 'approx_distinct' ? registersOf(session, cell, from) : histogramOf(session, cell, from)
}

async function ranksOf(session: Database, cell: Sql, from: Sql, type: Type): Promise<Outcome<Sketch>> {
  const counted = await numberCounts(session, from, cell, type)
  if (!counted.ok) return counted
  return succeed({ kind: 'ranks', sketch: stats.rankSketch(expanded(counted.value), RANK_SEED) })
}

const LOW_BITS = 2 ** stats.REGISTER_BITS - 1

/** The rank of a hash is one more than the zeros at the end of its other bits: the ones of `w XOR (w − 1)`. */
async function registersOf(session: Database, cell: Sql, from: Sql): Promise<Outcome<Sketch>> {
  const result = await session.numbers(
    sql`SELECT "at", max(CASE WHEN "w" = 0 THEN ${whole(stats.RANK_BITS + 1)} ELSE bit_count(xor("w", "w" - 1)) END)
        FROM (SELECT "h" & ${whole(LOW_BITS)} AS "at", CAST("h" >> ${whole(stats.REGISTER_BITS)} AS BIGINT) AS "w"
              FROM (SELECT hash(${cell}) AS "h" ${from}) AS "hashed") AS "parted" GROUP BY "at"`,
  )
  if (!result.ok) return result
  const registers = stats.noRegisters()
  const [at = [], ranks = []] = result.value
  for (let i = 0; i < at.length; i++) registers[Number(at[i])] = Number(ranks[i])
  return succeed({ kind: 'registers', registers })
}

async function histogramOf(session: Database, cell: Sql, from: Sql): Promise<Outcome<Sketch>> {
  const x = sql`CAST(${cell} AS DOUBLE)`
  const base = session.spelling.number(stats.LOG_BASE)
  const result = await session.numbers(
    sql`SELECT sign("x"), CASE WHEN "x" <> 0 THEN ceil(ln(abs("x")) / ${base}) ELSE 0 END AS "bin", CAST(count(*) AS DOUBLE)
        FROM (SELECT ${x} AS "x" ${from}) AS "numbers" GROUP BY 1, 2 ORDER BY 1, 2`,
  )
  if (!result.ok) return result
  const [signs = [], bins = [], counts = []] = result.value
  const rows = Array.from(
    { length: signs.length },
    (_, i) => [Number(signs[i]), Number(bins[i]), Number(counts[i])] as const,
  )
  const of = (wanted: number) => rows.filter(([sign]) => sign === wanted).map(([, bin, count]) => [bin, count] as const)
  const zeros = rows.find(([sign]) => sign === 0)?.[2] ?? 0
  return succeed({ kind: 'log-histogram', histogram: { zeros, above: of(1), below: of(-1) } })
}

const whole = (value: number): Sql => integerLiteral(BigInt(value))

/** Measures `approx_distinct` and `approx_quantile`. Where rows are far away, the exact number, which is within the error. */
export async function measureSketch(request: GroupRequest): Promise<TermOutcome> {
  const { session, scope, term, slice } = request
  // All rows are at hand: there is no need to leave some of their ranks out.
  if (scope.spelling.countsThere || term.fn === 'approx_quantile_by_rank') return exactly(request)
  const sketch = await sketchOf(session, scope, term, slice)
  if (!sketch.ok) return failedTerm(failureReason(sketch.error), `${term.expression}: ${sketch.error.cause}`)
  return { ok: true, value: { term, value: sketchValue(term, sketch.value), missing: 0 } }
}

async function exactly({ session, scope, term, slice }: GroupRequest): Promise<TermOutcome> {
  const [column, argument] = term.args
  if (column?.kind !== 'column') throw new Error(`${term.fn} takes a column.`)
  const { cell, type } = scope.column(column.name)
  const filter = rowFilter(...slice.conditions, term.where)
  const from = sql`FROM ${scope.relation.from}${where(scope, filter, sql`(${cell}) IS NOT NULL`)}`
  const counted = await session.query(sql`SELECT count(*) AS "n", count(DISTINCT ${cell}) AS "distinct" ${from}`)
  if (!counted.ok) return failedTerm(failureReason(counted.error), `${term.expression}: ${counted.error.cause}`)
  const number = (name: string) => Number(counted.value.columns.get(name)?.[0] ?? 0)
  if (term.fn === 'approx_distinct') return { ok: true, value: { term, value: number('distinct'), missing: 0 } }
  if (number('n') === 0) return { ok: true, value: { term, value: null, missing: 0 } }
  const q = argument?.kind === 'value' ? argument.value : 0.5
  const rank = whole(Math.floor(q * (number('n') - 1)))
  const x = scope.spelling.asDouble(cell, type)
  const found = await session.query(sql`SELECT ${x} AS "x" ${from} ORDER BY "x" LIMIT 1 OFFSET ${rank}`)
  if (!found.ok) return failedTerm(failureReason(found.error), `${term.expression}: ${found.error.cause}`)
  return { ok: true, value: { term, value: Number(found.value.columns.get('x')?.[0]), missing: 0 } }
}
