import { nobodyAnswers } from '../../diagnostics/catalog/lint-accountability.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { blocks } from './metrics.ts'

/** Of several owners one answers for each clause that blocks; a system's only owner answers for all of them. */
export const nobodyAnswersRule: Rule = {
  name: 'nobody-answers',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec) || spec.system.owners.length < 2) return
    for (const [id, clause] of spec.clauses) {
      const owned = clause.meets.some(({ value }) => spec.requirements.get(value)?.owner !== undefined)
      if (clause.owner !== undefined || owned || !blocks(clause)) continue
      report({ ...diagnose(nobodyAnswers, clause.nameSpan, { clause: id }), subject: id })
    }
  },
}
