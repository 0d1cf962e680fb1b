import { noLabels } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { judges } from './metrics.ts'
import { watchedClauses } from './production.ts'

/** What judges answers in production can ever be decided. */
export const noLabelsRule: Rule = {
  name: 'no-labels',
  run: (spec, _found, report) => {
    if (spec.monitor?.labels !== undefined) return
    for (const clause of watchedClauses(spec).filter(judges)) {
      const span = clause.of.find(({ value }) => value === 'requests')?.span ?? clause.nameSpan
      report({ ...diagnose(noLabels, span, { clause: clause.name }), subject: clause.name })
    }
  },
}
