import { requirementUnmet } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from './rule.ts'

/** Every requirement is met by a clause. */
export const requirementUnmetRule: Rule = {
  name: 'requirement-unmet',
  run: (spec, _names, report) => {
    const met = new Set([...spec.clauses.values()].flatMap((c) => c.meets.map((m) => m.value)))
    for (const [id, requirement] of spec.requirements) {
      if (!met.has(id)) report(diagnose(requirementUnmet, requirement.nameSpan, { id }))
    }
  },
}
