import { type Sql, sql } from '@plumbline/core'

/** How a database writes numbers. */
interface Literals {
  readonly double: (value: number) => Sql
  readonly whole: (value: number) => Sql
}

/** How many of ascending edges lie below a float64, found as in a tree: for databases without a search in ascending numbers. */
export function edgesBelow(number: Sql, edges: readonly number[], literals: Literals): Sql {
  // At least `from` lie below, and `to` at most.
  const between = (from: number, to: number): Sql => {
    if (from === to) return literals.whole(from)
    const middle = (from + to) >> 1
    return sql`CASE WHEN ${number} > ${literals.double(edges[middle] ?? 0)} THEN ${between(middle + 1, to)} ELSE ${between(from, middle)} END`
  }
  return between(0, edges.length)
}
