import { accuracyAlone } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { wholeText } from './asked.ts'
import { functionsOf, isQuality, judgedModels } from './metrics.ts'

/** A classifier is not judged by accuracy alone. */
export const accuracyAloneRule: Rule = {
  name: 'accuracy-alone',
  run: (spec, found, report) => {
    for (const { model, clauses } of judgedModels(spec, found)) {
      const metrics = clauses.flatMap((clause) => [...functionsOf(wholeText(clause))]).filter(isQuality)
      if (metrics.some((name) => name !== 'accuracy')) continue
      report({ ...diagnose(accuracyAlone, model.source.nameSpan, { model: model.name }), subject: model.name })
    }
  },
}
