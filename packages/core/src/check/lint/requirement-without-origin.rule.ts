import { requirementWithoutOrigin } from '../../diagnostics/catalog/lint-accountability.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/** Somebody asked for a requirement, or something that is written down. */
export const requirementWithoutOriginRule: Rule = {
  name: 'requirement-without-origin',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const [id, { source, owner, nameSpan }] of spec.requirements)
      if (source === undefined && owner === undefined)
        report({ ...diagnose(requirementWithoutOrigin, nameSpan, { requirement: id }), subject: id })
  },
}
