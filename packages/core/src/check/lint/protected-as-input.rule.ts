import { protectedAsInput } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, relationsOf, wholeText } from './asked.ts'
import { judgedModels } from './metrics.ts'

/** Where a model sees a protected column, a clause says what it may make of it. */
export const protectedAsInputRule: Rule = {
  name: 'protected-as-input',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const { model } of judgedModels(spec, found)) {
      const texts = [...spec.clauses.values()]
        .filter(
          (clause) =>
            clause.body.form === 'forall' && relationsOf(clause, found).some(({ info }) => info.model === model.name),
        )
        .map(wholeText)
      for (const column of model.input) {
        if (found.datasets.get(model.from)?.columns.get(column)?.protected !== true) continue
        if (texts.some((text) => new RegExp(`(?:columns\\.|['"])${column}\\b`).test(text))) continue
        report({
          ...diagnose(protectedAsInput, model.source.nameSpan, { model: model.name, column, dataset: model.from }),
          subject: model.name,
        })
      }
    }
  },
}
