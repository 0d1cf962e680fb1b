import type { CaseSet } from './case-set.ts'

/** What became of the cases of one clause. */
export interface ClauseDrift {
  readonly clause: string
  /** `domain`: the clause asks what it asked, but of other columns, rows or models, or the generator has changed. */
  readonly why: 'new clause' | 'clause removed' | 'clause changed' | 'domain'
  /** What it asked and asks, where that has changed. */
  readonly asked?: string
  readonly asks?: string
  readonly added: number
  readonly removed: number
  readonly kept: number
}

/** Clauses whose cases differ between the committed file and what the spec gives now; the order of the new one. */
export function driftOf(before: CaseSet, after: CaseSet): readonly ClauseDrift[] {
  const old = idsByClause(before)
  const now = idsByClause(after)
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((clause): readonly ClauseDrift[] => {
    const earlier = old.get(clause) ?? new Set<string>()
    const later = now.get(clause) ?? new Set<string>()
    const kept = [...later].filter((id) => earlier.has(id)).length
    const drift = { clause, added: later.size - kept, removed: earlier.size - kept, kept }
    if (drift.added + drift.removed === 0) return []
    const [asked, asks] = [before.clauses[clause]?.asks, after.clauses[clause]?.asks]
    if (asked === undefined) return [{ ...drift, why: 'new clause' }]
    if (asks === undefined) return [{ ...drift, why: 'clause removed' }]
    return [asked === asks ? { ...drift, why: 'domain' } : { ...drift, why: 'clause changed', asked, asks }]
  })
}

function idsByClause({ clauses, cases }: CaseSet): ReadonlyMap<string, ReadonlySet<string>> {
  const grouped = new Map<string, Set<string>>(Object.keys(clauses).map((id) => [id, new Set()]))
  for (const { clause, id } of cases) grouped.set(clause, (grouped.get(clause) ?? new Set()).add(id))
  return grouped
}
