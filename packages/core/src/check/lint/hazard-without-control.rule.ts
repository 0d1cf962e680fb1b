import { hazardWithoutControl } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'

/** Every hazard has a clause that controls it. */
export const hazardWithoutControlRule: Rule = {
  name: 'hazard-without-control',
  run: (spec, _names, report) => {
    const named = new Set([...spec.clauses.values()].flatMap(({ hazards }) => hazards.map(({ value }) => value)))
    for (const [id, hazard] of spec.hazards) {
      if (hazard.controls.length > 0 || named.has(id)) continue
      report({ ...diagnose(hazardWithoutControl, hazard.nameSpan, { hazard: id }), subject: id })
    }
  },
}
