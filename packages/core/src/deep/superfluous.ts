import type { EveryClause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import { type Asked, type AskedRelation, isAuthored, premise } from './asked.ts'
import { connected } from './connected.ts'
import type { Finding } from './findings.ts'
import type { Near } from './minimal.ts'

/** Steps from column to column, after which all that a clause is connected with is asked about at once. */
const MOST_HOPS = 2

const RANK = { info: 0, warn: 1, block: 2 } as const

/** Asks for a minimal set of demands that no row meets together; undefined where there is a row, `open` where there is no answer. */
export type Conflict = (asked: readonly Asked[], near?: Near) => Promise<readonly Asked[] | 'open' | undefined>

/** A clause that asks nothing. */
export type Superfluous = Extract<Finding, { kind: 'redundant' | 'vacuous' }>

/** Clauses written for this relation that ask nothing: they follow from others, or their premise is never true. */
export async function superfluousIn(
  relation: AskedRelation,
  near: Near,
  { quick, patient }: { readonly quick: Conflict; readonly patient: Conflict },
): Promise<readonly Superfluous[]> {
  const dropped = new Set<Asked>()
  // What takes no solver is told of all before the first question to one: its time may be used up by that.
  const first = await looked(relation, relation.asked, near, dropped, quick)
  const second = await looked(relation, first.open, near, dropped, patient)
  return [...first.found, ...second.found]
}

interface Looked {
  readonly found: readonly Superfluous[]
  readonly open: readonly Asked[]
}

async function looked(
  { name: relation, asked }: AskedRelation,
  candidates: readonly Asked[],
  near: Near,
  dropped: Set<Asked>,
  conflict: Conflict,
): Promise<Looked> {
  const found: Superfluous[] = []
  const open: Asked[] = []
  for (const each of candidates) {
    const { clause } = each
    if (clause === undefined || !isAuthored(clause) || !clause.of.some((of) => of.relation === relation)) continue
    const sure = asked.filter(
      (other) =>
        other !== each &&
        !dropped.has(other) &&
        other.slack === 0 &&
        (other.clause === undefined || RANK[other.clause.severity] >= RANK[clause.severity]),
    )
    // What is left out first is what a person wrote: that a clause follows from contracts says more.
    const others = connected(each.columns, sure).toSorted((a, b) => Number(isWritten(b)) - Number(isWritten(a)))
    const otherwise = { ...each, demand: { ...each.demand, holds: false } }
    const minimal = await nearestConflict(otherwise, others, near, conflict)
    if (minimal === 'open') open.push(each)
    if (minimal === undefined || minimal === 'open') continue
    dropped.add(each)
    const when = premiseOf(each.demand.expr)
    const contracts = others.filter((other) => other.clause === undefined || !isAuthored(other.clause))
    const never =
      when === undefined ? undefined : await conflict([...contracts, premise(`if ${clause.id}`, when)], near)
    found.push(
      never === undefined || never === 'open'
        ? { kind: 'redundant', relation, clause, by: clausesOf(minimal.filter((other) => others.includes(other))) }
        : { kind: 'vacuous', relation, clause, by: clausesOf(never) },
    )
  }
  return { found, open }
}

const isWritten = ({ clause }: Asked): boolean => clause !== undefined && isAuthored(clause)

/**
 * The demands that a clause follows from. Mostly they read its own columns, or columns that others compare with these: a
 * far smaller question than that of all it is connected with.
 */
async function nearestConflict(
  of: Asked,
  connectedWith: readonly Asked[],
  near: Near,
  conflict: Conflict,
): ReturnType<Conflict> {
  let isOpen = false
  let columns = of.columns
  let before = -1
  for (let hop = 0; ; hop++) {
    const some =
      hop === MOST_HOPS
        ? connectedWith
        : connectedWith.filter((each) => [...each.columns].every((name) => columns.has(name)))
    if (some.length !== before) {
      const found = await conflict([...some, of], near)
      if (found === 'open') isOpen = true
      else if (found !== undefined) return found
    }
    if (some.length === connectedWith.length) return isOpen ? 'open' : undefined
    before = some.length
    columns = new Set(
      connectedWith.flatMap((each) => ([...each.columns].some((name) => columns.has(name)) ? [...each.columns] : [])),
    )
  }
}

/** The premise of a condition written as an implication: `!(a) || b`, `a ? b : true`. */
export function premiseOf(expr: Expr): Expr | undefined {
  if (expr.node === 'conditional' && expr.args[2].node === 'literal' && expr.args[2].value === true) return expr.args[0]
  if (expr.node !== 'or') return undefined
  const [left] = expr.args
  return left.node === 'call' && left.fn === 'not' ? left.args[0] : undefined
}

/** The clauses that ask something, each once. */
export function clausesOf(asked: readonly Asked[]): readonly EveryClause[] {
  return [...new Set(asked.flatMap(({ clause }) => (clause === undefined ? [] : [clause])))]
}
