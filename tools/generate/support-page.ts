import { postgresqlRestrictions } from '../../packages/core/src/targets/sql/postgresql/restrictions.ts'
import { matchesSupport, rowTargets, supportTable } from '../../packages/core/src/targets/support.ts'
import { code, page, table } from './markdown.ts'

/** `docs/reference/support-matrix.md`: which target can compile which function, and why not where it cannot. */
export function supportPage(): string {
  const targets = Object.keys(rowTargets) as (keyof typeof rowTargets)[]
  const reasons: string[] = []
  const mark = (answer: true | string): string => {
    if (answer === true) return '✓'
    if (!reasons.includes(answer)) reasons.push(answer)
    return `no (${reasons.indexOf(answer) + 1})`
  }
  const rows = supportTable().map(({ fn, written, targets: answers }) => [
    code(written),
    code(fn),
    ...targets.map((target) => mark(answers[target])),
  ])
  const matches = matchesSupport()
  rows.push([code('matches'), 'node', ...targets.map((target) => mark(matches[target]))])
  return page(
    'Support matrix',
    'packages/core/src/targets/support.ts',
    'Every function of row scope against every target. A clause that a target cannot compile is a finding of `plumb check`, never silence at run time. ✓ = compiled, and compared with the reference evaluator on generated rows (`conformance/differential/`).',
    table(['written', 'overload', ...targets], rows),
    reasons.length === 0 ? 'Every target supports every function.' : reasons.map((r, i) => `${i + 1}. ${r}`).join('\n'),
    'Nodes that are no functions (`&&`, `||`, `? :`, `in`, `== null`, `has`, `label`) are compiled by every target.',
    '## PostgreSQL: what cannot be equal',
    'The restrictions are listed in `packages/core/src/targets/sql/postgresql/restrictions.ts`, and a test against a real server shows each of them.',
    Object.values(postgresqlRestrictions)
      .map((says) => `- ${says}`)
      .join('\n'),
  )
}
