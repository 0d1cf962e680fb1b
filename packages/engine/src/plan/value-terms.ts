import { integerLiteral, type Sql, sql, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import type { Cell } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { failedTerm } from './row-terms.ts'
import { rowFilter, where } from './scope.ts'

/** One row of numbers about the non-missing cells of the term's column, or why there is none. */
type Answered =
  | { readonly ok: true; readonly value: (name: string) => Cell }
  | { readonly ok: false; readonly failed: TermOutcome }

/** Asks one statement about the term's column: `cells` is a FROM item with one column `x`, none of it missing. */
async function ask(
  { session, scope, term, slice }: GroupRequest,
  statement: (cells: Sql) => Sql,
  order: 'ordered' | 'unordered' = 'unordered',
): Promise<Answered> {
  const { cell } = scope.column(columnOf(term))
  const rows = order === 'ordered' ? scope.relation.numbered : scope.relation.from
  const position = order === 'ordered' ? sql`, "row"` : sql``
  const kept = where(scope, rowFilter(...slice.conditions, term.where), sql`(${cell} IS NOT NULL)`)
  const result = await session.query(statement(sql`(SELECT ${cell} AS "x"${position} FROM ${rows}${kept}) AS "cells"`))
  if (!result.ok)
    return { ok: false, failed: failedTerm(failureReason(result.error), `${term.expression}: ${result.error.cause}`) }
  const { columns } = result.value
  return { ok: true, value: (name) => columns.get(name)?.[0] ?? null }
}

function columnOf(term: Term): string {
  const [column] = term.args
  if (column?.kind !== 'column') throw new Error(`${term.fn} takes a column.`)
  return column.name
}

function numberOf(term: Term): number {
  const argument = term.args[1]
  if (argument?.kind !== 'value') throw new Error(`${term.fn} takes a number.`)
  return argument.value
}

const measured = (term: Term, value: number | null): TermOutcome => ({ ok: true, value: { term, value, missing: 0 } })

/** `mode_count`, `modes`: how often the most common value occurs, and how many values do so. */
export async function measureModes(request: GroupRequest): Promise<TermOutcome> {
  const answer = await ask(
    request,
    (
      cells,
    ) => sql`SELECT coalesce(max("n"), 0) AS "most", ${request.scope.spelling.countIf(sql`"n" = "top"`)} AS "modes"
      FROM (SELECT "n", max("n") OVER () AS "top" FROM (SELECT count(*) AS "n" FROM ${cells} GROUP BY "x") AS "counts") AS "topped"`,
  )
  if (!answer.ok) return answer.failed
  return measured(request.term, Number(answer.value(request.term.fn === 'modes' ? 'modes' : 'most')))
}

/** `ascents`, `descents`, `repeats`: each cell against the non-missing one before it, in the order of the data. */
export async function measureOrder(request: GroupRequest): Promise<TermOutcome> {
  const { fn } = request.term
  const sign = fn === 'ascents' ? sql`>` : fn === 'descents' ? sql`<` : sql`=`
  const answer = await ask(
    request,
    (cells) => sql`SELECT ${request.scope.spelling.countIf(sql`"x" ${sign} "before"`)} AS "n"
      FROM (SELECT "x", lag("x") OVER (ORDER BY "row") AS "before" FROM ${cells}) AS "pairs"`,
    'ordered',
  )
  return answer.ok ? measured(request.term, Number(answer.value('n'))) : answer.failed
}

/** `above_stddevs`, `below_stddevs`: undefined where the values do not vary, or there are fewer than two. */
export async function measureOutliers(request: GroupRequest): Promise<TermOutcome> {
  const { term } = request
  const { spelling } = request.scope
  const { type } = request.scope.column(columnOf(term))
  const x = spelling.asDouble(sql`"x"`, type)
  // Moments of infinite cells do not exist, and DuckDB raises at them.
  const finite = type.kind === 'double' ? sql`CASE WHEN ${spelling.isFinite(x)} THEN ${x} END` : sql`"x"`
  const away = term.fn === 'above_stddevs' ? sql`"x" - "mean"` : sql`"mean" - "x"`
  const answer = await ask(
    request,
    (
      cells,
    ) => sql`SELECT ${spelling.countIf(sql`(${away}) / nullif("sd", 0) >= ${spelling.number(numberOf(term))}`)} AS "n", ${spelling.anyOf(sql`"sd"`)} AS "sd"
      FROM (SELECT ${x} AS "x" FROM ${cells}) AS "values",
           (SELECT avg(${x}) AS "mean", CASE WHEN count("x") = count(*) THEN ${spelling.stddev(sql`"x"`, type).fast} END AS "sd"
            FROM (SELECT ${finite} AS "x" FROM ${cells}) AS "finite") AS "moments"`,
  )
  if (!answer.ok) return answer.failed
  return measured(term, Number(answer.value('sd') ?? 0) > 0 ? Number(answer.value('n')) : null)
}

/** `quantile_nearest`: the value whose rank, counted from 0, is nearest to q · (n − 1); halves go to the even rank. */
export async function measureNearest(request: GroupRequest): Promise<TermOutcome> {
  const { term } = request
  const size = await ask(request, (cells) => sql`SELECT count(*) AS "n" FROM ${cells}`)
  if (!size.ok) return size.failed
  const n = Number(size.value('n'))
  if (n === 0) return measured(term, null)
  const { spelling } = request.scope
  const double = spelling.asDouble(sql`"x"`, request.scope.column(columnOf(term)).type)
  const rank = BigInt(halfToEven(numberOf(term) * (n - 1)))
  const answer = await ask(
    request,
    (cells) => sql`SELECT ${double} AS "x" FROM ${cells} ORDER BY "x" LIMIT 1 OFFSET ${integerLiteral(rank)}`,
  )
  return answer.ok ? measured(term, Number(answer.value('x'))) : answer.failed
}

function halfToEven(value: number): number {
  const low = Math.floor(value)
  const part = value - low
  return part < 0.5 || (part === 0.5 && low % 2 === 0) ? low : low + 1
}
