import type { AgainstBound, Clause, Statement } from '@plumbline/core'

/** The satisfied share of an `every` clause against `mostly`; `undefined` where every row is asked, which needs no axis. */
export function shareAgainstBound(clause: Clause | undefined, statement: Statement): AgainstBound | undefined {
  if (clause?.form !== 'every' || clause.mostly === '1') return undefined
  if (statement.verdict !== 'satisfied' && statement.verdict !== 'violated') return undefined
  if (typeof statement.measured !== 'number') return undefined
  return {
    expression: `share >= ${clause.mostly}`,
    value: statement.measured,
    bound: Number(clause.mostly),
    allowed: 'above',
    isStrict: false,
    unit: 'share',
    verdict: statement.verdict,
  }
}
