import type { Clause, EveryClause, MustClause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import { BOOL } from '../expr/type.ts'
import { columnsOf, walk } from '../targets/children.ts'
import type { Change } from './change.ts'
import { compareClauses } from './compare-clauses.ts'
import { exprKey } from './condition/leaves.ts'
import type { Compared } from './facets/relations.ts'

const COVERING: ReadonlySet<Change['kind']> = new Set(['unchanged', 'reworded', 'strengthened'])

/**
 * The clauses of the new spec that ask at least as much as one that it has no more: a single one, or the fewest (none can be
 * left out) of those on each row that do so together, or those that each ask a part of what it asked of its rows as a whole. What is new is asked first: it may have taken the clause's place.
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
  if (clause.form === 'must') return coveredInParts(clause, related, compared)
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

/** The clauses that each ask at least as much as one part of a condition that is joined by `&&`. */
function coveredInParts(
  clause: MustClause,
  related: readonly Clause[],
  compared: Compared,
): readonly string[] | undefined {
  const parts = conjunctsOf(clause.must.condition)
  if (parts.length < 2) return undefined
  const found = parts.map((part) => {
    const asked = askingPart(clause, part)
    return related.find((other) => COVERING.has(compareClauses(asked, other, compared).kind))?.id
  })
  return found.some((id) => id === undefined) ? undefined : [...new Set(found.flatMap((id) => id ?? []))]
}

const conjunctsOf = (expr: Expr): readonly Expr[] => (expr.node === 'and' ? expr.args.flatMap(conjunctsOf) : [expr])

/**
 * A clause that asks a part of the condition, at the level at which it was decided there: the k estimated comparisons of a
 * condition share its α.
 */
function askingPart(clause: MustClause, condition: Expr): MustClause {
  const { must, confidence } = clause
  const estimated = (expr: Expr): number =>
    walk(expr).filter((node) => node.node === 'comparison' && must.comparisons[node.index]?.estimated === true).length
  const [own, all] = [estimated(condition), estimated(must.condition)]
  const level =
    confidence === 'none' || own === 0 ? confidence : Number((1 - ((1 - confidence) * own) / all).toFixed(12))
  const used = new Set(
    walk(condition)
      .flatMap((node) => (node.node === 'comparison' ? (must.comparisons[node.index] ?? []) : []))
      .flatMap(({ left, right }) => [...walk(left), ...walk(right)])
      .flatMap((node) => (node.node === 'term' ? [node.index] : [])),
  )
  // The other terms are asked by no part of it; their places stay, since the parts name them by place.
  const terms = must.terms.map((term, i) => (used.has(i) ? term : { ...term, estimates: 'rows' as const }))
  return { ...clause, confidence: level, must: { ...must, condition, terms } }
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
