import type { Clause, EveryClause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import { BOOL } from '../expr/type.ts'
import { columnsOf } from '../targets/children.ts'
import type { Change } from './change.ts'
import { compareClauses } from './compare-clauses.ts'
import { exprKey } from './condition/leaves.ts'
import type { Compared } from './facets/relations.ts'

const COVERING: ReadonlySet<Change['kind']> = new Set(['unchanged', 'reworded', 'strengthened'])

/**
 * The clauses of the new spec that ask at least as much as one that it has no more: a single one, or the fewest (none can be
 * left out) of those on each row that do so together. What is new is asked first: it may have taken the clause's place.
 * Undefined where something is lost.
 */
export function coveringOf(
  clause: Clause,
  added: readonly Clause[],
  kept: readonly Clause[],
  compared: Compared,
): readonly string[] | undefined {
  return coveredAmong(clause, added, compared) ?? coveredAmong(clause, [...added, ...kept], compared)
}

function coveredAmong(
  clause: Clause,
  candidates: readonly Clause[],
  compared: Compared,
): readonly string[] | undefined {
  const covers = (other: Clause): boolean => COVERING.has(compareClauses(clause, other, compared).kind)
  const related = candidates.filter((other) => other.form === clause.form && sharesRelation(clause, other))
  const single = related.find(covers)
  if (single !== undefined) return [single.id]
  if (!isPlainEvery(clause)) return undefined
  const read = columnsOf(clause.condition.expr)
  let parts = related
    .filter(isPlainEvery)
    .filter(({ condition }) => [...columnsOf(condition.expr)].some((column) => read.has(column)))
    .filter((part) => covers(asking(part, clause.condition.expr)))
  if (parts.length < 2 || !covers(together(parts))) return undefined
  for (const part of parts) {
    const without = parts.filter((other) => other !== part)
    if (covers(together(without))) parts = without
  }
  return parts.map(({ id }) => id)
}

type PlainEvery = EveryClause & { readonly condition: Extract<EveryClause['condition'], { kind: 'expr' }> }

/** Whose condition is true of each row that passes: conditions of such clauses can be joined. */
const isPlainEvery = (clause: Clause): clause is PlainEvery =>
  clause.form === 'every' && clause.condition.kind === 'expr' && clause.missing === 'fail' && clause.mostly === '1'

const sharesRelation = (a: Clause, b: Clause): boolean =>
  a.of.some(({ relation }) => b.of.some((other) => other.relation === relation))

/** The clause with another condition. */
const asking = (clause: PlainEvery, expr: Expr): PlainEvery => ({ ...clause, condition: { ...clause.condition, expr } })

/** One clause that asks what several ask; each of them covers all but the condition. */
function together(parts: readonly PlainEvery[]): PlainEvery {
  const [first, ...rest] = parts as readonly [PlainEvery, ...PlainEvery[]]
  const exprs = new Map(rest.map(({ condition: { expr } }) => [exprKey(expr), expr]))
  return asking(
    first,
    [...exprs.values()].reduce<Expr>((a, b) => ({ node: 'and', type: BOOL, args: [a, b] }), first.condition.expr),
  )
}
