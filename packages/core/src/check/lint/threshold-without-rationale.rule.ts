import { thresholdWithoutRationale } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, metricClauses } from './asked.ts'

/** A bound on a metric has a reason. */
export const thresholdWithoutRationaleRule: Rule = {
  name: 'threshold-without-rationale',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const clause of metricClauses(spec, found)) {
      const bounded = /[<>]/.test(measured(clause)) && /\d/.test(measured(clause))
      if (!bounded || clause.rationale !== undefined || (clause.severity?.value ?? 'block') !== 'block') continue
      report({ ...diagnose(thresholdWithoutRationale, clause.nameSpan, { clause: clause.name }), subject: clause.name })
    }
  },
}
