import { canonicalJson, type Evidence, type Verdict } from '@plumbline/core'
import type { Reporter } from './reporters.ts'

const WORST_FIRST: readonly Verdict[] = ['error', 'violated', 'inconclusive', 'satisfied', 'skipped']

/** The verdict of a clause over its instances: the worst; `skipped` only when all are. */
export function worstVerdicts(evidence: readonly Evidence[]): Readonly<Record<string, Verdict>> {
  const clauses = new Map<string, Verdict>()
  for (const { statement } of evidence) {
    const known = clauses.get(statement.clause)
    const worse = known === undefined || WORST_FIRST.indexOf(statement.verdict) < WORST_FIRST.indexOf(known)
    if (worse) clauses.set(statement.clause, statement.verdict)
  }
  return Object.fromEntries(clauses)
}

/** The contract of `test --json`. */
export const jsonReporter: Reporter = {
  render({ program, evidence }) {
    const counts = Object.fromEntries(WORST_FIRST.map((v) => [v, evidence.filter((e) => e.statement.verdict === v).length]))
    const result = {
      schema: 'plumbline/test/1',
      spec: program.spec,
      evidence: evidence.map(({ id, statement, run }) => ({ id, ...statement, run })),
      summary: { clauses: worstVerdicts(evidence), counts },
    }
    // Canonical JSON tags what JSON numbers cannot hold; read back, it prints as everybody expects.
    return `${JSON.stringify(JSON.parse(canonicalJson(result)), null, 2)}\n`
  },
}
