import { noBaseline } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, metricClauses, names, relationsOf } from './asked.ts'

/** A model whose metrics are bounded is compared with another one somewhere. */
export const noBaselineRule: Rule = {
  name: 'no-baseline',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const clauses = metricClauses(spec, found)
    const models = [...found.models.keys()]
    const compares = clauses.some((clause) =>
      models.some(
        (model) => new RegExp(`\\(\\s*${model}\\s*\\)`).test(measured(clause)) || names(measured(clause), model),
      ),
    )
    if (clauses.length === 0 || compares) return
    const asked = clauses.flatMap((clause) => relationsOf(clause, found)).flatMap(({ info }) => info.model ?? [])
    for (const [name, model] of spec.models) {
      if (!asked.includes(name)) continue
      report({ ...diagnose(noBaseline, model.nameSpan, { model: name }), subject: name })
    }
  },
}
