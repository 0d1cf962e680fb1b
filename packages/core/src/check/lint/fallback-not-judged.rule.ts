import { fallbackNotJudged } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, names, relationsOf, wholeText } from './asked.ts'

/** The model that answers in the champion's place is asked something, too. */
export const fallbackNotJudgedRule: Rule = {
  name: 'fallback-not-judged',
  run: (spec, found, report) => {
    const model = spec.guard?.fallback?.model
    if (!isUnderFramework(spec) || model === undefined || model.value === 'champion') return
    const asked = [...spec.clauses.values()].some(
      (clause) =>
        names(wholeText(clause), model.value) ||
        relationsOf(clause, found).some(({ info }) => info.model === model.value),
    )
    if (!asked) report({ ...diagnose(fallbackNotJudged, model.span, { model: model.value }), subject: model.value })
  },
}
