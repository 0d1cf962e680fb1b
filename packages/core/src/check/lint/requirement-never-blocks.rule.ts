import { requirementNeverBlocks } from '../../diagnostics/catalog/lint-accountability.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { blocks } from './metrics.ts'

/** A requirement is met by something that stops a release. */
export const requirementNeverBlocksRule: Rule = {
  name: 'requirement-never-blocks',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const [id, { nameSpan }] of spec.requirements) {
      const meeting = [...spec.clauses.values()].filter(({ meets }) => meets.some(({ value }) => value === id))
      if (meeting.length === 0 || meeting.some(blocks)) continue
      const clauses = meeting.map(({ name }) => name)
      report({ ...diagnose(requirementNeverBlocks, nameSpan, { requirement: id, clauses }), subject: id })
    }
  },
}
