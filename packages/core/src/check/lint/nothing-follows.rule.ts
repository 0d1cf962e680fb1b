import { nothingFollows } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, wholeText } from './asked.ts'
import { watchedClauses } from './production.ts'

/** When a clause on production is violated, somebody is told, or something is done. */
export const nothingFollowsRule: Rule = {
  name: 'nothing-follows',
  run: (spec, _found, report) => {
    const { monitor, release, pipeline, clauses } = spec
    if (!isUnderFramework(spec) || monitor === undefined) return
    if (monitor.alerts.some(({ when }) => when === undefined)) return
    const acted = new Set([
      ...monitor.alerts.flatMap(({ when }) => (when ?? []).map(({ value }) => value)),
      ...[release?.staging, release?.production].flatMap((each) => (each?.rollback ?? []).map(({ value }) => value)),
      ...(pipeline?.retrain?.when ?? []).flatMap((each) => (each.kind === 'clause' ? [each.name.value] : [])),
    ])
    const answered = [...clauses.values()].flatMap((each) => (each.body.form === 'whenever' ? [wholeText(each)] : []))
    const silent = watchedClauses(spec)
      .filter(({ severity }) => severity?.value !== 'info')
      .map(({ name }) => name)
      .filter((name) => !acted.has(name) && !answered.some((text) => text.includes(`"${name}"`)))
    if (silent.length > 0)
      report({ ...diagnose(nothingFollows, monitor.span, { clauses: silent }), subject: 'monitor' })
  },
}
