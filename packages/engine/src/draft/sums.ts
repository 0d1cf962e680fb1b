import { identifier, join, type Sql, sql } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import { type DraftRows, FIRST_HELD_OUT, GROUPS } from './rows.ts'

/** Where a sum stands among all that are asked for. */
export type SumIndex = number

/** Reads a sum over some of the rows. */
export type ReadSum = (index: SumIndex) => number

/** Collects what is to be summed over the rows; the same expression is summed once. */
export interface SumList {
  /** A number of each row; null counts nothing. */
  add(term: Sql): SumIndex
  /** Rows where a condition is true. */
  count(condition: Sql): SumIndex
  readonly terms: readonly Sql[]
}

/** An empty list, but for the number of rows, which is the first. */
export function sumList(): SumList {
  const terms: Sql[] = [sql`1`]
  const add = (term: Sql): SumIndex => terms.push(term) - 1
  return { terms, add, count: (condition) => add(sql`CASE WHEN ${condition} THEN 1 ELSE 0 END`) }
}

/** The number of rows. */
export const ROWS: SumIndex = 0

/** Sums by group: `byGroup[group][index]`. */
export interface GroupSums {
  readonly byGroup: readonly Float64Array[]
  readonly all: ReadSum
  readonly learned: ReadSum
  readonly heldOut: ReadSum
}

/** Terms of one statement: planning grows faster than their number. */
const TERMS = 200

/** Sums all terms, each group by itself. */
export async function groupSums({ session, table }: DraftRows, { terms }: SumList): Promise<Outcome<GroupSums>> {
  const byGroup = Array.from({ length: GROUPS }, () => new Float64Array(terms.length))
  for (let at = 0; at < terms.length; at += TERMS) {
    const parts = terms
      .slice(at, at + TERMS)
      .map((term, i) => sql`sum(CAST(${term} AS DOUBLE)) AS ${identifier(`s${i}`)}`)
    const found = await session.numbers(sql`SELECT g, ${join(parts, sql`, `)} FROM ${table} GROUP BY g`)
    if (!found.ok) return found
    const [groups, ...sums] = found.value
    groups?.forEach((group, row) => {
      const target = byGroup[group]
      sums.forEach((values, i) => {
        const value = values[row] ?? 0
        if (target !== undefined) target[at + i] = Number.isNaN(value) ? 0 : value
      })
    })
  }
  return {
    ok: true,
    value: {
      byGroup,
      all: summed(byGroup),
      learned: summed(byGroup.slice(0, FIRST_HELD_OUT)),
      heldOut: summed(byGroup.slice(FIRST_HELD_OUT)),
    },
  }
}

function summed(groups: readonly Float64Array[]): ReadSum {
  const total = new Float64Array(groups[0]?.length ?? 0)
  for (const group of groups) group.forEach((value, i) => (total[i] = (total[i] ?? 0) + value))
  return (index) => total[index] ?? 0
}
