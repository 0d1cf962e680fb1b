import { noProductionMetric } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { metricClauses } from './asked.ts'
import { judges } from './metrics.ts'
import { isReleased, watchedClauses } from './production.ts'

/** A model that had to prove itself before its release is judged after it, too. */
export const noProductionMetricRule: Rule = {
  name: 'no-production-metric',
  run: (spec, found, report) => {
    const production = spec.release?.production
    if (!isReleased(spec) || production === undefined) return
    const [before] = metricClauses(spec, found).filter(judges)
    if (before === undefined || watchedClauses(spec).some(judges)) return
    report({ ...diagnose(noProductionMetric, production.span, { clause: before.name }), subject: 'production' })
  },
}
