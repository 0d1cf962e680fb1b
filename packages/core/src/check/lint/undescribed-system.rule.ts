import { undescribedSystem } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/** A system under a framework says what it is for, what it is not for, and who answers for it. */
export const undescribedSystemRule: Rule = {
  name: 'undescribed-system',
  run: (spec, _names, report) => {
    if (!isUnderFramework(spec)) return
    const { purpose, intendedUse, excludedUse, owners, name } = spec.system
    const missing = [
      ...(purpose === undefined ? ['its purpose'] : []),
      ...(intendedUse.length === 0 ? ['its intended use'] : []),
      ...(excludedUse.length === 0 ? ['uses that are excluded'] : []),
      ...(owners.length === 0 ? ['its owners'] : []),
    ]
    if (missing.length > 0) report({ ...diagnose(undescribedSystem, name.span, { missing }), subject: 'system' })
  },
}
