import { clauseMeetsNothing } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/** Where there are requirements, each blocking clause meets one, or controls a hazard. */
export const clauseMeetsNothingRule: Rule = {
  name: 'clause-meets-nothing',
  run: (spec, _names, report) => {
    if (!isUnderFramework(spec) || spec.requirements.size === 0) return
    const controls = new Set([...spec.hazards.values()].flatMap((hazard) => hazard.controls.map(({ value }) => value)))
    for (const [id, clause] of spec.clauses) {
      const linked = clause.meets.length > 0 || clause.hazards.length > 0 || controls.has(id)
      if (linked || (clause.severity?.value ?? 'block') !== 'block') continue
      report({ ...diagnose(clauseMeetsNothing, clause.nameSpan, { clause: id }), subject: id })
    }
  },
}
