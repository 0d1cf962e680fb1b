import { postgresqlRestrictions } from '../../packages/core/src/targets/sql/postgresql/restrictions.ts'
import { bigqueryRestrictions } from '../../packages/core/src/targets/sql/bigquery/restrictions.ts'
import { clickhouseRestrictions } from '../../packages/core/src/targets/sql/clickhouse/restrictions.ts'
import { snowflakeRestrictions } from '../../packages/core/src/targets/sql/snowflake/restrictions.ts'
import { sparkRestrictions } from '../../packages/core/src/targets/sql/spark/restrictions.ts'
import { trinoRestrictions } from '../../packages/core/src/targets/sql/trino/restrictions.ts'
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
    'Every function of row scope against every target. A clause that a target cannot compile is a finding of `plumb check`, never silence at run time. ✓ = compiled, and compared with the reference evaluator on generated rows (`conformance/differential/`; Spark and Trino in `conformance/spark/` and `conformance/trino/` on so few that not every function is among them; ClickHouse as a library in `conformance/clickhouse/`; Snowflake and BigQuery, which nothing here runs, as another reader of SQL translates them to DuckDB, in `conformance/sql-dialects/`). `smt` is what proofs of the static check are made with: ✓ = exactly this function, open = the solver may choose what is not known of it, so that a proof holds and a row that is found is confirmed by the reference evaluator or not reported.',
    table(['written', 'overload', ...targets, 'smt'], rows),
    reasons.length === 0 ? 'Every target supports every function.' : reasons.map((r, i) => `${i + 1}. ${r}`).join('\n'),
    'Nodes that are no functions (`&&`, `||`, `? :`, `in`, `== null`, `has`, `label`) are compiled by every target.',
    '## What cannot be equal',
    'The list is `packages/core/src/targets/restrictions.ts`, and a test shows each of them.',
    listed(restrictions),
    '## PostgreSQL: what cannot be equal',
    'The restrictions are listed in `packages/core/src/targets/sql/postgresql/restrictions.ts`, and a test against a real server shows each of them.',
    listed(postgresqlRestrictions),
    '## Spark: what cannot be equal',
    'The restrictions are listed in `packages/core/src/targets/sql/spark/restrictions.ts`.',
    listed(sparkRestrictions),
    '## Trino: what cannot be equal',
    listed(trinoRestrictions),
    '## ClickHouse, Snowflake, BigQuery: compiled, not run',
    [clickhouseRestrictions, snowflakeRestrictions, bigqueryRestrictions].map(listed).join('\n'),
  )
}

const listed = (of: Readonly<Record<string, string>>): string =>
  Object.values(of)
    .map((says) => `- ${says}`)
    .join('\n')
