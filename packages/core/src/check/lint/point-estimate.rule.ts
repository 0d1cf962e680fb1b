import { pointEstimate } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, metricClauses } from './asked.ts'
import { blocks, judges } from './metrics.ts'

/** Below it, more than one clause in twenty that is called satisfied by luck may be. */
const LEAST = 0.9

/** What a metric decides about a release takes its uncertainty into account. */
export const pointEstimateRule: Rule = {
  name: 'point-estimate',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const clause of metricClauses(spec, found).filter(judges)) {
      const { confidence } = clause
      if (confidence === undefined || !blocks(clause)) continue
      if (confidence.value !== 'none' && confidence.value >= LEAST) continue
      const level = confidence.value === 'none' ? undefined : confidence.value
      report({ ...diagnose(pointEstimate, confidence.span, { clause: clause.name, level }), subject: clause.name })
    }
  },
}
