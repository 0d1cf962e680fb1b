import { type Sql, sql, stats } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { columnExpr, failedTerm } from './row-terms.ts'
import { type RowFilter, rowFilter, where } from './scope.ts'

/** `mutual_information`: cells of the table of both columns that have the same counts are read together, so that few rows come here. */
export async function measureMutualInformation(request: GroupRequest): Promise<TermOutcome> {
  const { session, scope, term, slice } = request
  const [first, second] = term.args
  if (first?.kind !== 'column' || second?.kind !== 'column') throw new Error('mutual_information takes two columns.')
  const filter = rowFilter(...slice.conditions, term.where)
  const failed = (cause: Outcome<unknown> & { readonly ok: false }) =>
    failedTerm(failureReason(cause.error), `${term.expression}: ${cause.error.cause}`)
  const a = await valueOrBin(request, filter, first.name)
  if (!a.ok) return failed(a)
  const b = await valueOrBin(request, filter, second.name)
  if (!b.ok) return failed(b)
  const both = [first, second].map(({ name }) => sql`${scope.column(name).cell} IS NOT NULL`)
  const rows = where(scope, filter, ...both)
  const table = await session.numbers(
    sql`SELECT "joint", "left", "right", count(*) FROM (SELECT "joint", sum("joint") OVER (PARTITION BY "a") AS "left", sum("joint") OVER (PARTITION BY "b") AS "right"
        FROM (SELECT "a", "b", count(*) AS "joint" FROM (SELECT ${a.value} AS "a", ${b.value} AS "b" FROM ${scope.relation.from}${rows}) AS "pairs" GROUP BY "a", "b") AS "cells") AS "sums"
        GROUP BY "joint", "left", "right" ORDER BY "joint", "left", "right"`,
  )
  if (!table.ok) return failed(table)
  const [joint = new Float64Array(), left, right, cells] = table.value
  const alike = Array.from(joint, (n, i) => ({
    joint: n,
    row: left?.[i] ?? 0,
    column: right?.[i] ?? 0,
    cells: cells?.[i] ?? 0,
  }))
  return { ok: true, value: { term, value: stats.mutualInformation(alike) ?? null, missing: 0 } }
}

/** The cell itself, or the bin of a number. */
async function valueOrBin({ scope, counts }: GroupRequest, filter: RowFilter, column: string): Promise<Outcome<Sql>> {
  const { cell, type } = scope.column(column)
  const declared = scope.relation.declared.get(column)?.columnType
  if (declared !== 'integer' && declared !== 'number') return succeed(cell)
  const edges = await counts.edges(scope, filter, scope.value(columnExpr(scope, column)), type)
  if (!edges.ok) return edges
  return succeed(
    edges.value.length === 0 ? sql`0` : scope.spelling.binOf(scope.spelling.asDouble(cell, type), edges.value),
  )
}
