import { hazardWithoutSeverity } from '../../diagnostics/catalog/lint-accountability.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/** How bad a hazard is was estimated. */
export const hazardWithoutSeverityRule: Rule = {
  name: 'hazard-without-severity',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const [id, { severity, nameSpan }] of spec.hazards)
      if (severity === undefined) report({ ...diagnose(hazardWithoutSeverity, nameSpan, { hazard: id }), subject: id })
  },
}
