import { noLeakageCheck } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, metricClauses, relationsOf } from './asked.ts'

/** A dataset on whose splits a model is judged is checked for subjects that are in two of them. */
export const noLeakageCheckRule: Rule = {
  name: 'no-leakage-check',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const judgedOn = new Set(
      metricClauses(spec, found)
        .flatMap((clause) => relationsOf(clause, found))
        .flatMap(({ relation }) =>
          relation.kind === 'model' && relation.split !== undefined ? [relation.dataset] : [],
        ),
    )
    const texts = [...spec.clauses.values()].map(measured)
    for (const name of judgedOn) {
      const dataset = spec.data.get(name)
      const splits = [...(dataset?.splits.keys() ?? [])]
      const checked = texts.some((text) => new RegExp(`overlap\\(\\s*${name}\\.\\w+\\s*,\\s*${name}\\.`).test(text))
      if (dataset === undefined || splits.length < 2 || checked) continue
      report({ ...diagnose(noLeakageCheck, dataset.nameSpan, { dataset: name, splits }), subject: name })
    }
  },
}
