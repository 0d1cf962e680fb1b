import { onlyOverall } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, metricClauses, relationsOf } from './asked.ts'

/** A model is judged on a slice somewhere, not only on everybody. */
export const onlyOverallRule: Rule = {
  name: 'only-overall',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const clauses = metricClauses(spec, found)
    for (const [name, model] of spec.models) {
      const own = clauses.filter((clause) => relationsOf(clause, found).some(({ info }) => info.model === name))
      const sliced = own.some((clause) => clause.slices.length > 0 || /_across\(/.test(measured(clause)))
      if (own.length > 0 && !sliced)
        report({ ...diagnose(onlyOverall, model.nameSpan, { model: name }), subject: name })
    }
  },
}
