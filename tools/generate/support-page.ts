import { postgresqlRestrictions } from '../../packages/core/src/targets/sql/postgresql/restrictions.ts'
import { sparkRestrictions } from '../../packages/core/src/targets/sql/spark/restrictions.ts'
import { restrictions } from '../../packages/core/src/targets/restrictions.ts'
import { matchesSupport, rowTargets, supportTable } from '../../packages/core/src/targets/support.ts'
import { code, page, table } from './markdown.ts'

/** `docs/reference/support-matrix.md`: which target can compile which function, and why not where it cannot. */
export function supportPage(): string {
  const targets = Object.keys(rowTargets) as (keyof typeof rowTargets)[]
  const reasons: string[] = []
  const reasonOf = (reason: string): number => {
    if (!reasons.includes(reason)) reasons.push(reason)
    return reasons.indexOf(reason) + 1
  }
  const mark = (answer: true | string): string => (answer === true ? '✓' : `no (${reasonOf(answer)})`)
  const rows = supportTable().map(({ fn, written, targets: answers, smt }) => [
    code(written),
    code(fn),
    ...targets.map((target) => mark(answers[target])),
    smt === true ? '✓' : `open (${reasonOf(smt)})`,
  ])
  const matches = matchesSupport()
  rows.push([code('matches'), 'node', ...targets.map((target) => mark(matches[target])), '✓'])
  return page(
    'Support matrix',
    'packages/core/src/targets/support.ts',
    'Every function of row scope against every target. A clause that a target cannot compile is a finding of `plumb check`, never silence at run time. ✓ = compiled, and compared with the reference evaluator on generated rows (`conformance/differential/`; Spark in `conformance/spark/` on so few that not every function is among them). `smt` is what proofs of the static check are made with: ✓ = exactly this function, open = the solver may choose what is not known of it, so that a proof holds and a row that is found is confirmed by the reference evaluator or not reported.',
    table(['written', 'overload', ...targets, 'smt'], rows),
    reasons.length === 0 ? 'Every target supports every function.' : reasons.map((r, i) => `${i + 1}. ${r}`).join('\n'),
    'Nodes that are no functions (`&&`, `||`, `? :`, `in`, `== null`, `has`, `label`) are compiled by every target.',
    '## What cannot be equal',
    'The list is `packages/core/src/targets/restrictions.ts`, and a test shows each of them.',
    Object.values(restrictions)
      .map((says) => `- ${says}`)
      .join('\n'),
    '## PostgreSQL: what cannot be equal',
    'The restrictions are listed in `packages/core/src/targets/sql/postgresql/restrictions.ts`, and a test against a real server shows each of them.',
    Object.values(postgresqlRestrictions)
      .map((says) => `- ${says}`)
      .join('\n'),
    '## Spark: what cannot be equal',
    'The restrictions are listed in `packages/core/src/targets/sql/spark/restrictions.ts`.',
    Object.values(sparkRestrictions)
      .map((says) => `- ${says}`)
      .join('\n'),
  )
}
