import { unknownName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { Located } from '../../source/span.ts'
import type { Rule } from './rule.ts'

/** `meets`, `hazards` and `controls` name things that exist. */
export const unknownReferenceRule: Rule = {
  name: 'unknown-reference',
  run: (spec, _names, report) => {
    const must = (what: string, refs: readonly Located<string>[], names: Iterable<string>): void => {
      const known = [...names]
      for (const ref of refs) {
        if (known.includes(ref.value)) continue
        report(diagnose(unknownName, ref.span, { what, name: ref.value, near: nearestName(ref.value, known), known }))
      }
    }
    for (const clause of spec.clauses.values()) {
      must('requirement', clause.meets, spec.requirements.keys())
      must('hazard', clause.hazards, spec.hazards.keys())
    }
    for (const hazard of spec.hazards.values()) must('clause', hazard.controls, spec.clauses.keys())
  },
}
