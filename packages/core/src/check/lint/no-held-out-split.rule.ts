import { noHeldOutSplit } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, relationsOf } from './asked.ts'
import { judgedModels } from './metrics.ts'

/** The rows a model is judged on are told apart from those it has learned from. */
export const noHeldOutSplitRule: Rule = {
  name: 'no-held-out-split',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const { model, clauses } of judgedModels(spec, found)) {
      const judgedOn = clauses
        .flatMap((clause) => relationsOf(clause, found))
        .flatMap(({ relation }) => (relation.kind === 'model' && relation.model === model.name ? [relation] : []))
      // Another dataset than the one it was fed from may hold other rows as a whole.
      const apart = judgedOn.some(({ dataset, split }) => split !== undefined || dataset !== model.from)
      if (apart || (spec.data.get(model.from)?.splits.size ?? 1) > 0) continue
      report({
        ...diagnose(noHeldOutSplit, model.source.nameSpan, { model: model.name, dataset: model.from }),
        subject: model.name,
      })
    }
  },
}
