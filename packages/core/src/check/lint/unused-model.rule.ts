import { unusedModel } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, names, relationsOf, wholeText } from './asked.ts'

/** A model that is declared is asked, compared with, or falls in for another. */
export const unusedModelRule: Rule = {
  name: 'unused-model',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const clauses = [...spec.clauses.values()]
    const asked = new Set(
      clauses.flatMap((clause) => relationsOf(clause, found)).flatMap(({ info }) => info.model ?? []),
    )
    const likes = [...spec.models.values()].map(({ like }) => like?.value)
    for (const [name, { nameSpan }] of spec.models) {
      const inRole = name === 'champion' || name === 'challenger' || spec.guard?.fallback?.model?.value === name
      if (inRole || asked.has(name) || likes.includes(name)) continue
      if (clauses.some((clause) => names(wholeText(clause), name))) continue
      report({ ...diagnose(unusedModel, nameSpan, { model: name }), subject: name })
    }
  },
}
